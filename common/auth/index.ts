import { usageError } from "../errors";
import { apiKeyAuthenticator, basicAuthenticator, tokenAuthenticator } from "./simple";
import type { ApiKeyAuth, Authenticator, BasicAuth, TokenAuth } from "./types";

export type { ApiKeyAuth, Authenticator, Authorization, BasicAuth, TokenAuth } from "./types";

/** How a client proves who it is. The type of the object decides which values it may hold. */
export type Auth = TokenAuth | BasicAuth | ApiKeyAuth;

/** Makes the authenticator for an {@link Auth}. @throws ServiceNowError `usage` when a value is missing */
export function createAuthenticator(auth: Auth): Authenticator {
  switch (auth?.type) {
    case "token":
      return tokenAuthenticator(auth);
    case "basic":
      return basicAuthenticator(auth);
    case "apiKey":
      return apiKeyAuthenticator(auth);
    default:
      throw usageError("The kind of sign-in is missing or unknown", "Set auth.type");
  }
}
