import type { Queryable } from "../db/database";
import { notify } from "../db/notifications";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";
import type { HttpReply } from "../execution/protocol";

/** Stores what `$.respond` gave, for whoever waits. The first one counts. `isNow` hands it over before the run ends. */
export async function storeReply(
  tx: Queryable,
  encryption: Encryption,
  runId: string,
  reply: HttpReply,
  isNow = false,
): Promise<void> {
  const row = await tx
    .updateTable("workflow_runs")
    .set({ encrypted_reply: encryption.encrypt(reply, encryptedFor.workflowReply(runId)) })
    .where("id", "=", runId)
    .where("encrypted_reply", "is", null)
    .returning(["workflow_id", "replied"])
    .executeTakeFirst();
  if (!isNow || !row) return;
  await tx.updateTable("workflow_runs").set({ replied: true }).where("id", "=", runId).execute();
  await notify(tx, { kind: "workflow-reply", run: runId });
}

/** The answer for whoever waits: what was given, once it may be handed over; undefined while there is none. */
export async function readReply(
  db: Queryable,
  encryption: Encryption,
  runId: string,
): Promise<HttpReply | "none" | undefined> {
  const row = await db
    .selectFrom("workflow_runs")
    .select(["status", "encrypted_reply", "replied"])
    .where("id", "=", runId)
    .executeTakeFirst();
  if (!row) return "none";
  const isOver = row.status !== "queued" && row.status !== "running";
  if (row.encrypted_reply !== null && (row.replied || isOver))
    return encryption.decrypt<HttpReply>(row.encrypted_reply, encryptedFor.workflowReply(runId));
  return isOver ? "none" : undefined;
}
