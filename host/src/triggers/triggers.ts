import { randomUUID } from "node:crypto";
import { HostError, messageOf, notFound } from "../errors";
import type { Configured } from "../execution/execution";
import { newId } from "../encryption";
import { getTrigger, insertTrigger, listTriggers, scheduleIn, type TriggerRow } from "./trigger-rows";
import type { Events, RunRecord } from "./events";
import type { Webhook } from "./deliveries";
import type { SourceRuns } from "./source-runs";
import { changedSettings, hookError, settingsFor, type Settings } from "./trigger-settings";

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
/** How long a change waits for the run that goes on before it cuts it off. */
const STOP_WAIT_MS = 10_000;

/** Deployed sources: made, changed, paused, deleted, and run by hand. */
export class Triggers {
  /** Paused sources whose `activate` is running: their endpoint answers already, since the other side may call back. */
  readonly activating = new Set<string>();
  /** Changes of a trigger, one after the other. */
  readonly #changes = new Map<string, Promise<unknown>>();
  /** Triggers that a change is stopping: new runs wait until it is done. */
  readonly #stopping = new Map<string, Promise<unknown>>();

  constructor(
    readonly runs: SourceRuns,
    readonly events: Events,
    readonly newWebhook: (url: string) => Webhook,
    /** Called when a trigger may be due. */
    readonly wake: () => void,
  ) {}

  get #db(): SourceRuns["services"]["db"] {
    return this.runs.services.db;
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
    const { component, user } = request;
    const settings = await settingsFor(this.runs.services, request);
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
        ...settings,
        endpoint_key: randomUUID().replaceAll("-", ""),
        webhooks: JSON.stringify(request.webhookUrl ? [this.newWebhook(request.webhookUrl)] : []),
        workflow_ids: JSON.stringify(request.workflowId ? [request.workflowId] : []),
      },
      now,
    );
    try {
      await this.#runHooks(id, ["deploy", "activate"]);
    } catch (error) {
      await this.#deactivate(id).catch(() => undefined);
      await this.#db.query("delete from triggers where id = $1", [id]);
      throw error;
    }
    await this.#db.query(
      "update triggers set state = 'ready', active = true, next_run_at = $2, updated_at = $3 where id = $1",
      [id, settings.schedule ? Date.now() : null, Date.now()],
    );
    this.events.emit("trigger", id);
    this.wake();
    return this.get(id, user);
  }

  /** Renames, pauses, resumes, or replaces the props; id, state and events stay. What is refused changes nothing. */
  update(id: string, user: string | undefined, change: TriggerChange): Promise<TriggerRow> {
    return this.#inTurn(id, async () => {
      const row = await this.get(id, user);
      const settings = await changedSettings(this.runs.services, row, change.configuredProps);
      const active = change.active ?? row.active;
      try {
        if (settings || active !== row.active) await this.#restart(row, settings ?? row, active);
        await this.#db.query(
          "update triggers set name = $2, emit_on_deploy = $3, updated_at = $4 where id = $1",
          [id, change.name?.trim() || row.name, change.emitOnDeploy ?? row.emit_on_deploy, Date.now()],
        );
      } finally {
        this.events.emit("trigger", id);
      }
      return this.get(id, user);
    });
  }

  /** Deactivates and deletes; a hook that fails keeps the trigger unless told to ignore it. */
  delete(id: string, user: string | undefined, ignoreHookErrors: boolean): Promise<void> {
    return this.#inTurn(id, async () => {
      await this.get(id, user);
      await this.#alone(id, async (row) => {
        if (row.active)
          await this.#deactivate(id).catch((error: unknown) => {
            if (!ignoreHookErrors)
              throw new HostError(
                400,
                `${messageOf(error)} Delete it with ignore_hook_errors=true to delete it all the same.`,
              );
          });
        await this.#db.query("delete from triggers where id = $1", [id]);
      });
      this.events.emit("trigger", id);
    });
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
    await this.#stopping.get(id);
    const row = await this.runs.services.locks.wait(id, LOCK_WAIT_MS);
    if (!row && !(await getTrigger(this.#db, id))) throw notFound("trigger", id, "It may have been deleted.");
    return row;
  }

  /** Stops the source and starts it with these settings; when it refuses them, it goes on as it was before. */
  async #restart(before: TriggerRow, settings: Settings, active: boolean): Promise<void> {
    const { id } = before;
    if (!active) return this.#stop(id, settings);
    this.activating.add(id);
    try {
      await this.#stop(id, settings);
      await this.#start(id).catch(async (error: unknown) => {
        await this.#stop(id, before, true);
        if (before.active)
          await this.#start(id).catch((again: unknown) => {
            throw new HostError(
              400,
              `${messageOf(error)} With the settings from before it could not be started again either, so it is paused: ${messageOf(again)}`,
            );
          });
        throw error;
      });
    } finally {
      this.activating.delete(id);
    }
  }

  /**
   * Deactivates the source and stores settings for its next start. One that cannot be deactivated is stopped all the same, since its
   * account may be gone; the record of the run says so.
   */
  #stop(id: string, settings: Settings, isHalfStarted = false): Promise<void> {
    const { configured_props, dynamic_props, schedule } = settings;
    return this.#alone(id, async (row) => {
      if (row.active || isHalfStarted) await this.#deactivate(id).catch(() => undefined);
      await this.#db.query(
        "update triggers set configured_props = $2, dynamic_props = $3, schedule = $4, active = false, next_run_at = null where id = $1",
        [id, configured_props, dynamic_props, schedule],
      );
    });
  }

  async #start(id: string): Promise<void> {
    const row = await this.#runHooks(id, ["activate"]);
    await this.#db.query("update triggers set active = true, next_run_at = $2 where id = $1", [
      id,
      scheduleIn(row) ? Date.now() : null,
    ]);
    this.wake();
  }

  /** Does something while no run goes on and none begins. One that takes too long is cut off: it is done again after what it saved. */
  async #alone(id: string, work: (row: TriggerRow) => Promise<void>): Promise<void> {
    const { locks } = this.runs.services;
    let done = (): void => undefined;
    this.#stopping.set(id, new Promise<void>((resolve) => (done = resolve)));
    try {
      const row = (await locks.wait(id, STOP_WAIT_MS)) ?? (await locks.take(id));
      if (!row) throw notFound("trigger", id, "It may have been deleted.");
      try {
        await work(row);
      } finally {
        await locks.free(row.lock_run ?? "");
      }
    } finally {
      this.#stopping.delete(id);
      done();
    }
  }

  #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#changes.get(id) ?? Promise.resolve()).then(work);
    const settled = turn
      .catch(() => undefined)
      .finally(() => {
        if (this.#changes.get(id) === settled) this.#changes.delete(id);
      });
    this.#changes.set(id, settled);
    return turn;
  }

  /** Runs the hook where the source has one. */
  async #deactivate(id: string): Promise<void> {
    const row = await getTrigger(this.#db, id);
    const component = row && (await this.runs.services.registry.component(row.component_key));
    if (component?.hooks.includes("deactivate")) await this.#runHooks(id, ["deactivate"]);
  }

  /** Runs the hooks one after the other, and checks the props even where the source has no such hook. */
  async #runHooks(id: string, hooks: ("deploy" | "activate" | "deactivate")[]): Promise<TriggerRow> {
    for (const hook of hooks) {
      const row = await getTrigger(this.#db, id);
      if (!row) throw notFound("trigger", id);
      const { failure, error } = await this.runs.hook(row, hook);
      if (failure) throw hookError(failure);
      if (error) throw hookError(error);
    }
    const row = await getTrigger(this.#db, id);
    if (!row) throw notFound("trigger", id);
    return row;
  }
}
