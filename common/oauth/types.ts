/** A token the platform or the caller manages, or a function asked for it before every call. */
export interface TokenAuth {
  /** A token as it is. */
  type: "token";
  /** A function is asked before every call, and once more after a 401. */
  token: string | (() => string | Promise<string>);
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
