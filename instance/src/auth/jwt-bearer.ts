import type { Instance } from "../core/instance";
import type { User } from "../users/users";
import type { OAuthClient } from "./clients";

const usedIds = new WeakMap<Instance, Map<string, number>>();

/**
 * The user that a signed assertion speaks for: `sub` is the e-mail address, `iss` and `aud` the client id, `jti` used once, no
 * clock skew. The key is the client's secret (HS256 to HS512) or a public key of the configuration.
 */
export async function userOfAssertion(
  instance: Instance,
  client: OAuthClient,
  assertion: string,
): Promise<User | undefined> {
  if (assertion === "") return undefined;
  const { importSPKI, jwtVerify, decodeProtectedHeader } = await import("jose");
  try {
    const { alg = "" } = decodeProtectedHeader(assertion);
    const publicKey = instance.config.oauthJwtKeys[client.clientId];
    const key = alg.startsWith("HS")
      ? new TextEncoder().encode(client.secret)
      : await importSPKI(publicKey ?? "", alg);
    const { payload } = await jwtVerify(assertion, key, {
      issuer: client.clientId,
      audience: client.clientId,
      clockTolerance: 0,
      currentDate: new Date(instance.clock.now()),
      algorithms: ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
      requiredClaims: ["sub", "exp", "iat", "jti"],
    });
    const used = usedIds.get(instance) ?? new Map<string, number>();
    usedIds.set(instance, used);
    const id = `${client.clientId} ${payload.jti}`;
    if (used.has(id)) return undefined;
    used.set(id, payload.exp ?? 0);
    const row = instance.store.get("SELECT sys_id FROM sys_user WHERE email = ?", [String(payload.sub)]);
    const user = row && instance.users.byId(String(row.sys_id));
    return user && instance.users.mayLogIn(user) ? user : undefined;
  } catch {
    return undefined;
  }
}
