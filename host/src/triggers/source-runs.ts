import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../errors";
import type { Execution } from "../execution/execution";
import type { ComponentRegistry, RegisteredComponent } from "../execution/component-registry";
import type {
  ComponentError,
  ExecutionInput,
  HookName,
  HttpReply,
  LogEntry,
  Task,
} from "../execution/protocol";
import { newId, type Encryption } from "../encryption";
import type { Database, Queryable } from "../db/database";
import { configuredIn, dynamicIn, finishRun, scheduleIn, type TriggerRow } from "./trigger-rows";
import type { Events, EventRecord, RunRecord } from "./events";
import { commitSave } from "./commit";
import type { Locks } from "./locks";
import { decryptSecretProps } from "./secret-props";
import { nextRun, timerEvent } from "./schedule";

export interface SourceRunServices {
  db: Database;
  locks: Locks;
  encryption: Encryption;
  registry: ComponentRegistry;
  execution: Execution;
  events: Events;
  /** False where events of all processes come to the events from the database. */
  publishes: boolean;
  timeoutMs: number;
  /** Pauses before a run that could not be recorded is tried to be recorded again. */
  retryMs?: number[];
  /** Address of the source's own HTTP endpoint. */
  endpointOf(row: TriggerRow): string;
  enqueueDeliveries(tx: Queryable, row: TriggerRow, events: EventRecord[]): Promise<void>;
}

const RETRY_MS = [250, 500, 1000, 2000, 4000, 8000];

/** Runs of one source: polls, HTTP requests and hooks, each with a record of what came of it. */
export class SourceRuns {
  constructor(readonly services: SourceRunServices) {}

  /** One poll of a trigger whose lock the caller has taken. The record says what went wrong; rejects only when it cannot be stored. */
  poll(row: TriggerRow): Promise<RunRecord> {
    return this.#record(row, "poll", row.lock_run ?? undefined, (input) => ({
      type: "source",
      input,
      event: timerEvent(scheduleIn(row), Date.now()),
    }));
  }

  /** One run for a request at the source's endpoint, under its lock. */
  http(
    row: TriggerRow,
    event: Record<string, unknown>,
    onRespond: (reply: HttpReply) => void,
  ): Promise<RunRecord> {
    return this.#record(
      row,
      "http",
      row.lock_run ?? undefined,
      (input) => ({ type: "source", input, event }),
      onRespond,
    );
  }

  /** A hook holds no lock: the source's endpoint must answer while `activate` runs. */
  hook(row: TriggerRow, hook: HookName): Promise<RunRecord & { failure?: ComponentError }> {
    const emitting = hook !== "deploy" || row.emit_on_deploy;
    return this.#record(row, hook, undefined, (input) => ({ type: "hook", input, hook, emitting }));
  }

  async #record(
    row: TriggerRow,
    kind: RunRecord["kind"],
    lock: string | undefined,
    task: (input: ExecutionInput) => Task,
    onRespond?: (reply: HttpReply) => void,
  ): Promise<RunRecord & { failure?: ComponentError }> {
    const { events } = this.services;
    const run: RunRecord = {
      id: newId("run"),
      trigger_id: row.id,
      kind,
      started_at: Date.now(),
      finished_at: null,
      status: "running",
      emitted: 0,
      error: null,
      logs: [],
    };
    events.emit("run", { ...run });
    const failure = await this.#perform(row, run, lock, task, onRespond);
    run.finished_at = Date.now();
    run.status = failure ? "error" : "ok";
    run.error = failure ? { name: failure.name, message: failure.message } : null;
    await this.#finish(run, lock ? { run: lock, nextRunAt: dueAfter(row, run, failure) } : undefined);
    events.emit("run", run);
    return failure ? { ...run, failure } : run;
  }

  /** Records the end, again when the database is away for a moment. Whatever comes of it, the lock is not renewed from here on. */
  async #finish(run: RunRecord, lock: Parameters<typeof finishRun>[2]): Promise<void> {
    const { db, locks, retryMs = RETRY_MS } = this.services;
    try {
      for (const pause of [...retryMs, undefined])
        try {
          return await finishRun(db, run, lock);
        } catch (error) {
          if (pause === undefined) throw error;
          await delay(pause);
        }
    } finally {
      if (lock) locks.forget(lock.run);
    }
  }

  async #perform(
    row: TriggerRow,
    run: RunRecord,
    lock: string | undefined,
    task: (input: ExecutionInput) => Task,
    onRespond?: (reply: HttpReply) => void,
  ): Promise<ComponentError | undefined> {
    const { db, execution, events, timeoutMs } = this.services;
    const note = (entry: LogEntry): void => void run.logs.push(entry);
    try {
      const component = await this.#componentOf(row);
      const configuredProps = decryptSecretProps(configuredIn(row), this.services.encryption);
      const { error } = await execution.run({
        component,
        user: row.external_user_id,
        configuredProps,
        dynamicProps: dynamicIn(row),
        task,
        timeoutMs,
        input: {
          db: row.db,
          endpoint: this.services.endpointOf(row),
          env: { PD_COMPONENT: row.id },
        },
        handlers: {
          onLog: note,
          onRespond,
          onSave: async (save) => {
            const records = await commitSave(
              db,
              {
                triggerId: row.id,
                dedupe: component.dedupe,
                lock,
                enqueueDeliveries: (tx, records) => this.services.enqueueDeliveries(tx, row, records),
              },
              save,
            );
            const nameless = component.dedupe
              ? save.events.filter((event) => event.id === undefined).length
              : 0;
            if (nameless > 0)
              note({
                ts: Date.now(),
                level: "warn",
                message: `${nameless} events came without an id, so the source's dedupe "${component.dedupe}" cannot tell whether they were emitted before.`,
              });
            run.emitted += records.length;
            if (this.services.publishes) for (const record of records) events.emit("emit", record);
          },
        },
      });
      return error;
    } catch (error) {
      return { name: error instanceof Error ? error.name : "Error", message: messageOf(error) };
    }
  }

  async #componentOf(row: TriggerRow): Promise<RegisteredComponent> {
    const component = await this.services.registry.component(row.component_key);
    if (component) return component;
    throw new Error(
      `The source ${row.component_key} is no longer installed. Install its package again, or delete this trigger.`,
    );
  }
}

const UNREADABLE_SCHEDULE_MS = 3600_000;

/** When the trigger is due after a poll; `null` leaves it as it is. A poll that the host's stop cut off stays due. */
function dueAfter(row: TriggerRow, run: RunRecord, failure: ComponentError | undefined): number | null {
  const schedule = scheduleIn(row);
  if (run.kind !== "poll" || !schedule || row.next_run_at === null || failure?.limit === "stopped")
    return null;
  const now = run.finished_at ?? Date.now();
  try {
    return nextRun(schedule, row.next_run_at, now);
  } catch (error) {
    // Whatever is stored as a schedule, the run must come to its end.
    run.logs.push({
      ts: now,
      level: "error",
      message: `The next time cannot be told from the schedule (${messageOf(error)}), so it is in an hour. Set the schedule anew.`,
    });
    return now + UNREADABLE_SCHEDULE_MS;
  }
}
