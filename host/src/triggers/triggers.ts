import { randomUUID } from "node:crypto";
import { nowMs, type Database } from "../db/database";
import type { TriggerRow } from "../db/schema";
import { newId } from "../encryption";
import { HostError, messageOf, notFound } from "../errors";
import type { Configured } from "../execution/execution";
import { Changes, type Change, type ChangeServices } from "./changes";
import { abandonedTriggers } from "./housekeeping";
import { getRun, type RunRecord } from "./run-records";
import type { RunRequests } from "./run-requests";
import type { SourceRuns } from "./source-runs";
import { changedSettings, hookError, settingsFor, type Settings } from "./trigger-settings";
import { getTrigger, listTriggers, scheduleIn } from "./trigger-rows";
import { newWebhook } from "./webhooks";

export interface DeployRequest extends Configured {
  name?: string | undefined;
  emitOnDeploy?: boolean | undefined;
  webhookUrl?: string | undefined;
  workflowId?: string | undefined;
}

export interface TriggerChange {
  active?: boolean | undefined;
  name?: string | undefined;
  configuredProps?: Record<string, unknown> | undefined;
  emitOnDeploy?: boolean | undefined;
}

/** Deployed sources: made, changed, paused, deleted, and run by hand. */
export class Triggers {
  readonly #changes: Changes;
  readonly #stopped = new AbortController();

  constructor(
    services: ChangeServices,
    readonly runs: SourceRuns,
    readonly requests: RunRequests,
  ) {
    this.#changes = new Changes(services);
  }

  get #db(): Database {
    return this.runs.services.db;
  }

  /** Tells those who wait for a turn to come again later. */
  stop(): void {
    this.#stopped.abort();
  }

  get stopped(): AbortSignal {
    return this.#stopped.signal;
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
    const id = newId("dc");
    const settings = await settingsFor(this.runs.services, id, request);
    return this.#changes.inTurn(id, async () => {
      await this.#insert(id, request, settings);
      try {
        await this.#runHooks(id, ["deploy", "activate"]);
      } catch (error) {
        await this.#deactivate(id).catch(() => undefined);
        await this.#db.deleteFrom("triggers").where("id", "=", id).execute();
        throw error;
      }
      await this.#db
        .updateTable("triggers")
        .set({
          state: "ready",
          active: true,
          next_run_at: settings.schedule ? nowMs() : null,
          updated_at: nowMs(),
        })
        .where("id", "=", id)
        .execute();
      return this.get(id, request.user);
    });
  }

  /** Renames, pauses, resumes, or replaces the props; id, state and events stay. What is refused changes nothing. */
  update(id: string, user: string | undefined, change: TriggerChange): Promise<TriggerRow> {
    return this.#changes.inTurn(id, async (turn) => {
      const row = await this.get(id, user);
      const settings = await changedSettings(this.runs.services, row, change.configuredProps);
      const active = change.active ?? row.active;
      if (settings || active !== row.active) await this.#restart(turn, row, settings ?? row, active);
      await this.#db
        .updateTable("triggers")
        .set({
          name: change.name?.trim() || row.name,
          emit_on_deploy: change.emitOnDeploy ?? row.emit_on_deploy,
          updated_at: nowMs(),
        })
        .where("id", "=", id)
        .execute();
      return this.get(id, user);
    });
  }

  /** Deactivates and deletes; a hook that fails keeps the trigger unless told to ignore it. */
  delete(id: string, user: string | undefined, ignoreHookErrors: boolean): Promise<void> {
    return this.#changes.inTurn(id, async (turn) => {
      await this.get(id, user);
      await turn.alone(async (row) => {
        if (row.active)
          await this.#deactivate(id).catch((error: unknown) => {
            if (!ignoreHookErrors)
              throw new HostError(
                400,
                `${messageOf(error)} Delete it with ignore_hook_errors=true to delete it all the same.`,
              );
          });
        await this.#db.deleteFrom("triggers").where("id", "=", id).execute();
      });
    });
  }

  /** One poll now, after the one that may be running. A source that was failing returns to its schedule. */
  async runNow(id: string, user: string | undefined): Promise<RunRecord> {
    const row = await this.get(id, user);
    const reply = await this.requests.poll(row, this.#stopped.signal);
    const run = reply.kind === "ended" ? await getRun(this.#db, reply.run) : undefined;
    if (run) return run;
    await this.get(id, user);
    throw new HostError(
      409,
      "A run of this trigger has been going on for a minute. Wait for its end and try again.",
    );
  }

  /**
   * Ends what a host began and did not live to end. The source may have registered itself at the other side, so its `deactivate` hook is
   * called first. A deployment is removed then; a trigger that was being changed is started again, or stays paused when it cannot be.
   */
  async endAbandoned(): Promise<void> {
    for (const id of await abandonedTriggers(this.#db))
      await this.#changes.inTurn(id, async () => {
        const row = await getTrigger(this.#db, id);
        if (!row || (row.state === "ready" && !row.activating)) return;
        const isDeploying = row.state !== "ready";
        if (isDeploying || !row.active) await this.#deactivate(id).catch(() => undefined);
        if (isDeploying) {
          await this.#db.deleteFrom("triggers").where("id", "=", id).execute();
          return;
        }
        try {
          if (!row.active) await this.#start(id);
        } catch {
          // Its run record says why; somebody resumes it.
        } finally {
          await this.#setActivating(id, false);
        }
      });
  }

  async #insert(id: string, request: DeployRequest, settings: Settings): Promise<void> {
    const { component, user } = request;
    const name = request.name?.trim() || component.name;
    await this.#db.transaction().execute(async (tx) => {
      await tx
        .insertInto("triggers")
        .values({
          id,
          external_user_id: user,
          component_key: component.key,
          component_version: component.version,
          name,
          name_slug: name.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
          state: "deploying",
          active: false,
          emit_on_deploy: request.emitOnDeploy ?? true,
          ...settings,
          endpoint_key: randomUUID().replaceAll("-", ""),
          workflow_ids: JSON.stringify(request.workflowId ? [request.workflowId] : []),
          created_at: nowMs(),
          updated_at: nowMs(),
        })
        .execute();
      if (request.webhookUrl)
        await tx
          .insertInto("webhooks")
          .values(newWebhook(id, 0, request.webhookUrl, this.runs.services.encryption))
          .execute();
    });
  }

  /** Stops the source and starts it with these settings; when it refuses them, it goes on as it was before. */
  async #restart(turn: Change, before: TriggerRow, settings: Settings, active: boolean): Promise<void> {
    const { id } = before;
    if (!active) return this.#stop(turn, id, settings);
    try {
      await this.#setActivating(id, true);
      await this.#stop(turn, id, settings);
      await this.#start(id).catch(async (error: unknown) => {
        await this.#stop(turn, id, before, true);
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
      await this.#setActivating(id, false);
    }
  }

  async #setActivating(id: string, activating: boolean): Promise<void> {
    await this.#db.updateTable("triggers").set({ activating }).where("id", "=", id).execute();
  }

  /**
   * Deactivates the source and stores settings for its next start. One that cannot be deactivated is stopped all the same, since its
   * account may be gone; the record of the run says so.
   */
  #stop(turn: Change, id: string, settings: Settings, isHalfStarted = false): Promise<void> {
    const { configured_props, dynamic_props, schedule, timers, account_id } = settings;
    return turn.alone(async (row) => {
      if (row.active || isHalfStarted) await this.#deactivate(id).catch(() => undefined);
      await this.#db
        .updateTable("triggers")
        .set({
          configured_props,
          dynamic_props,
          schedule,
          timers,
          account_id,
          active: false,
          next_run_at: null,
          failures: 0,
          failing_since: null,
        })
        .where("id", "=", id)
        .execute();
    });
  }

  async #start(id: string): Promise<void> {
    const row = await this.#runHooks(id, ["activate"]);
    await this.#db
      .updateTable("triggers")
      .set({ active: true, next_run_at: scheduleIn(row) ? nowMs() : null })
      .where("id", "=", id)
      .execute();
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
      const { failure } = await this.runs.hook(row, hook);
      if (failure) throw hookError(failure);
    }
    const row = await getTrigger(this.#db, id);
    if (!row) throw notFound("trigger", id);
    return row;
  }
}
