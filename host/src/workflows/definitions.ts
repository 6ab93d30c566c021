import type { Queryable } from "../db/database";
import type { Settings } from "./definition";
import { Plan } from "./plan";
import { readDefinition } from "./read-definition";

/** One version of a workflow, ready to run. */
export interface ReadyVersion {
  plan: Plan;
  settings: Settings;
}

const KEPT = 500;

/** Versions of workflows, read once: a version never changes. */
export class Definitions {
  readonly #read = new Map<string, ReadyVersion>();

  /** @throws Error when the version is not there any more. */
  async get(db: Queryable, workflowId: string, version: number): Promise<ReadyVersion> {
    const key = `${workflowId}:${version}`;
    const known = this.#read.get(key);
    if (known) return known;
    const row = await db
      .selectFrom("workflow_versions")
      .select("definition")
      .where("workflow_id", "=", workflowId)
      .where("version", "=", version)
      .executeTakeFirst();
    const { definition } = readDefinition(row ? (JSON.parse(row.definition) as unknown) : undefined);
    if (!definition)
      throw new Error(`Version ${version} of the workflow is not there, or cannot be read any more.`);
    const ready: ReadyVersion = { plan: new Plan(definition), settings: definition.settings };
    if (this.#read.size >= KEPT) this.#read.clear();
    this.#read.set(key, ready);
    return ready;
  }
}
