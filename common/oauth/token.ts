import { SignInError, usageError } from "../errors";

/** An access token with what is known of it. Plain JSON, so that a store can keep it. */
export interface Token {
  /** The secret that goes into the header. */
  accessToken: string;
  /** Milliseconds since 1970 when it ends, by the clock of the machine that received it. */
  expiresAt: number;
  /** Seconds it had when it was received. */
  lifetime: number;
  /** `Bearer` */
  tokenType: string;
  /** What the token is good for; ServiceNow says `useraccount`. */
  scope?: string;
  /** The secret that renews it; a store keeps it only when told to. */
  refreshToken?: string;
  /** OpenID Connect token, where the application gives one. */
  idToken?: string;
}

/** The token endpoint's answer, with the absolute end that it does not hold. */
export interface RawToken {
  /** The secret that goes into the header. */
  access_token: string;
  /** Seconds or milliseconds since 1970 when it ends. */
  expires_at: number | string;
  /** The secret that renews it. */
  refresh_token?: string;
  /** Seconds it had when it was received. */
  expires_in?: number | string;
  /** `Bearer` */
  token_type?: string;
  /** What the token is good for. */
  scope?: string;
}

/** `valid`; `due` inside the margin before its end; `expired`; or there is `none`. */
export type TokenState = "none" | "valid" | "due" | "expired";

/** Seconds before the end in which a token is renewed rather than used. */
const MARGIN_SECONDS = 60;

/** The margin in milliseconds: never more than a quarter of the life, so that short lives do not renew on every call. */
export function marginOf(token: Pick<Token, "lifetime">, marginSeconds: number = MARGIN_SECONDS): number {
  return Math.min(marginSeconds, token.lifetime / 4) * 1000;
}

/** Where a token stands at `now` (milliseconds since 1970). */
export function tokenState(
  token: Pick<Token, "expiresAt" | "lifetime"> | null | undefined,
  now: number,
  marginSeconds?: number,
): TokenState {
  if (!token) return "none";
  const left = token.expiresAt - now;
  if (left <= 0) return "expired";
  return left > marginOf(token, marginSeconds) ? "valid" : "due";
}

/** What may stand in a header. */
const SENDABLE = /^[\x21-\x7e]+$/;

/** A count of seconds, given as a number or as text; undefined for everything else. */
function secondsOf(value: unknown): number | undefined {
  const given = typeof value === "string" ? value.trim() : value;
  if (typeof given !== "number" && (typeof given !== "string" || given === "")) return undefined;
  const seconds = Number(given);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/**
 * Reads the token endpoint's answer. ServiceNow's refresh answer may hold an access token only: the old refresh token stays
 * good then. A missing life is taken for 1,800 s, ServiceNow's default.
 */
export function tokenFromAnswer(body: Record<string, unknown>, now: number, refreshToken?: string): Token {
  const text = (name: string): string | undefined => {
    const value = body[name];
    return typeof value === "string" && value ? value : undefined;
  };
  const accessToken = text("access_token");
  if (!accessToken) {
    throw new SignInError({
      what: "The token endpoint's answer holds no access token",
      remedy: "Check the instance address and the OAuth application",
      error: "no_token",
    });
  }
  if (!SENDABLE.test(accessToken)) {
    throw new SignInError({
      what: "The token endpoint's answer holds an access token that cannot be sent",
      remedy: "Check the instance address: something else than ServiceNow may have answered",
      error: "no_token",
    });
  }
  const lifetime = secondsOf(body["expires_in"]) ?? 1800;
  const token: Token = {
    accessToken,
    lifetime,
    expiresAt: now + lifetime * 1000,
    tokenType: text("token_type") ?? "Bearer",
  };
  const refresh = text("refresh_token") ?? refreshToken;
  if (refresh) token.refreshToken = refresh;
  const scope = text("scope");
  if (scope) token.scope = scope;
  const idToken = text("id_token");
  if (idToken) token.idToken = idToken;
  return token;
}

/**
 * Reads a token from a store of the caller's: our own shape, or the token endpoint's with an absolute `expires_at` (seconds
 * or milliseconds). Unknown keys are dropped. Null for anything else: an unreadable cache is no error.
 */
export function readToken(value: unknown): Token | null {
  if (typeof value !== "object" || value === null) return null;
  const own = value as Partial<Token>;
  if (isToken(own.accessToken) && typeof own.expiresAt === "number" && Number.isFinite(own.expiresAt)) {
    const token: Token = {
      accessToken: own.accessToken,
      expiresAt: own.expiresAt,
      lifetime: secondsOf(own.lifetime) ?? 1800,
      tokenType: typeof own.tokenType === "string" ? own.tokenType : "Bearer",
    };
    for (const name of ["scope", "refreshToken", "idToken"] as const) {
      const text = own[name];
      if (typeof text === "string" && text) token[name] = text;
    }
    return token;
  }
  const raw = value as Record<string, unknown>;
  const expires = Number(raw["expires_at"]);
  if (!isToken(raw["access_token"]) || !Number.isFinite(expires)) return null;
  const token = tokenFromAnswer(raw, 0);
  return { ...token, expiresAt: expires < 1e11 ? expires * 1000 : expires };
}

function isToken(value: unknown): value is string {
  return typeof value === "string" && SENDABLE.test(value);
}

/**
 * A token that a caller hands in; null for none.
 *
 * @throws ServiceNowError `usage` for a value that is not a token: passing over it would sign in again, or fail later
 */
export function givenToken(value: unknown): Token | null {
  if (value === undefined || value === null) return null;
  const token = readToken(value);
  if (token) return token;
  if (typeof value === "string")
    throw usageError("auth.token is a text", "Parse it first: JSON.parse(text) gives the token");
  const raw = typeof value === "object" ? (value as Partial<RawToken & Token>) : {};
  if (isToken(raw.access_token) || isToken(raw.accessToken)) {
    throw usageError(
      "auth.token does not say when it ends",
      "Add expires_at, the seconds since 1970 when it was received plus its expires_in, or keep the token as this library gave it",
    );
  }
  throw usageError(
    "auth.token is not a token",
    "Give the token as onTokenUpdate or a store got it, or leave it out",
  );
}
