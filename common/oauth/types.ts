/** A token the platform or the caller manages, or a function asked for it before every call. */
export interface TokenAuth {
  /** A token as it is. */
  type: "token";
  /** A function is asked before every call, and once more after a 401. */
  token: string | (() => string | Promise<string>);
  /** Milliseconds since 1970 when a token that is a text ends; a call after that is refused before it is sent. */
  expiresAt?: number;
}

/** No sign-in of ours: the transport brings its own, such as a session or a proxy that signs in. */
export interface NoAuth {
  /** Nothing is added to a call. */
  type: "none";
}

/** User name and password on every call. */
export interface BasicAuth {
  /** Basic authentication. */
  type: "basic";
  /** User name (`user_name`), without a colon. */
  username: string;
  /** Any characters; sent as UTF-8. Never tried again after a 401. */
  password: string;
}

/** A REST API key (`x-sn-apikey`). */
export interface ApiKeyAuth {
  /** A REST API key. */
  type: "apiKey";
  /** A function is asked before every call, and once more after a 401. */
  key: string | (() => string | Promise<string>);
}
