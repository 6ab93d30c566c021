import { isRecord } from "../../../components/prop-rules";
import type { Database, Tx } from "../db/database";
import { QUEUE, type ClaimedJob, type JobQueue } from "../db/queue";
import { messageOf } from "../errors";
import { EMIT_CHANNEL, type Emits } from "./emits";
import { sendMail, type MailSettings } from "./mail";
import type { StepDetail, StepRows } from "./step-rows";

export interface SendsServices {
  db: Database;
  queue: JobQueue;
  steps: StepRows;
  emits: Emits;
  /** The mail server; undefined where none is configured. */
  mail: MailSettings | undefined;
  /** Sends an HTTP request by the host's dialer. Rejects when it is refused or not answered with a 2xx. */
  post(
    url: string,
    request: { method: string; headers: Record<string, string>; body: string },
  ): Promise<void>;
}

const SEPARATOR = "|";

/** What steps send with `$.send`: queued while the run goes on, and sent once when it has ended. */
export class Sends {
  constructor(readonly services: SendsServices) {}

  /** A job for each step of the run that sends something. */
  async enqueue(tx: Tx, runId: string): Promise<void> {
    const rows = await tx
      .selectFrom("workflow_steps")
      .select(["path", "encrypted_detail"])
      .where("run_id", "=", runId)
      .where("status", "=", "succeeded")
      .where("has_sends", "=", true)
      .execute();
    for (const { path } of rows)
      await this.services.queue.upsert(tx, QUEUE.workflowSends, runId + SEPARATOR + path);
  }

  /** Sends what a step has left. What fails is a line in the step's logs: the platform tries once too. */
  async run(job: ClaimedJob): Promise<void> {
    const { db, queue, steps } = this.services;
    const [runId = "", path = ""] = (job.singletonKey ?? "").split(SEPARATOR);
    const row = await db
      .selectFrom("workflow_steps")
      .select(["run_id", "path", "encrypted_detail"])
      .where("run_id", "=", runId)
      .where("path", "=", path)
      .executeTakeFirst();
    const detail: StepDetail = row ? steps.detail(row) : { logs: [] };
    for (const { type, config } of detail.sends ?? []) {
      const failure = await this.#send(runId, type, config).then(
        () => undefined,
        (error: unknown) => messageOf(error),
      );
      detail.logs.push(
        failure === undefined
          ? { ts: Date.now(), level: "info", message: `$.send.${type} was sent.` }
          : { ts: Date.now(), level: "error", message: `$.send.${type} was not sent: ${failure}` },
      );
    }
    await db.transaction().execute(async (tx) => {
      if (!(await queue.finish(tx, job))) return;
      await steps.storeDetail(tx, runId, path, { ...detail, sends: [] });
    });
  }

  async #send(runId: string, type: string, config: unknown): Promise<void> {
    switch (type) {
      case "http":
        return this.#http(config);
      case "email":
        return sendMail(this.services.mail, config);
      case "emit":
        return this.#emit(
          runId,
          EMIT_CHANNEL,
          isRecord(config) && "raw_event" in config ? config.raw_event : config,
        );
      case "sse": {
        const { channel, payload } = isRecord(config) ? config : {};
        if (typeof channel !== "string") throw new Error("channel is missing.");
        return this.#emit(runId, channel, payload);
      }
      default:
        throw new Error(`this host has no ${type}. It sends with $.send.http, email, emit and sse.`);
    }
  }

  async #emit(runId: string, channel: string, data: unknown): Promise<void> {
    const run = await this.services.db
      .selectFrom("workflow_runs")
      .select("workflow_id")
      .where("id", "=", runId)
      .executeTakeFirst();
    if (run) await this.services.emits.add(run.workflow_id, runId, channel, data);
  }

  async #http(config: unknown): Promise<void> {
    const { url, method, headers, data, body } = (config ?? {}) as Record<string, unknown>;
    if (typeof url !== "string" || !URL.canParse(url)) throw new Error("url must be a whole address.");
    const content = data ?? body;
    await this.services.post(url, {
      method: typeof method === "string" ? method.toUpperCase() : "POST",
      headers: {
        ...(typeof content === "string" ? {} : { "content-type": "application/json" }),
        ...(headers as Record<string, string> | undefined),
      },
      body: typeof content === "string" ? content : JSON.stringify(content ?? {}),
    });
  }
}
