import type { ApiKeyAuth, BasicAuth, TokenAuth } from "./oauth";
import { apiKeyAuthenticator, basicAuthenticator, tokenAuthenticator } from "./oauth/simple-authenticators";
import { ServiceNow, type ClientOptions } from "./client";
import { usageError } from "./errors";
import type { Transport } from "./http/transport";

/** How a client with a token of somebody else's reaches an instance. */
export interface TokenClientOptions extends ClientOptions {
  /** The token, or what gives it; or credentials that go along with each request. */
  auth: TokenAuth | ApiKeyAuth | BasicAuth;
  /** How requests are sent. */
  transport: Transport;
}

/**
 * A client whose token or key a platform keeps, and which sends through the platform. It is `createClient` without everything that gets and renews
 * tokens, for bundles that should stay small.
 *
 * @throws ServiceNowError of kind `usage`, before any request
 */
export function createTokenClient(options: TokenClientOptions): ServiceNow {
  return new ServiceNow(options, {
    signIn(auth) {
      if (auth.type === "token") return tokenAuthenticator(auth);
      if (auth.type === "apiKey") return apiKeyAuthenticator(auth);
      if (auth.type === "basic") return basicAuthenticator(auth);
      throw usageError(
        "This client signs in with a token, a key or a password that is handed in",
        "Use createClient",
      );
    },
    transport: () => options.transport,
  });
}
