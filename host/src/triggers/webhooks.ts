import { createHmac, randomBytes } from "node:crypto";
import type { Insertable } from "kysely";
import type { Database, Queryable } from "../db/database";
import type { WebhookRow, WebhooksTable } from "../db/schema";
import { encryptedFor } from "../encrypted-for";
import { newId, type Encryption } from "../encryption";

/** A receiver for a trigger's events, with a signing key of its own. */
export function newWebhook(
  trigger: string,
  position: number,
  url: string,
  encryption: Encryption,
): Insertable<WebhooksTable> {
  const id = newId("wh");
  return {
    id,
    trigger_id: trigger,
    position,
    encrypted_url: encryption.encrypt(url, encryptedFor.webhookAddress(id)),
    encrypted_key: encryptKey(id, encryption),
  };
}

export const urlOf = (webhook: WebhookRow, encryption: Encryption): string =>
  encryption.decrypt<string>(webhook.encrypted_url, encryptedFor.webhookAddress(webhook.id));

/** A new signing key for the webhook, encrypted. */
export function encryptKey(webhook: string, encryption: Encryption): string {
  return encryption.encrypt(`whk_${randomBytes(24).toString("base64url")}`, encryptedFor.webhookKey(webhook));
}

export const signingKeyOf = (webhook: WebhookRow, encryption: Encryption): string =>
  encryption.decrypt<string>(webhook.encrypted_key, encryptedFor.webhookKey(webhook.id));

/** `t=<seconds>,v1=<hex>`: HMAC-SHA-256 of `<seconds>.<body>` with the webhook's signing key. */
export function signatureOf(key: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac("sha256", key).update(`${seconds}.${body}`).digest("hex")}`;
}

export function webhooksOf(db: Queryable, trigger: string): Promise<WebhookRow[]> {
  return db
    .selectFrom("webhooks")
    .selectAll()
    .where("trigger_id", "=", trigger)
    .orderBy("position")
    .orderBy("id")
    .execute();
}

/** Replaces the addresses of a trigger's webhooks. One that stays keeps its id, its key and what waits for it. */
export async function setWebhooks(
  db: Database,
  trigger: string,
  urls: string[],
  encryption: Encryption,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Locked, so that no event is published in between.
    await tx.selectFrom("triggers").select("id").where("id", "=", trigger).forNoKeyUpdate().execute();
    const rows = await webhooksOf(tx, trigger);
    const before = rows.map((row) => ({ id: row.id, url: urlOf(row, encryption) }));
    for (const { id, url } of before)
      if (!urls.includes(url)) await tx.deleteFrom("webhooks").where("id", "=", id).execute();
    for (const [position, url] of [...new Set(urls)].entries()) {
      const kept = before.find((webhook) => webhook.url === url);
      if (kept) await tx.updateTable("webhooks").set({ position }).where("id", "=", kept.id).execute();
      else
        await tx
          .insertInto("webhooks")
          .values(newWebhook(trigger, position, url, encryption))
          .execute();
    }
  });
}
