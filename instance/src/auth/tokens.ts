import { randomBytes } from "node:crypto";
import type { Instance } from "../core/instance";
import type { User } from "../users/users";
import { newId } from "../ids/sys-id";
import { parseStamp, stamp } from "../clock/time";
import type { OAuthClient } from "./clients";

/** What the token endpoint answers; the order of the keys is ServiceNow's. */
export interface TokenAnswer {
  access_token: string;
  refresh_token?: string;
  scope: string;
  token_type: "Bearer";
  expires_in: number;
}

interface Credential {
  token: string;
  expires: number;
}

type Kind = "access_token" | "refresh_token";

/** 86 characters of [A-Za-z0-9_-]. */
const makeToken = (): string => randomBytes(64).toString("base64url");

function issue(instance: Instance, client: OAuthClient, user: User, type: Kind, life: number): Credential {
  const now = instance.clock.now();
  const credential = { token: makeToken(), expires: now + life * 1000 };
  instance.store.insert("oauth_credential", {
    sys_id: newId(),
    token: credential.token,
    type,
    peer: client.sysId,
    user: user.userName,
    expires: stamp(credential.expires),
    token_received: stamp(now),
    sys_created_on: stamp(now),
    sys_created_by: user.userName,
    sys_updated_on: stamp(now),
    sys_updated_by: user.userName,
    sys_mod_count: 0,
  });
  return credential;
}

function current(instance: Instance, client: OAuthClient, user: User, type: Kind): Credential | undefined {
  const row = instance.store.get(
    "SELECT token, expires FROM oauth_credential WHERE peer = ? AND user = ? AND type = ? AND expires > ? ORDER BY expires DESC LIMIT 1",
    [client.sysId, user.userName, type, stamp(instance.clock.now())],
  );
  return row && { token: String(row.token), expires: parseStamp(String(row.expires)) ?? 0 };
}

function answer(instance: Instance, access: Credential, refresh: string | undefined): TokenAnswer {
  return {
    access_token: access.token,
    ...(refresh === undefined ? {} : { refresh_token: refresh }),
    scope: "useraccount",
    token_type: "Bearer",
    expires_in: Math.max(0, Math.floor((access.expires - instance.clock.now() - 1) / 1000)),
  };
}

/** Tokens after a sign-in: those that are alive already, with what remains of their life, or new ones. */
export function tokensFor(
  instance: Instance,
  client: OAuthClient,
  user: User,
  withRefresh: boolean,
): TokenAnswer {
  const access =
    current(instance, client, user, "access_token") ??
    issue(instance, client, user, "access_token", client.accessLife);
  const refresh = withRefresh
    ? (current(instance, client, user, "refresh_token") ??
      issue(instance, client, user, "refresh_token", client.refreshLife))
    : undefined;
  return answer(instance, access, refresh?.token);
}

/** A new access token for a refresh token, which stays as it is. Undefined when the refresh token is not good. */
export function refreshTokens(
  instance: Instance,
  client: OAuthClient,
  refreshToken: string,
): TokenAnswer | undefined {
  const row = alive(instance, refreshToken, "refresh_token");
  if (!row || row.peer !== client.sysId) return undefined;
  const user = instance.users.byName(String(row.user));
  if (!user || !instance.users.mayLogIn(user)) return undefined;
  const access = issue(instance, client, user, "access_token", client.accessLife);
  return answer(instance, access, instance.config.oauthRefreshEchoesToken ? refreshToken : undefined);
}

export function userOfToken(instance: Instance, token: string): User | undefined {
  const row = alive(instance, token, "access_token");
  return row && instance.users.byName(String(row.user));
}

function alive(instance: Instance, token: string, type: Kind): Record<string, unknown> | undefined {
  const row = instance.store.get(
    "SELECT peer, user, expires FROM oauth_credential WHERE token = ? AND type = ?",
    [token, type],
  );
  return row && String(row.expires) > stamp(instance.clock.now()) ? row : undefined;
}

/** Ends a token; with `grant`, every token of the same user and client. */
export function revoke(instance: Instance, token: string, grant = false): boolean {
  const row = instance.store.get("SELECT sys_id, peer, user FROM oauth_credential WHERE token = ?", [token]);
  if (!row) return false;
  const ended = stamp(instance.clock.now() - 1000);
  if (grant)
    instance.store.run(
      "UPDATE oauth_credential SET expires = ? WHERE peer = ? AND user = ? AND expires > ?",
      [ended, row.peer as string, row.user as string, ended],
    );
  else instance.store.run("UPDATE oauth_credential SET expires = ? WHERE token = ?", [ended, token]);
  instance.store.touch("oauth_credential");
  return true;
}
