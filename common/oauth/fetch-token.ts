import { SignInError } from "../errors";
import { sleep } from "../http/call";
import { fetchTransport } from "../http/fetch-transport";
import type { Transport } from "../http/transport";
import { parseInstance } from "../instance";
import { TokenHolder } from "./token-holder";
import type { OAuth } from "./oauth-types";
import { requestToken, type TokenEndpoint } from "./token-endpoint";
import type { Token } from "./token";

interface Where {
  instance: string;
  transport?: Transport;
  now?: () => number;
}

/**
 * Signs in and gives the whole token with its absolute end, without a client: to keep it, or to test a connection. A store
 * in `auth` is asked first and written after. With `force` the kept token is replaced, for one that was revoked before its end.
 */
export async function fetchToken(options: Where & { auth: OAuth; force?: boolean }): Promise<Token> {
  const holder = new TokenHolder(options.auth, endpointOf(options));
  await (options.force ? holder.renew() : holder.authorize());
  const token = holder.held;
  if (!token) throw new SignInError({ what: "The sign-in gave no token", error: "no_token" });
  return token;
}

/** Renews by a refresh token. The old refresh token is kept when none comes back. */
export async function refreshToken(
  options: Where & { clientId: string; clientSecret?: string; refreshToken: string },
): Promise<Token> {
  return requestToken(endpointOf(options), options, {
    grant_type: "refresh_token",
    refresh_token: options.refreshToken,
  });
}

function endpointOf(options: Where): TokenEndpoint {
  return {
    origin: parseInstance(options.instance).origin,
    transport: options.transport ?? fetchTransport(),
    now: options.now ?? Date.now,
    sleep,
    random: Math.random,
  };
}
