import type { TokenAuth } from "./oauth";
import { tokenAuthenticator } from "./oauth/simple-authenticators";
import { ServiceNow, type ClientOptions } from "./client";
import { usageError } from "./errors";
import type { Transport } from "./http/transport";

/** How a client with a token of somebody else's reaches an instance. */
export interface TokenClientOptions extends ClientOptions {
  /** The token, or what gives it. */
  auth: TokenAuth;
  /** How requests are sent. */
  transport: Transport;
}

/**
 * A client whose token a platform keeps, and which sends through the platform. It is `createClient` without everything that gets and renews
 * tokens, for bundles that should stay small.
 *
 * @throws ServiceNowError of kind `usage`, before any request
 */
export function createTokenClient(options: TokenClientOptions): ServiceNow {
  return new ServiceNow(options, {
    signIn(auth) {
      if (auth.type === "token") return tokenAuthenticator(auth);
      throw usageError("This client signs in with a token that is handed in", "Use createClient");
    },
    transport: () => options.transport,
  });
}
