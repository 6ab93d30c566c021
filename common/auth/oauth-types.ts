import type { ServiceNowError } from "../errors";
import type { TokenStore } from "./store";
import type { Token } from "./token";

/** What every grant has in common. */
export interface OAuthBase {
  type: "oauth";
  clientId: string;
  /** Empty for a public client (PKCE). */
  clientSecret?: string;
  /** Joined by spaces. ServiceNow's own scope is `useraccount`. */
  scope?: string | readonly string[];
  /** How the client's id and secret are sent: in the form, or in a Basic header. @default body */
  clientAuthentication?: "body" | "basic";
  /** More form fields for the token endpoint. */
  extra?: Record<string, string>;
  /** A token kept from before: our own shape, or the token endpoint's with `expires_at`. */
  token?: unknown;
  /** Where the token is kept between processes. */
  store?: TokenStore;
  /** Key in the store. @default a hash of instance, client id, user and scope */
  storeKey?: string;
  /** Told of every new token, awaited. Its failure goes to `onProblem` and is not fatal. */
  onTokenUpdate?: (token: Token) => void | Promise<void>;
  /** Told what went wrong without stopping the call: a store that fails, a callback that throws. */
  onProblem?: (problem: { during: string; error: unknown }) => void;
  /** Seconds before its end in which a token is renewed; at most a quarter of its life. @default 60 */
  marginSeconds?: number;
  /** Milliseconds for one request to the token endpoint. @default 15000 */
  tokenTimeoutMs?: number;
}

/** User name and password, once for many calls. */
export interface PasswordGrant {
  grant: "password";
  username: string;
  password: string;
}

/** The application's own account (`OAuth Application User`); off by default on instances. */
export interface ClientCredentialsGrant {
  grant: "client_credentials";
  clientSecret: string;
}

/** A refresh token from an earlier sign-in. */
export interface RefreshGrant {
  grant: "refresh_token";
  refreshToken: string;
}

/** A signed assertion; see `jwtAssertion`. */
export interface JwtBearerGrant {
  grant: "jwt_bearer";
  assertion: () => string | Promise<string>;
}

/** The code of a browser sign-in; see `authorizationRequest`. Good for one exchange, so keep the token. */
export interface AuthorizationCodeGrant {
  grant: "authorization_code";
  code: string;
  redirectUri: string;
  codeVerifier?: string;
}

/** A function of the caller's makes tokens; it gets the last one and a way to refresh it. */
export interface ProviderGrant {
  grant: "provider";
  provider: (
    last: Token | null,
    tools: { refresh: (refreshToken: string) => Promise<Token> },
  ) => Promise<Token>;
}

export type Grant =
  | PasswordGrant
  | ClientCredentialsGrant
  | RefreshGrant
  | JwtBearerGrant
  | AuthorizationCodeGrant
  | ProviderGrant;

/** OAuth by any of ServiceNow's grants. */
export type OAuth = OAuthBase & Grant;

export type Problem = { during: string; error: ServiceNowError | unknown };
