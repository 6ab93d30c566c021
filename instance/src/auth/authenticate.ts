import type { Instance } from "../core/instance";
import type { User } from "../users/users";
import { passwordFits } from "../users/passwords";
import { userOfToken } from "./tokens";
import { stamp } from "../clock/time";
import { errors } from "../core/errors";
import type { CookieSession, Sessions } from "./sessions";

export interface Authenticated {
  user: User;
  how: "basic" | "bearer" | "key" | "cookie";
  cookie: CookieSession | undefined;
  /** The bearer token that was used. */
  token?: string;
}

const gateRole = "snc_basic_auth_api_access";

/**
 * Who makes an API call: by bearer token (header or `access_token`), basic auth, API key or cookie session.
 *
 * @throws ApiError 401, the same for every reason
 */
export function authenticate(
  instance: Instance,
  sessions: Sessions,
  headers: Record<string, string>,
  query: URLSearchParams,
): Authenticated {
  const cookie = sessions.fromCookies(headers.cookie);
  const authorization = headers.authorization ?? "";
  const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? (query.get("access_token") || undefined);
  if (token) {
    const user = userOfToken(instance, token);
    if (!user || !instance.users.mayLogIn(user)) throw errors.unauthenticated();
    return { user, how: "bearer", cookie: sameUser(cookie, user), token };
  }
  const basic = /^Basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(authorization)?.[1];
  if (basic) {
    const user = basicUser(instance, Buffer.from(basic, "base64").toString("utf8"));
    return { user, how: "basic", cookie: sameUser(cookie, user) };
  }
  const key = headers["x-sn-apikey"] ?? query.get("x-sn-apikey") ?? undefined;
  if (key && instance.config.apiKeys) {
    const row = instance.store.get("SELECT user, expires, active FROM api_key WHERE token = ?", [key]);
    const alive =
      row?.active === 1 && (row.expires === null || String(row.expires) > stamp(instance.clock.now()));
    const user = alive ? instance.users.byId(String(row.user)) : undefined;
    if (!user || !instance.users.mayLogIn(user)) throw errors.unauthenticated();
    return { user, how: "key", cookie: sameUser(cookie, user) };
  }
  if (cookie && authorization === "") {
    const user = instance.users.byId(cookie.userId);
    if (headers["x-usertoken"] !== cookie.userToken) {
      const refused = errors.unauthenticated();
      refused.headers["X-UserToken-Response"] = cookie.userToken;
      throw refused;
    }
    if (user && instance.users.mayLogIn(user)) return { user, how: "cookie", cookie };
  }
  throw errors.unauthenticated();
}

function sameUser(cookie: CookieSession | undefined, user: User): CookieSession | undefined {
  return cookie?.userId === user.sysId ? cookie : undefined;
}

function basicUser(instance: Instance, pair: string): User {
  const at = pair.indexOf(":");
  const user = at < 0 ? undefined : checkPassword(instance, pair.slice(0, at), pair.slice(at + 1));
  if (!user) throw errors.unauthenticated();
  if (instance.config.basicAuthGate && !user.roles.has(gateRole) && user.row.web_service_access_only !== 1) {
    console.error(
      `SNCRestrictBasicAuthUserAuthenticationGate: denied basic-auth API call for interactive-login user [${user.userName}] under enforce=true`,
    );
    throw errors.unauthenticated();
  }
  return user;
}

/** The active user with this name and password. */
export function checkPassword(instance: Instance, userName: string, password: string): User | undefined {
  const user = instance.users.byName(userName);
  if (!user || !instance.users.mayLogIn(user)) return undefined;
  return passwordFits(password, String(user.row.user_password ?? "")) ? user : undefined;
}
