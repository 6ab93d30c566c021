import { SignInError, usageError } from "../errors";
import type { ApiKeyAuth, BasicAuth, TokenAuth } from "./types";
import type { Authenticator } from "../http/authenticator";

/** A token handed in. A function is asked again after a 401; another token than the refused one earns a second try. */
export function tokenAuthenticator(auth: TokenAuth, now: () => number = Date.now): Authenticator {
  const supplied = supplier(auth.token, "access token", "Connect the account again");
  const current = async (): Promise<string> => {
    if (typeof auth.token === "string" && auth.expiresAt !== undefined && auth.expiresAt <= now()) {
      throw new SignInError({
        what: "The access token has ended, and nothing is known to renew it with",
        remedy: "Give a new token, a function that gives one, or an OAuth grant with a refresh token",
        error: "no_token",
      });
    }
    return supplied();
  };
  return {
    async authorize() {
      const token = await current();
      return { headers: { authorization: `Bearer ${token}` }, token };
    },
    rejected: async (token) => typeof auth.token === "function" && (await current()) !== token,
  };
}

/** No sign-in of ours; the transport brings its own. */
export function noAuthenticator(): Authenticator {
  return {
    authorize: () => Promise.resolve({ headers: {}, token: "" }),
    rejected: () => Promise.resolve(false),
  };
}

/** Basic authentication; names and passwords beyond ASCII are sent as UTF-8. Never repeated after a 401: accounts lock. */
export function basicAuthenticator(auth: BasicAuth): Authenticator {
  if (!auth.username || !auth.password) {
    throw usageError("Basic authentication needs a user name and a password");
  }
  if (auth.username.includes(":"))
    throw usageError("A user name with a colon cannot be sent with basic authentication");
  const token = base64(`${auth.username}:${auth.password}`);
  return {
    authorize: () => Promise.resolve({ headers: { authorization: `Basic ${token}` }, token }),
    rejected: () => Promise.resolve(false),
  };
}

/** A REST API key, sent as `x-sn-apikey`. */
export function apiKeyAuthenticator(auth: ApiKeyAuth): Authenticator {
  const current = supplier(auth.key, "API key", "Give a key that is bound to a user and not expired");
  return {
    async authorize() {
      const token = await current();
      return { headers: { "x-sn-apikey": token }, token };
    },
    rejected: async (token) => typeof auth.key === "function" && (await current()) !== token,
  };
}

/** Base64 of the UTF-8 bytes, without anything of Node. */
export function base64(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

function supplier(source: string | (() => string | Promise<string>), what: string, remedy: string) {
  if (typeof source !== "string" && typeof source !== "function")
    throw usageError(`The ${what} is missing`, remedy);
  return async (): Promise<string> => {
    const token = typeof source === "function" ? await source() : source;
    if (typeof token !== "string" || !token.trim()) {
      throw new SignInError({ what: `The ${what} is empty`, remedy, error: "no_token" });
    }
    if (/[^\x21-\x7e]/.test(token.trim()))
      throw usageError(`The ${what} has characters that cannot be sent`, remedy);
    return token.trim();
  };
}
