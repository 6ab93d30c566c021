/** What a call carries to be accepted. */
export interface Authorization {
  headers: Record<string, string>;
  /** The secret in those headers, to name it when it is refused. */
  token: string;
}

/** Supplies and renews the proof of identity. One is shared by all calls of a client. */
export interface Authenticator {
  authorize(signal?: AbortSignal): Promise<Authorization>;
  /** After a 401 for `token`: true when another try with a new {@link Authorization} makes sense. */
  rejected(token: string, signal?: AbortSignal): Promise<boolean>;
}

/** A token the platform or the caller manages, or a function asked for it before every call. */
export interface TokenAuth {
  type: "token";
  token: string | (() => string | Promise<string>);
}

/** User name and password on every call. */
export interface BasicAuth {
  type: "basic";
  username: string;
  password: string;
}

/** A REST API key (`x-sn-apikey`). */
export interface ApiKeyAuth {
  type: "apiKey";
  key: string | (() => string | Promise<string>);
}
