import { timingSafeEqual, createHash } from "node:crypto";
import type { Instance } from "../core/instance";

/** A row of oauth_entity that outside clients may use. */
export interface OAuthClient {
  sysId: string;
  clientId: string;
  name: string;
  secret: string;
  publicClient: boolean;
  redirectUrls: string[];
  codeLife: number;
  accessLife: number;
  refreshLife: number;
  /** The user that client_credentials acts as. */
  user: string | undefined;
}

/** A registered redirect URL that stands for every address of this machine; for development. */
export const anyLoopback = "http://127.0.0.1:*/*";

/** The active client with this id. */
export function findClient(instance: Instance, clientId: string): OAuthClient | undefined {
  const row = instance.store.get(
    "SELECT * FROM oauth_entity WHERE client_id = ? AND active = 1 AND (type IS NULL OR type = 'client')",
    [clientId],
  );
  if (!row || clientId === "") return undefined;
  return {
    sysId: String(row.sys_id),
    clientId: String(row.client_id),
    name: String(row.name ?? ""),
    secret: String(row.client_secret ?? ""),
    publicClient: row.public_client === 1,
    redirectUrls: String(row.redirect_url ?? "")
      .split(/[\s,]+/)
      .filter(Boolean),
    codeLife: Number(row.auth_code_lifespan ?? 60),
    accessLife: Number(row.access_token_lifespan ?? 1800),
    refreshLife: Number(row.refresh_token_lifespan ?? 8_640_000),
    user: row.user === null || row.user === undefined ? undefined : String(row.user),
  };
}

export function mayRedirect(client: OAuthClient, url: string): boolean {
  return client.redirectUrls.some(
    (registered) => registered === url || (registered === anyLoopback && isLoopback(url)),
  );
}

function isLoopback(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url);
    return /^https?:$/.test(protocol) && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  } catch {
    return false;
  }
}

export function secretFits(client: OAuthClient, given: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return client.secret !== "" && timingSafeEqual(digest(client.secret), digest(given));
}
