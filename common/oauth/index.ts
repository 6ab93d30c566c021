import { usageError } from "../errors";
import { TokenHolder } from "./token-holder";
import type { OAuth } from "./oauth-types";
import {
  apiKeyAuthenticator,
  basicAuthenticator,
  noAuthenticator,
  tokenAuthenticator,
} from "./simple-authenticators";
import type { TokenEndpoint } from "./token-endpoint";
import type { ApiKeyAuth, BasicAuth, NoAuth, TokenAuth } from "./types";
import type { Authenticator } from "../http/authenticator";

export type { ApiKeyAuth, BasicAuth, TokenAuth } from "./types";
export type { Authenticator } from "../http/authenticator";

/** How a client proves who it is. The kind, and for OAuth the grant, decide which values it may hold. */
export type Auth = TokenAuth | BasicAuth | ApiKeyAuth | NoAuth | OAuth;

/** Makes the authenticator for an {@link Auth}. @throws ServiceNowError `usage` when a value is missing */
export function createAuthenticator(auth: Auth, endpoint: TokenEndpoint): Authenticator {
  switch (auth?.type) {
    case "token":
      return tokenAuthenticator(auth, endpoint.now);
    case "basic":
      return basicAuthenticator(auth);
    case "apiKey":
      return apiKeyAuthenticator(auth);
    case "none":
      return noAuthenticator();
    case "oauth":
      return new TokenHolder(auth, endpoint);
    default:
      throw usageError(
        "The kind of sign-in is missing or unknown",
        'Set auth.type to "token", "oauth", "basic", "apiKey" or "none"',
      );
  }
}
