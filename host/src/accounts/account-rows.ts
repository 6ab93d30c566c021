import type { Encryption } from "../encryption";
import type { Queryable } from "../db/database";

export interface AccountRow {
  id: string;
  external_user_id: string;
  app: string;
  name: string;
  external_id: string;
  auth_type: "oauth" | "keys";
  fields: string;
  sealed: string;
  token_url: string | null;
  revocation_url: string | null;
  expires_at: number | null;
  renew_at: number | null;
  renewing_until: number | null;
  healthy: boolean;
  dead: boolean;
  error: string | null;
  created_at: number;
  updated_at: number;
}

/** What is kept encrypted. */
export interface AccountSecrets {
  accessToken?: string;
  refreshToken?: string;
  /** Secret fields of the connection, the client secret among them. */
  fields: Record<string, string>;
}

export const encryptSecrets = (encryption: Encryption, id: string, secrets: AccountSecrets): string =>
  encryption.encrypt(secrets, `account ${id}`);

export const decryptSecrets = (encryption: Encryption, row: AccountRow): AccountSecrets =>
  encryption.decrypt<AccountSecrets>(row.sealed, `account ${row.id}`);

export const fieldsOf = (row: AccountRow): Record<string, string> =>
  JSON.parse(row.fields) as Record<string, string>;

export async function getAccount(db: Queryable, id: string): Promise<AccountRow | undefined> {
  return (await db.query<AccountRow>("select * from accounts where id = $1", [id]))[0];
}

/** Accounts of a user, or of all users, oldest first. */
export function listAccounts(db: Queryable, filter: { user?: string; app?: string }): Promise<AccountRow[]> {
  return db.query<AccountRow>(
    `select * from accounts where ($1::text is null or external_user_id = $1) and ($2::text is null or app = $2)
     order by created_at, id`,
    [filter.user ?? null, filter.app ?? null],
  );
}

/** Inserts the account, or replaces everything but its owner and birthday. */
export async function putAccount(db: Queryable, row: Omit<AccountRow, "renewing_until">): Promise<void> {
  await db.query(
    `insert into accounts (id, external_user_id, app, name, external_id, auth_type, fields, sealed, token_url,
       revocation_url, expires_at, renew_at, healthy, dead, error, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     on conflict (id) do update set name = excluded.name, external_id = excluded.external_id,
       fields = excluded.fields, sealed = excluded.sealed, token_url = excluded.token_url,
       revocation_url = excluded.revocation_url, expires_at = excluded.expires_at, renew_at = excluded.renew_at,
       renewing_until = null, healthy = excluded.healthy, dead = excluded.dead, error = excluded.error,
       updated_at = excluded.updated_at`,
    [
      row.id,
      row.external_user_id,
      row.app,
      row.name,
      row.external_id,
      row.auth_type,
      row.fields,
      row.sealed,
      row.token_url,
      row.revocation_url,
      row.expires_at,
      row.renew_at,
      row.healthy,
      row.dead,
      row.error,
      row.created_at,
      row.updated_at,
    ],
  );
}

/** Takes the right to renew for 30 s, unless another process has it or has renewed already. */
export async function claimRefresh(db: Queryable, id: string, now: number): Promise<boolean> {
  const rows = await db.query(
    `update accounts set renewing_until = $2::bigint + 30000
     where id = $1 and renew_at <= $2::bigint and (renewing_until is null or renewing_until < $2::bigint) returning id`,
    [id, now],
  );
  return rows.length === 1;
}

/** When to renew: a minute before the end, and never later than after three quarters of a short life. */
export function lifeOf(
  expiresIn: number | undefined,
  now: number,
): { expires_at: number | null; renew_at: number | null } {
  if (expiresIn === undefined || !Number.isFinite(expiresIn)) return { expires_at: null, renew_at: null };
  const life = expiresIn * 1000;
  return { expires_at: now + life, renew_at: now + life - Math.min(60_000, life / 4) };
}
