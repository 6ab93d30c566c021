import { sql, type InsertObject, type RawBuilder } from "kysely";
import { nowMs, type Queryable } from "../db/database";
import type { AccountRow, Schema } from "../db/schema";
import { encryptedFor, type AccountPlace } from "../encrypted-for";
import type { Encryption } from "../encryption";
import type { AccountNetwork } from "../outbound/network";

/** What is kept encrypted. */
export interface AccountSecrets {
  accessToken?: string;
  refreshToken?: string;
  /** Secret fields of the connection, the client secret among them. */
  fields: Record<string, string>;
  /** How its requests travel, where that is not the host's own way. */
  network?: AccountNetwork;
}

export const encryptSecrets = (
  encryption: Encryption,
  place: AccountPlace,
  secrets: AccountSecrets,
): string => encryption.encrypt(secrets, encryptedFor.account(place));

export const decryptSecrets = (encryption: Encryption, row: AccountRow): AccountSecrets =>
  encryption.decrypt<AccountSecrets>(row.encrypted, encryptedFor.account(row));

export const fieldsOf = (row: AccountRow): Record<string, string> =>
  JSON.parse(row.fields) as Record<string, string>;

export function getAccount(db: Queryable, id: string): Promise<AccountRow | undefined> {
  return db.selectFrom("accounts").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Accounts of a user, or of all users, oldest first. */
export function listAccounts(
  db: Queryable,
  filter: { user?: string | undefined; app?: string | undefined },
): Promise<AccountRow[]> {
  let query = db.selectFrom("accounts").selectAll();
  if (filter.user !== undefined) query = query.where("external_user_id", "=", filter.user);
  if (filter.app !== undefined) query = query.where("app", "=", filter.app);
  return query.orderBy("created_at").orderBy("id").execute();
}

/** Inserts the account, or replaces everything but its owner and birthday. */
export function putAccount(
  tx: Queryable,
  row: Omit<InsertObject<Schema, "accounts">, "created_at" | "updated_at">,
): Promise<AccountRow> {
  return tx
    .insertInto("accounts")
    .values({ ...row, created_at: nowMs(), updated_at: nowMs() })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({
        name: eb.ref("excluded.name"),
        external_id: eb.ref("excluded.external_id"),
        fields: eb.ref("excluded.fields"),
        encrypted: eb.ref("excluded.encrypted"),
        auth_kind: eb.ref("excluded.auth_kind"),
        token_url: eb.ref("excluded.token_url"),
        revocation_url: eb.ref("excluded.revocation_url"),
        expires_at: eb.ref("excluded.expires_at"),
        refresh_at: eb.ref("excluded.refresh_at"),
        healthy: eb.ref("excluded.healthy"),
        needs_reconnect: eb.ref("excluded.needs_reconnect"),
        error: eb.ref("excluded.error"),
        updated_at: nowMs(),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** When a token ends and when it is refreshed: a minute before, and never later than after three quarters of a short life. */
export function lifeOf(expiresIn: number | undefined): {
  expires_at: RawBuilder<number> | null;
  refresh_at: RawBuilder<number> | null;
} {
  if (expiresIn === undefined || !Number.isFinite(expiresIn)) return { expires_at: null, refresh_at: null };
  const life = Math.round(expiresIn * 1000);
  const fromNow = (ms: number): RawBuilder<number> => sql<number>`now_ms() + ${Math.round(ms)}::bigint`;
  return { expires_at: fromNow(life), refresh_at: fromNow(life - Math.min(60_000, life / 4)) };
}
