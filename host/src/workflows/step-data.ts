import type { Database } from "../db/database";
import type { Data } from "./expressions/evaluate-values";
import type { Plan } from "./plan";
import type { StepRows } from "./step-rows";
import type { WorkflowRunRow } from "../db/workflow-tables";

/** What a step of a run can read: the trigger, the steps before it, and the items of the loops around it. */
export class StepData {
  readonly #texts = new Map<string, Promise<string>>();
  readonly #visible: Map<string, string>;

  constructor(
    readonly db: Database,
    readonly rows: StepRows,
    readonly run: WorkflowRunRow,
    readonly plan: Plan,
    readonly path: string,
    /** `{ event, context }` of the trigger. */
    readonly trigger: Record<string, unknown>,
    readonly variables: Record<string, unknown>,
  ) {
    this.#visible = plan.visibleFrom(path);
  }

  /** What expressions read. */
  async forExpressions(): Promise<Data> {
    const items = await this.#items();
    return {
      names: ["trigger", ...this.#visible.keys(), ...items.map(({ namespace }) => namespace)],
      load: (name) => this.#text(name, items),
      variables: {
        ...this.variables,
        ...Object.fromEntries(items.map(({ as, item }) => [as, item])),
        ...(items.length > 0 ? { index: items.at(-1)?.index } : {}),
      },
    };
  }

  /** All of it, as a component gets `steps`. Steps that have not run are left out. */
  async forComponent(): Promise<Record<string, unknown>> {
    const items = await this.#items();
    const steps: Record<string, unknown> = { trigger: this.trigger };
    for (const name of this.#visible.keys()) {
      const value = JSON.parse(await this.#text(name, items)) as Record<string, unknown>;
      if (Object.keys(value).length > 0) steps[name] = value;
    }
    for (const { namespace, item, index } of items) steps[namespace] = { item, index };
    return steps;
  }

  async #items(): Promise<{ namespace: string; as: string; index: number; item: unknown }[]> {
    const found = [];
    for (const { loop, index, step } of this.plan.loopsAround(this.path)) {
      const row = await this.db
        .selectFrom("workflow_steps")
        .select(["run_id", "path", "encrypted_resume"])
        .where("run_id", "=", this.run.id)
        .where("path", "=", loop)
        .executeTakeFirst();
      const kept = row && this.rows.resumeData(row);
      const items: unknown[] = Array.isArray(kept) ? kept : [];
      found.push({ namespace: step.namespace, as: step.as, index, item: items[index] ?? null });
    }
    return found;
  }

  #text(name: string, items: { namespace: string; index: number; item: unknown }[]): Promise<string> {
    if (name === "trigger") return Promise.resolve(JSON.stringify(this.trigger));
    const around = items.find(({ namespace }) => namespace === name);
    if (around) return Promise.resolve(JSON.stringify({ item: around.item, index: around.index }));
    let text = this.#texts.get(name);
    const path = this.#visible.get(name);
    if (!text) {
      text = path === undefined ? Promise.resolve("{}") : this.rows.resultText(this.db, this.run.id, path);
      this.#texts.set(name, text);
    }
    return text;
  }
}
