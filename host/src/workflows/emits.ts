import { sql } from "kysely";
import { nowMs, type Database } from "../db/database";
import { withinBytes } from "../db/within-bytes";
import { notify } from "../db/notifications";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";

/** What a step gave out. */
export interface Emitted {
  seq: number;
  run_id: string;
  channel: string;
  created_at: number;
  data: unknown;
}

/** The channel of `$.send.emit`. */
export const EMIT_CHANNEL = "emit";
const CHANNEL = /^[A-Za-z0-9_.:-]{1,100}$/;

/** What workflows give out with `$.send.emit` and `$.send.sse`: kept for a while, and told to whoever listens. */
export class Emits {
  constructor(
    readonly db: Database,
    readonly encryption: Encryption,
  ) {}

  /** @throws Error for a channel that is no name. */
  async add(workflowId: string, runId: string, channel: string, data: unknown): Promise<void> {
    if (!CHANNEL.test(channel))
      throw new Error(`"${channel}" is no channel: a channel has letters, digits and _ . : -`);
    await this.db.transaction().execute(async (tx) => {
      const { seq } = await tx
        .insertInto("workflow_emits")
        .values({
          workflow_id: workflowId,
          run_id: runId,
          channel,
          encrypted: this.encryption.encrypt(data ?? null, encryptedFor.emitted(workflowId, runId)),
          created_at: nowMs(),
        })
        .returning("seq")
        .executeTakeFirstOrThrow();
      await notify(tx, { kind: "workflow-emit", workflow: workflowId, seq: Number(seq) });
    });
  }

  /** The newest, oldest first; of one channel, or of all. */
  async list(
    workflowId: string,
    { channel, limit, after }: { channel?: string; limit: number; after?: number },
  ): Promise<Emitted[]> {
    const isNewest = after === undefined;
    const { rows } = await withinBytes<{
      seq: number;
      run_id: string;
      channel: string;
      created_at: number;
      encrypted: string;
    }>(
      this.db,
      sql`select seq, run_id, channel, created_at, encrypted from workflow_emits where workflow_id = ${workflowId}
        and (${channel ?? null}::text is null or channel = ${channel ?? null}) and (${after ?? null}::bigint is null or seq > ${after ?? null})
        order by seq ${isNewest ? sql`desc` : sql`asc`} limit ${limit}`,
      sql`octet_length(r.encrypted)`,
      isNewest ? sql`r.seq desc` : sql`r.seq asc`,
    );
    const emitted = rows.map(({ seq, run_id, channel: name, created_at, encrypted }) => ({
      seq: Number(seq),
      run_id,
      channel: name,
      created_at,
      data: this.encryption.decrypt<unknown>(encrypted, encryptedFor.emitted(workflowId, run_id)),
    }));
    return isNewest ? emitted.reverse() : emitted;
  }
}
