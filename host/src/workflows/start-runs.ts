import { sql } from "kysely";
import { nowMs, type Database, type Queryable, type Tx } from "../db/database";
import { notify } from "../db/notifications";
import { QUEUE, type JobQueue } from "../db/queue";
import { encryptedFor } from "../encrypted-for";
import { newId, type Encryption } from "../encryption";
import { HostError } from "../errors";
import type { OnPublish } from "../triggers/publish";
import type { Advance } from "./advance";
import type { Definitions } from "./definitions";
import type { Plan } from "./plan";
import type { WorkflowRow, WorkflowRunRow } from "../db/workflow-tables";

/** What starts a run. */
export interface Start {
  triggerName: string | null;
  /** Unique in the workflow: the same event starts nothing again. */
  eventKey: string;
  event: unknown;
  depth?: number;
  retryOf?: string;
  /** The version to run; absent: the present one. */
  version?: number;
  /** The step to begin with, and the run whose results the steps before it keep. */
  from?: string;
  copyOf?: string;
  /** From the builder: counted nowhere. */
  isTest?: boolean;
  /** The step to end after. */
  only?: string;
}

export interface StartServices {
  queue: JobQueue;
  encryption: Encryption;
  definitions: Definitions;
  advance: Advance;
  /** The version of a component that is installed now. */
  versionOf(key: string): Promise<string | undefined>;
}

/** Workflows that start each other are stopped here. */
const MOST_DEPTH = 10;
const MOST_EVENT_BYTES = 16_000_000;

/** Starts runs, each in the transaction that stores its event. */
export class StartRuns {
  constructor(readonly services: StartServices) {}

  /** Starts a run for each event of a source, for every enabled workflow that has it as a trigger. */
  readonly onPublish: OnPublish = async (tx, { trigger, first, last }) => {
    const workflows = await startedBy(tx, trigger);
    if (workflows.length === 0) return;
    const events = await tx
      .selectFrom("events")
      .select(["id", "payload"])
      .where("trigger_id", "=", trigger)
      .where("seq", ">=", first)
      .where("seq", "<=", last)
      .where("publish_at", "is", null)
      .orderBy("seq")
      .execute();
    for (const { trigger_name, ...workflow } of workflows)
      for (const { id, payload } of events)
        await this.start(tx, workflow, {
          triggerName: trigger_name,
          eventKey: id,
          event: JSON.parse(payload) as unknown,
        });
  };

  /** Starts a run more for each of these events, on demand: in the order in which they came. @returns the runs. */
  async replay(tx: Tx, trigger: string, ids: string[]): Promise<WorkflowRunRow[]> {
    const runs: WorkflowRunRow[] = [];
    const events = await tx
      .selectFrom("events")
      .select(["id", "payload"])
      .where("trigger_id", "=", trigger)
      .where("id", "in", ids)
      .where("publish_at", "is", null)
      .orderBy("seq")
      .execute();
    for (const { trigger_name, ...workflow } of await startedBy(tx, trigger))
      for (const { id, payload } of events) {
        const run = await this.start(tx, workflow, {
          triggerName: trigger_name,
          eventKey: newId(id),
          event: JSON.parse(payload) as unknown,
        });
        if (run) runs.push(run);
      }
    return runs;
  }

  /** Inserts a run and what makes it go on. @returns the run; undefined when its event has started one before. */
  async start(tx: Tx, workflow: WorkflowRow, start: Start): Promise<WorkflowRunRow | undefined> {
    const { queue, definitions, advance } = this.services;
    const version = start.version ?? workflow.version;
    const { plan, settings } = await definitions.get(tx, workflow.id, version);
    const depth = start.depth ?? 0;
    const refusal =
      depth > MOST_DEPTH ? tooDeep(workflow) : await this.#queueRefusal(tx, workflow, settings.queueLimit);
    // A test in the builder does not wait behind real runs.
    const status = refusal ? "failed" : workflow.is_gated && start.isTest !== true ? "queued" : "running";
    const id = newId("wrun");
    const run = await tx
      .insertInto("workflow_runs")
      .values({
        id,
        workflow_id: workflow.id,
        version,
        trigger_name: start.triggerName,
        event_key: start.eventKey,
        encrypted_event: this.services.encryption.encrypt(
          start.event ?? null,
          encryptedFor.workflowEvent(id),
        ),
        status,
        order_key: null,
        depth,
        retry_of: start.retryOf ?? null,
        is_test: start.isTest ?? false,
        only_path: start.only ?? null,
        components: JSON.stringify(await this.#versions(plan)),
        error: refusal ? JSON.stringify(refusal) : null,
        encrypted_reply: null,
        created_at: nowMs(),
        started_at: status === "running" ? nowMs() : null,
        finished_at: refusal ? nowMs() : null,
      })
      .onConflict((conflict) => conflict.columns(["workflow_id", "event_key"]).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!run) return undefined;
    await notify(tx, { kind: "workflow-run", workflow: workflow.id, run: run.id });
    const first = start.from ?? plan.first();
    if (start.copyOf !== undefined)
      await advance.services.steps.copy(
        tx,
        start.copyOf,
        run.id,
        // A test of one step keeps what the others came to, so that steps may be tried in any order.
        start.only === undefined
          ? [...plan.visibleFrom(first).values()]
          : plan.paths().filter((path) => path !== start.only),
      );
    if (status === "running") await advance.enqueue(tx, run, first, workflow.external_user_id);
    else if (first !== plan.first()) await this.services.advance.services.steps.add(tx, run.id, first);
    if (status === "queued") await queue.upsert(tx, QUEUE.workflowAdmission, workflow.id);
    return run;
  }

  /** Starts a run for a request at an HTTP trigger. */
  async byRequest(
    db: Database,
    workflow: WorkflowRow,
    triggerName: string,
    event: unknown,
  ): Promise<WorkflowRunRow> {
    return db.transaction().execute(async (tx) => {
      const run = await this.start(tx, workflow, { triggerName, eventKey: newId("http"), event });
      if (!run) throw new Error("A new run had the key of another one.");
      return run;
    });
  }

  /** Starts a run that a step of another run asked for with `$.flow.trigger`. @returns its id. */
  async byWorkflow(
    db: Database,
    workflow: WorkflowRow,
    from: WorkflowRunRow,
    event: unknown,
  ): Promise<{ run: string }> {
    return db.transaction().execute(async (tx) => {
      const run = await this.start(tx, workflow, {
        triggerName: null,
        eventKey: newId("flow"),
        event,
        depth: from.depth + 1,
      });
      if (!run) throw new Error("A new run had the key of another one.");
      return { run: run.id };
    });
  }

  eventOf(run: Pick<WorkflowRunRow, "id" | "encrypted_event">): unknown {
    return this.services.encryption.decrypt<unknown>(run.encrypted_event, encryptedFor.workflowEvent(run.id));
  }

  /** Which versions of the components a run begins with: a step that runs another one later says so. */
  async #versions(plan: Plan): Promise<Record<string, string>> {
    const versions: Record<string, string> = {};
    for (const key of plan.components()) {
      const version = await this.services.versionOf(key);
      if (version !== undefined) versions[key] = version;
    }
    return versions;
  }

  async #queueRefusal(
    tx: Tx,
    workflow: WorkflowRow,
    limit: number,
  ): Promise<{ name: string; message: string } | undefined> {
    const waiting = await openRuns(tx, workflow.id, limit);
    if (waiting < limit) return undefined;
    return {
      name: "QueueFull",
      message: `${limit} runs of "${workflow.name}" are waiting or running, which is its queue limit. This run was not started. Repeat it later, or raise settings.queueLimit.`,
    };
  }
}

/** The enabled workflows that have this source as a trigger. */
function startedBy(tx: Tx, trigger: string): Promise<(WorkflowRow & { trigger_name: string })[]> {
  return tx
    .selectFrom("workflow_triggers as t")
    .innerJoin("workflows as w", "w.id", "t.workflow_id")
    .selectAll("w")
    .select("t.name as trigger_name")
    .where("t.trigger_id", "=", trigger)
    .where("w.enabled", "=", true)
    .execute();
}

/** How many runs of a workflow have not ended, counted up to `most`. */
async function openRuns(db: Queryable, workflowId: string, most: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (
      select 1 from workflow_runs where workflow_id = ${workflowId} and status in ('queued', 'running') limit ${most}
    ) as open`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/** Starts a run by hand. */
export async function startByHand(
  db: Database,
  starts: StartRuns,
  workflow: WorkflowRow,
  event: unknown,
): Promise<WorkflowRunRow> {
  return db.transaction().execute(async (tx) => {
    const run = await starts.start(tx, workflow, { triggerName: null, eventKey: newId("hand"), event });
    if (!run) throw new Error("A new run had the key of another one.");
    return run;
  });
}

/** Throws when an event given by hand or by request is too large to keep. */
export function checkEventSize(event: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(event) ?? "");
  if (bytes > MOST_EVENT_BYTES)
    throw new HostError(
      413,
      `The event has ${(bytes / 1e6).toFixed(1)} MB; at most ${MOST_EVENT_BYTES / 1e6} MB are kept.`,
    );
}

function tooDeep(workflow: WorkflowRow): { name: string; message: string } {
  return {
    name: "TooDeep",
    message: `Workflows started each other ${MOST_DEPTH} times on the way to "${workflow.name}", so this run was not started. One of them probably starts itself.`,
  };
}
