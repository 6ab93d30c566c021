import type { TokenStore } from "./store";
import type { RawToken, Token } from "./token";

/** What every grant has in common. */
export interface OAuthBase {
  /** OAuth by one of the grants. */
  type: "oauth";
  /** Client id of the application registry record. */
  clientId: string;
  /** Empty for a public client (PKCE). */
  clientSecret?: string;
  /** Joined by spaces. ServiceNow's own scope is `useraccount`. */
  scope?: string | readonly string[];
  /** How the client's id and secret are sent: in the form, or in a Basic header. @default body */
  clientAuthentication?: "body" | "basic";
  /** More form fields for the token endpoint. */
  extra?: Record<string, string>;
  /** A token kept from before: as this library gave it, or the token endpoint's answer with `expires_at` added. */
  token?: Token | RawToken | null;
  /** Where the token is kept between processes. */
  store?: TokenStore;
  /**
   * Key in the store. Needed with a store by the grants whose user is not known here (`jwt_bearer`, `provider`). Instance,
   * application and the password or client secret count beside it.
   * @default a hash of instance, client id, scope, and the user name, refresh token or code
   */
  storeKey?: string;
  /** Told of every new token, awaited. Its failure goes to `onProblem` and is not fatal. */
  onTokenUpdate?: (token: Token) => void | Promise<void>;
  /** Told what went wrong without stopping the call: a store that fails, a callback that throws. */
  onProblem?: (problem: { during: string; error: unknown }) => void;
  /** Seconds before its end in which a token is renewed; at most a quarter of its life. @default 60 */
  marginSeconds?: number;
  /** Milliseconds for a token, repetitions included. @default 15000 */
  tokenTimeoutMs?: number;
}

/** User name and password, once for many calls. */
interface PasswordGrant {
  /** Resource owner password credentials; the account must be able to sign in interactively. */
  grant: "password";
  /** User name (`user_name`). */
  username: string;
  /** Sent once for each new grant, in the form; never repeated by itself after a refusal. */
  password: string;
}

/** The application's own account (`OAuth Application User`); off by default on instances. */
interface ClientCredentialsGrant {
  /** Client credentials; the user is the one named in the application registry record. */
  grant: "client_credentials";
  /** This grant has no public clients. */
  clientSecret: string;
}

/** A refresh token from an earlier sign-in: given as it is, or in the `token` that was kept. */
type RefreshGrant = {
  /** Nothing but renewal: when the refresh token ends, somebody must sign in again. */
  grant: "refresh_token";
} & (
  | {
      /** Lives 100 days unless the application says otherwise. */
      refreshToken: string;
    }
  | {
      /** Taken from `token`. */
      refreshToken?: undefined;
      /** A kept token with its refresh token. */
      token: Token | RawToken;
    }
);

/** A signed assertion; see `jwtAssertion`. */
interface JwtBearerGrant {
  /** An assertion signed with a key the instance knows. */
  grant: "jwt_bearer";
  /** Asked for each new token; an assertion is good once, so it has to be a fresh one. */
  assertion: () => string | Promise<string>;
}

/** The code of a browser sign-in; see `authorizationRequest`. Good for one exchange, so keep the token. */
interface AuthorizationCodeGrant {
  /** The code a browser was sent back with. */
  grant: "authorization_code";
  /** Good once and for a minute or so. */
  code: string;
  /** The very address the browser was sent back to. */
  redirectUri: string;
  /** The PKCE verifier the sign-in was begun with. */
  codeVerifier?: string;
}

/** A function of the caller's makes tokens; it gets the last one and a way to refresh it. */
interface ProviderGrant {
  /** Tokens of your own making. */
  grant: "provider";
  /** Gives a token when the held one is missing, due or refused. @param last the last token, or null */
  provider: (
    last: Token | null,
    tools: { refresh: (refreshToken: string) => Promise<Token> },
  ) => Promise<Token>;
}

/** The ways to a token; `grant` says which, and decides what else must be given. */
export type Grant =
  | PasswordGrant
  | ClientCredentialsGrant
  | RefreshGrant
  | JwtBearerGrant
  | AuthorizationCodeGrant
  | ProviderGrant;

/** OAuth by any of ServiceNow's grants. */
export type OAuth = OAuthBase & Grant;
