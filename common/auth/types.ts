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
  /** What is known of the held token's life; null before there is one, absent where it is managed elsewhere. */
  life?(): TokenLife | null;
}

/** A token's life without the token. */
export interface TokenLife {
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** Seconds it had when it was received. */
  lifetime: number;
  refreshable: boolean;
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
