import { sql } from "kysely";
import { nowMs, type Database } from "../db/database";
import type { ActionRunRow } from "../db/action-runs-table";
import { notify } from "../db/notifications";
import { encryptedFor } from "../encrypted-for";
import { newId, type Encryption } from "../encryption";
import { notFound } from "../errors";
import { MASKED } from "../execution/redact";
import type { ConfigurableProp, LogEntry } from "../execution/protocol";

/** How long the record of a run is kept, and how long its result and exports. */
const KEEP_MS = 30 * 24 * 3600_000;
const KEEP_RESULT_MS = 24 * 3600_000;
const KEPT_LOGS = 500;

/** Who calls: what they signed in with, for whom, and with which program. */
export interface CallerFacts {
  kind: ActionRunRow["caller"];
  user: string;
  client: string;
}

export interface BeginningCall {
  caller: CallerFacts;
  key: string;
  version: string;
  props: ConfigurableProp[];
  input: Record<string, unknown>;
  stashId?: string | undefined;
  repeatOf?: string | undefined;
}

/** Which runs are listed; an absent part leaves nothing out. */
export interface ActionRunFilter {
  limit: number;
  /** Runs that are older than this one. */
  after?: string | undefined;
  status?: ActionRunRow["status"] | undefined;
  /** The key of an action. */
  action?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  /** A text in the key, summary, error, program or id. */
  words?: string | undefined;
}

export interface EndOfCall {
  status: "succeeded" | "failed" | "cancelled";
  summary?: string | undefined;
  /** JSON text. */
  result?: string | undefined;
  exports?: Record<string, unknown> | undefined;
  error?: string | undefined;
  logs: LogEntry[];
}

/** Runs of actions outside of workflows, each a row: who ran what with which input, and what came of it. */
export class ActionRuns {
  constructor(
    readonly db: Database,
    readonly encryption: Encryption,
    /** After this time a run that has no end lost its process. */
    readonly longestMs: number,
  ) {}

  /** @returns the id of the run. */
  async begin({ caller, key, version, props, input, stashId, repeatOf }: BeginningCall): Promise<string> {
    const id = newId("arn");
    await this.db
      .insertInto("action_runs")
      .values({
        id,
        external_user_id: caller.user,
        component_key: key,
        component_version: version,
        caller: caller.kind,
        client: caller.client,
        status: "running",
        summary: null,
        encrypted_input: this.encryption.encrypt(
          withoutSecrets(props, input),
          encryptedFor.actionRun(id, "input"),
        ),
        encrypted_result: null,
        encrypted_exports: null,
        encrypted_logs: null,
        stash_id: stashId ?? null,
        repeat_of: repeatOf ?? null,
        error: null,
        started_at: nowMs(),
        finished_at: null,
      })
      .execute();
    await notify(this.db, { kind: "action-run", user: caller.user, run: id });
    return id;
  }

  async end(id: string, { status, summary, result, exports, error, logs }: EndOfCall): Promise<void> {
    const ended = await this.db
      .updateTable("action_runs")
      .set({
        status,
        summary: summary?.slice(0, 2000) ?? null,
        encrypted_result:
          result === undefined ? null : this.encryption.encrypt(result, encryptedFor.actionRun(id, "result")),
        encrypted_exports:
          exports === undefined
            ? null
            : this.encryption.encrypt(exports, encryptedFor.actionRun(id, "exports")),
        encrypted_logs: this.encryption.encrypt(logs.slice(0, KEPT_LOGS), encryptedFor.actionRun(id, "logs")),
        error: error?.slice(0, 20_000) ?? null,
        finished_at: nowMs(),
      })
      .where("id", "=", id)
      .returning("external_user_id as user")
      .executeTakeFirst();
    if (ended) await notify(this.db, { kind: "action-run", user: ended.user, run: id });
  }

  /** Newest first, without inputs and results. */
  async list(user: string | undefined, filter: ActionRunFilter): Promise<ListedActionRun[]> {
    const { limit, after, status, action, from, to, words = "" } = filter;
    let query = this.db
      .selectFrom("action_runs")
      .select([...LISTED])
      .orderBy("started_at", "desc")
      .orderBy("id", "desc")
      .limit(limit);
    if (user !== undefined) query = query.where("external_user_id", "=", user);
    if (status !== undefined) query = query.where("status", "=", status);
    if (action !== undefined) query = query.where("component_key", "=", action);
    if (from !== undefined) query = query.where("started_at", ">=", from);
    if (to !== undefined) query = query.where("started_at", "<", to);
    if (words.trim() !== "")
      query = query.where(
        sql<boolean>`position(lower(${words.trim()}) in lower(concat_ws(' ', id, component_key, summary, error, client))) > 0`,
      );
    if (after === undefined) return query.execute();
    const { id, started_at } = await this.get(after, user);
    return query
      .where((eb) =>
        eb.or([
          eb("started_at", "<", started_at),
          eb.and([eb("started_at", "=", started_at), eb("id", "<", id)]),
        ]),
      )
      .execute();
  }

  /** @throws HostError 404, also for another user's run. */
  async get(id: string, user: string | undefined): Promise<ActionRunRow> {
    const row = await this.db.selectFrom("action_runs").selectAll().where("id", "=", id).executeTakeFirst();
    if (!row || (user !== undefined && row.external_user_id !== user)) throw notFound("run of an action", id);
    return row;
  }

  /** What the action returned; undefined without a result, or when it is no longer kept. */
  resultOf({ id, encrypted_result }: ActionRunRow): unknown {
    if (encrypted_result === null) return undefined;
    return JSON.parse(
      this.encryption.decrypt<string>(encrypted_result, encryptedFor.actionRun(id, "result")),
    ) as unknown;
  }

  /** What else it exported; empty when nothing, or when it is no longer kept. */
  exportsOf({ id, encrypted_exports }: ActionRunRow): Record<string, unknown> {
    return encrypted_exports === null
      ? {}
      : this.encryption.decrypt(encrypted_exports, encryptedFor.actionRun(id, "exports"));
  }

  inputOf({ id, encrypted_input }: ActionRunRow): Record<string, unknown> {
    return this.encryption.decrypt(encrypted_input, encryptedFor.actionRun(id, "input"));
  }

  logsOf({ id, encrypted_logs }: ActionRunRow): LogEntry[] {
    return encrypted_logs === null
      ? []
      : this.encryption.decrypt(encrypted_logs, encryptedFor.actionRun(id, "logs"));
  }

  /** Results go after a day, records after 30; runs whose process is gone are ended. */
  async removeOld(): Promise<void> {
    await this.db
      .updateTable("action_runs")
      .set({
        status: "failed",
        finished_at: nowMs(),
        error:
          "The host ended during this run. What the action had done by then is done; look before you repeat it.",
      })
      .where("status", "=", "running")
      .where((eb) => eb("started_at", "<", eb(nowMs(), "-", this.longestMs)))
      .execute();
    await this.db
      .updateTable("action_runs")
      .set({ encrypted_result: null, encrypted_exports: null })
      .where("encrypted_result", "is not", null)
      .where((eb) => eb("started_at", "<", eb(nowMs(), "-", KEEP_RESULT_MS)))
      .execute();
    await this.db
      .deleteFrom("action_runs")
      .where((eb) => eb("started_at", "<", eb(nowMs(), "-", KEEP_MS)))
      .execute();
  }
}

const LISTED = [
  "id",
  "external_user_id",
  "component_key",
  "component_version",
  "caller",
  "client",
  "status",
  "summary",
  "error",
  "repeat_of",
  "started_at",
  "finished_at",
] as const;
export type ListedActionRun = Pick<ActionRunRow, (typeof LISTED)[number]>;

function withoutSecrets(props: ConfigurableProp[], input: Record<string, unknown>): Record<string, unknown> {
  const secret = new Set(props.filter((prop) => prop.secret === true).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, secret.has(name) ? MASKED : value]),
  );
}
