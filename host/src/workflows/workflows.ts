import { nowMs, type Database, type Tx } from "../db/database";
import { notify } from "../db/notifications";
import { newId } from "../encryption";
import { HostError, notFound } from "../errors";
import type { CheckDefinition } from "./check-definition";
import type { Definition } from "./definition";
import { readDefinition, type DefinitionProblem } from "./read-definition";
import type { WorkflowRow } from "../db/workflow-tables";
import type { WorkflowTriggers } from "./workflow-triggers";
import { parseYaml, toYaml } from "./yaml";

export interface WorkflowsServices {
  db: Database;
  check: CheckDefinition;
  triggers: WorkflowTriggers;
}

/** A definition as it came: data, and the YAML text where it was one. */
export interface Given {
  value: unknown;
  source: string | null;
}

/** Workflows of users: made, changed, enabled, and taken back to an earlier version. */
export class Workflows {
  constructor(readonly services: WorkflowsServices) {}

  get #db(): Database {
    return this.services.db;
  }

  async list(user: string | undefined): Promise<WorkflowRow[]> {
    return this.#db
      .selectFrom("workflows")
      .selectAll()
      .$if(user !== undefined, (query) => query.where("external_user_id", "=", user ?? ""))
      .orderBy("name")
      .execute();
  }

  /** @throws HostError 404, also for another user's workflow. */
  async get(id: string, user: string | undefined): Promise<WorkflowRow> {
    const row = await this.#db.selectFrom("workflows").selectAll().where("id", "=", id).executeTakeFirst();
    if (!row || (user !== undefined && row.external_user_id !== user))
      throw notFound("workflow", id, "It may have been deleted.");
    return row;
  }

  /** The workflow with this id or name. @throws HostError 404. */
  async find(idOrName: string, user: string): Promise<WorkflowRow> {
    const row = await this.#db
      .selectFrom("workflows")
      .selectAll()
      .where("external_user_id", "=", user)
      .where((eb) => eb.or([eb("id", "=", idOrName), eb("name", "=", idOrName)]))
      .executeTakeFirst();
    if (!row) throw notFound("workflow", idOrName, "It may have been deleted.");
    return row;
  }

  /** What would be wrong with a definition here, and nothing is changed. */
  async problems(given: Given, user: string): Promise<DefinitionProblem[]> {
    const { definition, problems } = readDefinition(given.value);
    return definition ? this.services.check.problems(definition, user) : problems;
  }

  /** @throws HostError 400 with `problems`, 409 for a name that is taken. */
  async create(given: Given, user: string, enabled: boolean): Promise<WorkflowRow> {
    const definition = await this.#checked(given, user);
    const id = newId("wf");
    await this.#db.transaction().execute(async (tx) => {
      await tx
        .insertInto("workflows")
        .values({
          id,
          external_user_id: user,
          name: definition.name,
          // Its sources begin to emit while they are set up, and those events count.
          enabled,
          version: 1,
          is_gated: isGated(definition),
          created_at: nowMs(),
          updated_at: nowMs(),
        })
        .execute()
        .catch(nameTaken(definition.name));
      await storeVersion(tx, id, 1, given);
      await notify(tx, { kind: "workflow", workflow: id });
    });
    try {
      await this.services.triggers.apply(await this.get(id, user), definition);
    } catch (error) {
      await this.services.triggers.remove(id, user);
      await this.#db.deleteFrom("workflows").where("id", "=", id).execute();
      throw error;
    }
    return this.get(id, user);
  }

  /** A new version. One that is the same as the present one changes nothing. Triggers that are as they were go on. */
  async update(id: string, given: Given, user: string | undefined): Promise<WorkflowRow> {
    const row = await this.get(id, user);
    const definition = await this.#checked(given, row.external_user_id);
    const present = row.version === 0 ? undefined : await this.version(id, row.version);
    if (
      present &&
      JSON.stringify(present.value) === JSON.stringify(given.value) &&
      present.source === given.source
    )
      return row;
    const undo = await this.services.triggers.apply(row, definition);
    try {
      await this.#db.transaction().execute(async (tx) => {
        await tx.selectFrom("workflows").select("id").where("id", "=", id).forUpdate().execute();
        const { last } = await tx
          .selectFrom("workflow_versions")
          .select(({ fn }) => fn.max("version").as("last"))
          .where("workflow_id", "=", id)
          .executeTakeFirstOrThrow();
        const version = Number(last) + 1;
        await storeVersion(tx, id, version, given);
        await tx
          .updateTable("workflows")
          .set({ name: definition.name, version, is_gated: isGated(definition), updated_at: nowMs() })
          .where("id", "=", id)
          .execute()
          .catch(nameTaken(definition.name));
        await notify(tx, { kind: "workflow", workflow: id });
      });
    } catch (error) {
      await undo();
      throw error;
    }
    return this.get(id, user);
  }

  /** Starts or stops to take events. Runs that were begun go on. */
  async enable(id: string, user: string | undefined, enabled: boolean): Promise<WorkflowRow> {
    const row = await this.get(id, user);
    if (row.enabled === enabled) return row;
    if (row.version === 0)
      throw new HostError(409, "This workflow was never published. Publish it, then enable it.");
    await this.services.triggers.activate(row, enabled);
    await this.#db.transaction().execute(async (tx) => {
      await tx.updateTable("workflows").set({ enabled, updated_at: nowMs() }).where("id", "=", id).execute();
      await notify(tx, { kind: "workflow", workflow: id });
    });
    return this.get(id, user);
  }

  /** With its triggers, versions and runs. */
  async delete(id: string, user: string | undefined): Promise<void> {
    const row = await this.get(id, user);
    await this.services.triggers.remove(id, row.external_user_id);
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom("workflows").where("id", "=", id).execute();
      await notify(tx, { kind: "workflow", workflow: id });
    });
  }

  /** Those that were published, newest first. */
  async versions(id: string): Promise<{ version: number; created_at: number }[]> {
    return this.#db
      .selectFrom("workflow_versions")
      .select(["version", "created_at"])
      .where("workflow_id", "=", id)
      .where("is_draft", "=", false)
      .orderBy("version", "desc")
      .execute();
  }

  /** A version as it was given. @throws HostError 404. */
  async version(id: string, version: number): Promise<Given> {
    const row = await this.#db
      .selectFrom("workflow_versions")
      .select(["definition", "source"])
      .where("workflow_id", "=", id)
      .where("version", "=", version)
      .executeTakeFirst();
    if (!row) throw notFound("version", String(version), "Versions of a workflow count from 1.");
    return { value: JSON.parse(row.definition) as unknown, source: row.source };
  }

  /** Makes a new version that is as an earlier one was. */
  async restore(id: string, version: number, user: string | undefined): Promise<WorkflowRow> {
    await this.get(id, user);
    return this.update(id, await this.version(id, version), user);
  }

  async #checked(given: Given, user: string): Promise<Definition> {
    const { definition, problems } = readDefinition(given.value);
    const found = definition ? await this.services.check.problems(definition, user) : problems;
    if (found.length > 0 || !definition) throw wrongDefinition(found);
    return definition;
  }
}

/** A request's body as a definition: JSON, or YAML by its content type. @throws HostError 400 with the line. */
export function givenBy(body: unknown, isYaml: boolean): Given {
  if (!isYaml) return { value: body, source: null };
  const source = typeof body === "string" ? body : "";
  const read = parseYaml(source);
  if ("problems" in read) throw wrongDefinition(read.problems);
  return { value: read.value, source };
}

/** The text that a version was given as; made from the data where it came as JSON. */
export function yamlOf(given: Given): string {
  return given.source ?? toYaml(given.value);
}

export function wrongDefinition(problems: DefinitionProblem[]): HostError {
  const shown = problems.slice(0, 5).map(({ path, reason }) => `${path} ${reason}`);
  return new HostError(400, `The workflow cannot be used as it is. ${shown.join(" ")}`, { problems });
}

export async function storeVersion(
  tx: Tx,
  id: string,
  version: number,
  { value, source }: Given,
  isDraft = false,
): Promise<void> {
  await tx
    .insertInto("workflow_versions")
    .values({
      workflow_id: id,
      version,
      definition: JSON.stringify(value),
      source,
      is_draft: isDraft,
      created_at: nowMs(),
    })
    .execute();
}

function isGated({ settings }: Definition): boolean {
  return settings.concurrency !== undefined || settings.orderBy !== undefined;
}

/** PostgreSQL's "unique violation" as words. */
function nameTaken(name: string): (error: unknown) => never {
  return (error) => {
    if ((error as { code?: unknown }).code === "23505")
      throw new HostError(
        409,
        `There is a workflow "${name}" already. Change that one, or choose another name.`,
      );
    throw error;
  };
}
