/** What a call carries to be accepted. */
export interface Authorization {
  /** Headers to be added to the call. */
  headers: Record<string, string>;
  /** The secret in those headers, to name it when it is refused. */
  token: string;
}

/** Supplies and renews the proof of identity. One is shared by all calls of a client. */
export interface Authenticator {
  /** The proof for one call. @throws SignInError when there is none */
  authorize(signal?: AbortSignal): Promise<Authorization>;
  /** After a 401 for `token`: true when another try with a new {@link Authorization} makes sense. */
  rejected(token: string, signal?: AbortSignal): Promise<boolean>;
  /** The token that is held, for a caller who keeps it; absent where somebody else manages it. */
  readonly held?: unknown;
  /** What is known of the held token's life; null before there is one, absent where it is managed elsewhere. */
  life?(): TokenLife | null;
}

/** A token's life without the token. */
export interface TokenLife {
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** Seconds it had when it was received. */
  lifetime: number;
  /** It can be renewed without anybody signing in. */
  refreshable: boolean;
}
