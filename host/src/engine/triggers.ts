import { randomUUID } from "node:crypto";
import { HostError, messageOf, notFound } from "../errors";
import { refuseBadProps, type Configured } from "../execution";
import type { ComponentError } from "../runtime/protocol";
import { newId, type Sealer } from "../sealing";
import {
  configuredIn,
  dynamicIn,
  getTrigger,
  insertTrigger,
  listTriggers,
  scheduleIn,
  type TriggerRow,
} from "../store/triggers";
import type { Bus, RunRecord } from "./bus";
import type { Webhook } from "./deliveries";
import { maskSecretProps, openSecretProps, sealSecretProps } from "./secret-props";
import { scheduleOf } from "./schedule";
import type { SourceRuns } from "./source-runs";

export interface DeployRequest extends Configured {
  name?: string;
  emitOnDeploy?: boolean;
  webhookUrl?: string;
  workflowId?: string;
}

export interface TriggerChange {
  active?: boolean;
  name?: string;
  configuredProps?: Record<string, unknown>;
  emitOnDeploy?: boolean;
}

const LOCK_WAIT_MS = 60_000;

/** Deployed sources: made, changed, paused, deleted, and run by hand. */
export class Triggers {
  /** Paused sources whose `activate` is running: their endpoint answers already, since the other side may call back. */
  readonly activating = new Set<string>();

  constructor(
    readonly runs: SourceRuns,
    readonly bus: Bus,
    readonly newWebhook: (url: string) => Webhook,
    /** Called when a trigger may be due. */
    readonly wake: () => void,
  ) {}

  get #sealer(): Sealer {
    return this.runs.parts.sealer;
  }

  get #db(): SourceRuns["parts"]["db"] {
    return this.runs.parts.db;
  }

  list(user: string | undefined): Promise<TriggerRow[]> {
    return listTriggers(this.#db, user);
  }

  /** @throws HostError 404, also for another user's trigger. */
  async get(id: string, user: string | undefined): Promise<TriggerRow> {
    const row = await getTrigger(this.#db, id);
    if (!row || row.state !== "ready" || (user !== undefined && row.external_user_id !== user))
      throw notFound("trigger", id, "It may have been deleted.");
    return row;
  }

  /** Deploys a source: `deploy` and `activate` hooks, then its first poll. When a hook fails, nothing of it stays. */
  async deploy(request: DeployRequest): Promise<TriggerRow> {
    const { component, user, configuredProps } = request;
    const dynamicProps = await this.#dynamicPropsOf(request);
    const schedule = scheduleOf(dynamicProps ?? component.props, configuredProps);
    const id = newId("dc");
    const now = Date.now();
    await insertTrigger(
      this.#db,
      {
        id,
        external_user_id: user,
        component_key: component.key,
        component_version: component.version,
        name: request.name?.trim() || component.name,
        name_slug: (request.name?.trim() || component.name).toLowerCase().replace(/[^a-z0-9]+/g, "-"),
        emit_on_deploy: request.emitOnDeploy ?? true,
        configured_props: JSON.stringify(
          sealSecretProps(dynamicProps ?? component.props, configuredProps, {}, this.#sealer),
        ),
        dynamic_props: dynamicProps ? JSON.stringify(dynamicProps) : null,
        schedule: schedule ? JSON.stringify(schedule) : null,
        endpoint_key: randomUUID().replaceAll("-", ""),
        webhooks: JSON.stringify(request.webhookUrl ? [this.newWebhook(request.webhookUrl)] : []),
        workflow_ids: JSON.stringify(request.workflowId ? [request.workflowId] : []),
      },
      now,
    );
    try {
      await this.#runHooks(id, ["deploy", "activate"]);
    } catch (error) {
      const row = await getTrigger(this.#db, id);
      if (row && component.hooks.includes("deactivate"))
        await this.runs.hook(row, "deactivate").catch(() => undefined);
      await this.#db.query("delete from triggers where id = $1", [id]);
      throw error;
    }
    await this.#db.query(
      "update triggers set state = 'ready', active = true, next_run_at = $2, updated_at = $3 where id = $1",
      [id, schedule ? Date.now() : null, Date.now()],
    );
    this.bus.emit("trigger", id);
    this.wake();
    return this.get(id, user);
  }

  /** Renames, pauses, resumes, or replaces the props; id, state and events stay. */
  async update(id: string, user: string | undefined, change: TriggerChange): Promise<TriggerRow> {
    const row = await this.get(id, user);
    const before = configuredIn(row);
    const isNewProps =
      change.configuredProps !== undefined &&
      JSON.stringify(change.configuredProps) !== JSON.stringify(maskSecretProps(before));
    const active = change.active ?? row.active;
    let configuredProps = before;
    let dynamicProps = dynamicIn(row);
    let schedule = scheduleIn(row);
    // What can be refused is looked at before the source is stopped.
    if (isNewProps) {
      const component = await this.#component(row);
      const known = [...component.props, ...(dynamicProps ?? [])];
      configuredProps = sealSecretProps(known, change.configuredProps ?? {}, before, this.#sealer);
      dynamicProps = await this.#dynamicPropsOf({
        component,
        user: row.external_user_id,
        configuredProps: openSecretProps(configuredProps, this.#sealer),
      });
      schedule = scheduleOf(dynamicProps ?? component.props, configuredProps);
    }
    if (row.active && (!active || isNewProps)) await this.#runHooks(id, ["deactivate"]);
    const starts = active && (!row.active || isNewProps);
    await this.#db.query(
      `update triggers set name = $2, configured_props = $3, dynamic_props = $4, schedule = $5, emit_on_deploy = $6,
         updated_at = $7, active = case when $8 then false else active end,
         next_run_at = case when $8 then null else next_run_at end where id = $1`,
      [
        id,
        change.name?.trim() || row.name,
        JSON.stringify(configuredProps),
        dynamicProps ? JSON.stringify(dynamicProps) : null,
        schedule ? JSON.stringify(schedule) : null,
        change.emitOnDeploy ?? row.emit_on_deploy,
        Date.now(),
        starts || !active,
      ],
    );
    if (starts) {
      this.activating.add(id);
      try {
        await this.#runHooks(id, ["activate"]);
      } catch (error) {
        this.bus.emit("trigger", id);
        throw error;
      } finally {
        this.activating.delete(id);
      }
      await this.#db.query("update triggers set active = true, next_run_at = $2 where id = $1", [
        id,
        schedule ? Date.now() : null,
      ]);
      this.wake();
    }
    this.bus.emit("trigger", id);
    return this.get(id, user);
  }

  /** Deactivates and deletes; a hook that fails keeps the trigger unless told to ignore it. */
  async delete(id: string, user: string | undefined, ignoreHookErrors: boolean): Promise<void> {
    const row = await this.get(id, user);
    if (row.active)
      await this.#runHooks(id, ["deactivate"]).catch((error: unknown) => {
        if (!ignoreHookErrors)
          throw new HostError(
            400,
            `${messageOf(error)} Delete it with ignore_hook_errors=true to delete it all the same.`,
          );
      });
    await this.#db.query("delete from triggers where id = $1", [id]);
    this.bus.emit("trigger", id);
  }

  /** One poll now, after the one that may be running. */
  async runNow(id: string, user: string | undefined): Promise<RunRecord> {
    await this.get(id, user);
    const row = await this.lock(id);
    if (!row)
      throw new HostError(
        409,
        "A run of this trigger has been going on for a minute. Wait for its end and try again.",
      );
    return this.runs.poll(row);
  }

  /** The trigger with its lock taken; undefined when a minute was not enough. */
  async lock(id: string): Promise<TriggerRow | undefined> {
    const row = await this.runs.parts.locks.wait(id, LOCK_WAIT_MS);
    if (!row && !(await getTrigger(this.#db, id))) throw notFound("trigger", id, "It may have been deleted.");
    return row;
  }

  async #component(row: TriggerRow): Promise<Configured["component"]> {
    const component = await this.runs.parts.catalogue.component(row.component_key);
    if (!component) throw new HostError(400, `The source ${row.component_key} is no longer installed.`);
    return component;
  }

  async #dynamicPropsOf(configured: Configured): Promise<Configured["dynamicProps"]> {
    if (!configured.component.hasAdditionalProps || configured.dynamicProps) return configured.dynamicProps;
    const { props, error } = await this.runs.parts.execution.dynamicProps(configured);
    if (error) throw hookError(error);
    return props;
  }

  /** Runs the hooks one after the other, and checks the props even where the source has no such hook. */
  async #runHooks(id: string, hooks: ("deploy" | "activate" | "deactivate")[]): Promise<void> {
    for (const hook of hooks) {
      const row = await getTrigger(this.#db, id);
      if (!row) throw notFound("trigger", id);
      const { failure, error } = await this.runs.hook(row, hook);
      if (failure) throw hookError(failure);
      if (error) throw hookError(error);
    }
  }
}

function hookError(error: ComponentError): HostError {
  try {
    refuseBadProps(error);
  } catch (refusal) {
    return refusal as HostError;
  }
  return new HostError(400, error.message, { name: error.name });
}
