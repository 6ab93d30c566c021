import type { Database } from "../db/database";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";

/** Encrypts addresses that an earlier release stored as they are. */
export async function encryptPlainAddresses(db: Database, encryption: Encryption): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const webhooks = await tx
      .selectFrom("webhooks")
      .select(["id", "encrypted_url as url"])
      .where("encrypted_url", "like", "http%")
      .forUpdate()
      .execute();
    for (const { id, url } of webhooks)
      await tx
        .updateTable("webhooks")
        .set({ encrypted_url: encryption.encrypt(url, encryptedFor.webhookAddress(id)) })
        .where("id", "=", id)
        .execute();
    const tokens = await tx
      .selectFrom("connect_tokens")
      .select(["token_hash", "encrypted_webhook_uri as url"])
      .where("encrypted_webhook_uri", "like", "http%")
      .forUpdate()
      .execute();
    for (const { token_hash, url } of tokens)
      await tx
        .updateTable("connect_tokens")
        .set({ encrypted_webhook_uri: encryption.encrypt(url, encryptedFor.connectTokenWebhook(token_hash)) })
        .where("token_hash", "=", token_hash)
        .execute();
  });
}
