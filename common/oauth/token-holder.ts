import { isSignInError, SignInError, usageError } from "../errors";
import { sha256, slowDigest } from "./digest";
import type { OAuth } from "./oauth-types";
import { memoryStore, type TokenStore } from "./store";
import { requestToken, type TokenEndpoint } from "./token-endpoint";
import { givenToken, marginOf, readToken, tokenState, type Token, type TokenState } from "./token";
import type { Authenticator, Authorization, TokenLife } from "../http/authenticator";

/**
 * Holds the one token of a client and renews it. Calls that need a new token at the same time share one renewal; a renewal
 * after a 401 names the token that failed, so a late 401 for an old token renews nothing; a failed renewal is forgotten and
 * the next call tries again. Nothing runs in the background.
 */
export class TokenHolder implements Authenticator {
  readonly #auth: OAuth;
  readonly #endpoint: TokenEndpoint;
  readonly #store: TokenStore;
  #token: Token | null;
  /** Moment of the token's end on a clock that nobody sets. */
  #monotonicEnd = Infinity;
  #renewal: Promise<Token> | null = null;
  #refused: SignInError | null = null;
  #codeSpent = false;
  #key: Promise<string> | null = null;

  constructor(auth: OAuth, endpoint: TokenEndpoint) {
    checkAuth(auth);
    this.#auth = auth;
    this.#endpoint = endpoint;
    this.#store = auth.store ?? memoryStore();
    this.#token = givenToken(auth.token);
  }

  /** Where the held token stands. */
  get state(): TokenState {
    if (this.#token && performance.now() >= this.#monotonicEnd) return "expired";
    return tokenState(this.#token, this.#endpoint.now(), this.#auth.marginSeconds);
  }

  /** A copy of the held token, for a caller that keeps it. */
  get held(): Token | null {
    return this.#token && { ...this.#token };
  }

  /** End, life and renewability of the held token; null before there is one. */
  life(): TokenLife | null {
    if (!this.#token) return null;
    const { expiresAt, lifetime, refreshToken } = this.#token;
    return { expiresAt, lifetime, refreshable: refreshToken !== undefined || this.#canGrant() };
  }

  /**
   * The header for a call, with a token that is good for a while: the held one, a kept one, a renewed one or a new one.
   * @throws SignInError when none can be had; ServiceNowError when the token endpoint cannot be reached
   */
  async authorize(): Promise<Authorization> {
    const token =
      this.state === "valid" && this.#token ? this.#token : await this.#renew(this.#token?.accessToken);
    return { headers: { authorization: `Bearer ${token.accessToken}` }, token: token.accessToken };
  }

  /**
   * After a 401: renews, unless the held token is another one already.
   * @param failed the token that was refused
   * @returns true when there is another token to try
   */
  async rejected(failed: string): Promise<boolean> {
    // Somebody else has renewed meanwhile: use that.
    if (this.#token && this.#token.accessToken !== failed && this.state === "valid") return true;
    return (await this.#renew(failed)).accessToken !== failed;
  }

  /** A new token, whatever the held and the kept one look like: they may be revoked. */
  async renew(): Promise<Token> {
    const key = await this.#storeKey();
    const held = this.#token ?? (await this.#load(key));
    this.#token = held;
    return this.#renew(held?.accessToken);
  }

  /** `failed` is a token not to be used again, whatever a store says of it: refused, or at its end by the clock nobody sets. */
  #renew(failed: string | undefined): Promise<Token> {
    this.#renewal ??= this.#obtain(failed).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #obtain(failed: string | undefined): Promise<Token> {
    const key = await this.#storeKey();
    let answered: { token: Token } | { error: unknown } | undefined;
    const task = async (): Promise<void> => {
      try {
        answered = { token: await this.#fetch(key, failed) };
      } catch (error) {
        answered = { error };
      }
    };
    try {
      if (this.#store.withLock) await this.#store.withLock(key, task);
      else await task();
    } catch (error) {
      this.#report("lock the token store", error);
    }
    if (!answered) await task();
    const outcome = answered;
    if (outcome && "token" in outcome) return outcome.token;
    throw outcome?.error;
  }

  /** Without a store of the caller's nobody else sees the key. */
  #storeKey(): Promise<string> {
    return (this.#key ??= this.#auth.store
      ? keyOf(this.#auth, this.#endpoint.origin)
      : Promise.resolve("own"));
  }

  async #fetch(key: string, failed: string | undefined): Promise<Token> {
    const kept = await this.#load(key);
    const { now } = this.#endpoint;
    if (
      kept &&
      kept.accessToken !== failed &&
      tokenState(kept, now(), this.#auth.marginSeconds) === "valid"
    ) {
      return this.#take(kept);
    }
    const token = await this.#ask(
      kept?.refreshToken ?? this.#token?.refreshToken ?? ownRefreshToken(this.#auth),
    );
    this.#take(token);
    await this.#try("write the token store", () => this.#store.set(key, token));
    await this.#try("onTokenUpdate", async () => this.#auth.onTokenUpdate?.({ ...token }));
    return token;
  }

  async #ask(refreshToken: string | undefined): Promise<Token> {
    const auth = this.#auth;
    const refresh = (value: string): Promise<Token> =>
      requestToken(this.#endpoint, auth, { grant_type: "refresh_token", refresh_token: value });
    if (auth.grant === "provider") return auth.provider(this.#token && { ...this.#token }, { refresh });
    if (refreshToken) {
      try {
        return await refresh(refreshToken);
      } catch (error) {
        if (!isSignInError(error) || !this.#canGrant())
          throw isSignInError(error) ? signInAgain(error) : error;
      }
    }
    if (!this.#canGrant()) throw signInAgain();
    return this.#grant();
  }

  #canGrant(): boolean {
    const { grant } = this.#auth;
    return (
      grant !== "refresh_token" &&
      grant !== "provider" &&
      !(grant === "authorization_code" && this.#codeSpent)
    );
  }

  async #grant(): Promise<Token> {
    const auth = this.#auth;
    switch (auth.grant) {
      case "password": {
        if (this.#refused) throw this.#refused;
        const { username, password } = auth;
        try {
          return await requestToken(this.#endpoint, auth, { grant_type: "password", username, password });
        } catch (error) {
          // The same password again would only bring the account nearer to its lock.
          if (isSignInError(error) && error.error !== "no_token") this.#refused = error;
          throw error;
        }
      }
      case "client_credentials":
        return requestToken(this.#endpoint, auth, { grant_type: "client_credentials" });
      case "jwt_bearer":
        return requestToken(this.#endpoint, auth, {
          grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
          assertion: await auth.assertion(),
        });
      case "authorization_code":
        this.#codeSpent = true;
        return requestToken(this.#endpoint, auth, {
          grant_type: "authorization_code",
          code: auth.code,
          redirect_uri: auth.redirectUri,
          code_verifier: auth.codeVerifier,
        });
      default:
        throw signInAgain();
    }
  }

  #take(token: Token): Token {
    // A refresh token that the store was told not to keep is kept here.
    const refreshToken = token.refreshToken ?? this.#token?.refreshToken;
    this.#token = refreshToken ? { ...token, refreshToken } : token;
    const left = token.expiresAt - this.#endpoint.now();
    this.#monotonicEnd = performance.now() + left - marginOf(token, this.#auth.marginSeconds);
    return token;
  }

  async #load(key: string): Promise<Token | null> {
    try {
      return readToken(await this.#store.get(key));
    } catch (error) {
      this.#report("read the token store", error);
      return null;
    }
  }

  async #try(during: string, task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#report(during, error);
    }
  }

  #report(during: string, error: unknown): void {
    if (!this.#auth.onProblem) {
      const name = error instanceof Error ? error.name : typeof error;
      console.warn(
        `servicenow-components: ${during} failed (${name}); the call goes on. Set auth.onProblem to see the error.`,
      );
      return;
    }
    try {
      this.#auth.onProblem({ during, error });
    } catch {
      // A reporter that fails has nobody left to tell.
    }
  }
}

/**
 * Key of a connection in a store: no two instances, applications or users share one. The password and the client secret are in it
 * as a slow digest, so that a kept token is for those alone who could have had it anew.
 */
export async function keyOf(auth: OAuth, origin: string): Promise<string> {
  const scope = typeof auth.scope === "string" ? auth.scope : (auth.scope ?? []).join(" ");
  const who = auth.storeKey ? ["storeKey", auth.storeKey] : [userOf(auth), scope];
  const identity = [origin, auth.clientId, ...who];
  const proof = proofOf(auth);
  return sha256(
    JSON.stringify(proof ? [...identity, await slowDigest(proof, JSON.stringify(identity))] : identity),
  );
}

/** The secrets that a grant which can ask for a token at any time must show. */
function proofOf(auth: OAuth): string | undefined {
  switch (auth.grant) {
    case "password":
      return JSON.stringify([auth.password, auth.clientSecret]);
    case "client_credentials":
    case "jwt_bearer":
      return JSON.stringify([auth.clientSecret]);
    default:
      return undefined;
  }
}

/** What tells one user's tokens from another's; long random secrets among it, which no hash gives away. */
function userOf(auth: OAuth): string {
  if (auth.grant === "password") return auth.username;
  if (auth.grant === "refresh_token") return `${auth.grant} ${ownRefreshToken(auth) ?? ""}`;
  if (auth.grant === "authorization_code") return `${auth.grant} ${auth.code}`;
  return auth.grant;
}

function ownRefreshToken(auth: OAuth): string | undefined {
  if (auth.grant !== "refresh_token") return undefined;
  return auth.refreshToken ?? givenToken(auth.token)?.refreshToken;
}

function signInAgain(cause?: SignInError): SignInError {
  return new SignInError({
    what: "The connection has ended and cannot be renewed",
    reason: cause
      ? "The refresh token was refused: it lives 100 days, and ends when the user, the password or the application changes"
      : "There is no refresh token and nothing to ask a new token with",
    remedy: "Sign in again",
    status: cause?.status,
    error: cause?.error ?? "no_token",
    description: cause?.description,
  });
}

function checkAuth(auth: OAuth): void {
  const need = (name: string, value: unknown): void => {
    if (typeof value !== "string" || !value.trim())
      throw usageError(`auth.${name} is missing for this grant`);
  };
  need("clientId", auth.clientId);
  if ((auth.grant === "jwt_bearer" || auth.grant === "provider") && auth.store && !auth.storeKey) {
    throw usageError(
      `A store with the grant ${auth.grant} needs auth.storeKey`,
      "Nothing else says whose token it is: give each user's connection a key of its own",
    );
  }
  switch (auth.grant) {
    case "password":
      need("username", auth.username);
      return need("password", auth.password);
    case "client_credentials":
      return need("clientSecret", auth.clientSecret);
    case "refresh_token":
      return need("refreshToken", ownRefreshToken(auth));
    case "authorization_code":
      need("code", auth.code);
      return need("redirectUri", auth.redirectUri);
    case "jwt_bearer":
      if (typeof auth.assertion !== "function")
        throw usageError("auth.assertion must be a function that gives the signed JWT");
      return;
    case "provider":
      if (typeof auth.provider !== "function")
        throw usageError("auth.provider must be a function that gives a token");
      return;
    default:
      throw usageError("auth.grant is missing or unknown");
  }
}
