import { sql } from "kysely";
import { nowMs, type Database, type Tx } from "../db/database";
import { notify } from "../db/notifications";
import type { WorkflowRow, WorkflowRunRow } from "../db/workflow-tables";
import { newId } from "../encryption";
import { HostError } from "../errors";
import type { CheckDefinition } from "./check-definition";
import { Plan } from "./plan";
import { readDefinition } from "./read-definition";
import type { Runs } from "./runs";
import type { StartRuns } from "./start-runs";
import { storeVersion, wrongDefinition, type Given, type Workflows } from "./workflows";

export interface DraftsServices {
  db: Database;
  workflows: Workflows;
  check: CheckDefinition;
  starts: StartRuns;
  runs: Runs;
}

export interface TestRequest {
  event: unknown;
  /** The step to try alone; absent: all of them. */
  step?: string;
  /** A run whose earlier results that step reads. */
  fromRun?: string;
}

const UNTITLED = "Untitled workflow";

/** Changes of a workflow that are saved and tried before they are published. A draft may be unfinished. */
export class Drafts {
  constructor(readonly services: DraftsServices) {}

  /** A workflow that has nothing but a draft yet. A name that is taken gets a number. */
  async create(given: Given, user: string): Promise<WorkflowRow> {
    const { db, workflows } = this.services;
    const id = newId("wf");
    await db.transaction().execute(async (tx) => {
      const row = { id, external_user_id: user, name: await freeName(tx, nameIn(given), user) };
      await tx
        .insertInto("workflows")
        .values({
          ...row,
          enabled: false,
          version: 0,
          is_gated: false,
          created_at: nowMs(),
          updated_at: nowMs(),
        })
        .execute();
      await storeVersion(tx, id, 1, given, true);
      await notify(tx, { kind: "workflow", workflow: id });
    });
    return workflows.get(id, user);
  }

  /** Saves a draft in place of the one before. One that was tried stays as its runs' version. */
  async save(id: string, given: Given, user: string | undefined): Promise<WorkflowRow> {
    const { db, workflows } = this.services;
    const row = await workflows.get(id, user);
    await db.transaction().execute(async (tx) => {
      await tx.selectFrom("workflows").select("id").where("id", "=", id).forUpdate().execute();
      const last = await lastVersion(tx, id);
      const isUnused = last.is_draft && !(await hasRuns(tx, id, last.version));
      if (isUnused)
        await tx
          .updateTable("workflow_versions")
          .set({ definition: JSON.stringify(given.value), source: given.source, created_at: nowMs() })
          .where("workflow_id", "=", id)
          .where("version", "=", last.version)
          .execute();
      else await storeVersion(tx, id, last.version + 1, given, true);
      // What was never published has no other name than its draft's.
      if (row.version === 0 && nameIn(given) !== row.name)
        await tx
          .updateTable("workflows")
          .set({ name: await freeName(tx, nameIn(given), row.external_user_id, id) })
          .where("id", "=", id)
          .execute();
      await tx.updateTable("workflows").set({ updated_at: nowMs() }).where("id", "=", id).execute();
      await notify(tx, { kind: "workflow", workflow: id });
    });
    return workflows.get(id, user);
  }

  /** The draft that is newer than what is published; undefined without one. */
  async of(workflow: WorkflowRow): Promise<(Given & { version: number }) | undefined> {
    const row = await this.services.db
      .selectFrom("workflow_versions")
      .select(["version", "definition", "source", "is_draft"])
      .where("workflow_id", "=", workflow.id)
      .where("version", ">", workflow.version)
      .orderBy("version", "desc")
      .limit(1)
      .executeTakeFirst();
    if (!row?.is_draft) return undefined;
    return { version: row.version, value: JSON.parse(row.definition) as unknown, source: row.source };
  }

  /** Takes drafts away; those that were tried stay as their runs' versions, below a copy of what is published. */
  async discard(id: string, user: string | undefined): Promise<WorkflowRow> {
    const { db, workflows } = this.services;
    const row = await workflows.get(id, user);
    if (row.version === 0)
      throw new HostError(409, "This workflow has nothing but its draft. Delete the workflow instead.");
    await db
      .updateTable("workflow_versions")
      .set({ is_draft: false })
      .where("workflow_id", "=", id)
      .where("version", ">", row.version)
      .execute();
    await removeUnusedAfter(db, id, row.version);
    return workflows.get(id, user);
  }

  /**
   * Runs the draft, or what is published where there is none: all of it, or one step with the results of a run before.
   *
   * @throws HostError 400 with `problems` for a draft that cannot run.
   */
  async test(id: string, request: TestRequest, user: string | undefined): Promise<WorkflowRunRow> {
    const { db, workflows, check, starts, runs } = this.services;
    const workflow = await workflows.get(id, user);
    const draft = await this.of(workflow);
    const version = draft?.version ?? workflow.version;
    const { value } = draft ?? (await workflows.version(id, version));
    const { definition, problems } = readDefinition(value);
    if (!definition) throw wrongDefinition(problems);
    if (request.step === undefined) {
      const found = await check.problems(definition, workflow.external_user_id);
      if (found.length > 0) throw wrongDefinition(found);
    } else if (!new Plan(definition).has(request.step))
      throw new HostError(400, `The workflow has no step "${request.step}".`);
    if (request.fromRun !== undefined) await runs.get(request.fromRun, user);
    return db.transaction().execute(async (tx) => {
      const run = await starts.start(tx, workflow, {
        triggerName: null,
        eventKey: newId("test"),
        event: request.event,
        isTest: true,
        version,
        ...(request.step === undefined ? {} : { from: request.step, only: request.step }),
        ...(request.fromRun === undefined ? {} : { copyOf: request.fromRun }),
      });
      if (!run) throw new Error("A new run had the key of another one.");
      return run;
    });
  }
}

function nameIn({ value }: Given): string {
  const name = typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
  return typeof name === "string" && name.trim() !== "" ? name.trim().slice(0, 200) : UNTITLED;
}

async function freeName(tx: Tx, wanted: string, user: string, own = ""): Promise<string> {
  // Until this transaction ends nobody else finds the same name free.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`names of workflows of ${user}`}, 0))`.execute(
    tx,
  );
  const rows = await tx
    .selectFrom("workflows")
    .select("name")
    .where("external_user_id", "=", user)
    .where("id", "!=", own)
    .execute();
  const taken = new Set(rows.map(({ name }) => name));
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted} ${n}`;
  return name;
}

async function lastVersion(tx: Tx, id: string): Promise<{ version: number; is_draft: boolean }> {
  return tx
    .selectFrom("workflow_versions")
    .select(["version", "is_draft"])
    .where("workflow_id", "=", id)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
}

async function hasRuns(tx: Tx, id: string, version: number): Promise<boolean> {
  const run = await tx
    .selectFrom("workflow_runs")
    .select("id")
    .where("workflow_id", "=", id)
    .where("version", "=", version)
    .limit(1)
    .executeTakeFirst();
  return run !== undefined;
}

/** Versions above this one that no run has. */
async function removeUnusedAfter(db: Database, id: string, version: number): Promise<void> {
  await db
    .deleteFrom("workflow_versions as v")
    .where("workflow_id", "=", id)
    .where("version", ">", version)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("workflow_runs as r")
            .select("r.id")
            .whereRef("r.workflow_id", "=", "v.workflow_id")
            .whereRef("r.version", "=", "v.version"),
        ),
      ),
    )
    .execute();
}
