import type { Database, Tx } from "../db/database";
import { databaseTime } from "../db/database";
import type { JobQueue } from "../db/queue";
import type { TriggerRow } from "../db/schema";
import { withoutDeadlock } from "../db/unavailable";
import type { Encryption } from "../encryption";
import { messageOf } from "../errors";
import type { ComponentRegistry, RegisteredComponent } from "../execution/component-registry";
import { hasFiles, type Execution, type RunFiles } from "../execution/execution";
import type { FileStash } from "../execution/file-stash";
import type {
  ComponentError,
  Dedupe,
  ExecutionInput,
  HookName,
  HttpReply,
  Save,
  Task,
} from "../execution/protocol";
import { lockTrigger, storeSaves, type LockedTrigger, type RunClaim } from "./commit";
import type { Publisher } from "./publish";
import { addLog, endRun, newRun, notifyRuns, storeRuns, summaryOf, type RunRecord } from "./run-records";
import { timerEvent } from "./schedule";
import { decryptSecretProps } from "./secret-props";
import { configuredIn, dynamicIn, scheduleIn } from "./trigger-rows";

export interface SourceRunServices {
  db: Database;
  queue: JobQueue;
  publisher: Publisher;
  encryption: Encryption;
  registry: ComponentRegistry;
  execution: Execution;
  timeoutMs: number;
  /** Address of the source's own HTTP endpoint. */
  endpointOf(row: TriggerRow): string;
  stash: FileStash;
  /** The host's own address, at which files are fetched. */
  address(): string;
}

/** One run of a source that is under way. */
export interface SourceRun {
  row: TriggerRow;
  run: RunRecord;
  claim: RunClaim;
  /** Ends the run at once. */
  signal?: AbortSignal;
  /** Stores what has to be stored before a save of this run. */
  beforeSave?: () => Promise<void>;
}

export interface SourceRunOutcome {
  failure?: ComponentError;
  /** What was emitted and written since the last save point; the caller stores it with the end of the run. */
  save?: Save;
  dedupe: Dedupe;
}

/** Runs of one source in a component process: polls, HTTP requests and hooks. */
export class SourceRuns {
  constructor(readonly services: SourceRunServices) {}

  /** Never rejects: what went wrong is in the outcome. */
  poll(run: SourceRun): Promise<SourceRunOutcome> {
    return this.#perform(run, (input) => ({
      type: "source",
      input,
      event: timerEvent(scheduleIn(run.row), run.run.started_at),
    }));
  }

  /** One run for a request at the source's endpoint. */
  http(
    run: SourceRun,
    event: Record<string, unknown>,
    onRespond: (reply: HttpReply) => void,
  ): Promise<SourceRunOutcome> {
    return this.#perform(run, (input) => ({ type: "source", input, event }), onRespond);
  }

  /** Whether the source keeps state between its runs, so that one has to end before the next begins. */
  async keepsState(row: TriggerRow): Promise<boolean> {
    const props = dynamicIn(row) ?? (await this.services.registry.component(row.component_key))?.props;
    return !props || props.some(({ type }) => type === "$.service.db" || type === "data_store");
  }

  /** Runs a hook and stores its record. The source's endpoint answers meanwhile. */
  async hook(row: TriggerRow, hook: HookName): Promise<{ run: RunRecord; failure?: ComponentError }> {
    const { db, queue } = this.services;
    const emitting = hook !== "deploy" || row.emit_on_deploy;
    const run = newRun(row.id, hook, await databaseTime(db));
    const claim: RunClaim = { triggerId: row.id, revision: row.revision };
    const outcome = await this.#perform({ row, run, claim }, (input) => ({
      type: "hook",
      input,
      hook,
      emitting,
    }));
    const failure = outcome.failure;
    await db.transaction().execute(async (tx) => {
      const locked = await lockTrigger(tx, queue, claim);
      if (outcome.save) run.emitted += await this.#storeSave(tx, claim, locked, outcome.dedupe, outcome.save);
      endRun(run, failure, locked.now);
      await storeRuns(tx, [run]);
      await tx
        .updateTable("triggers")
        .set({ last_run: summaryOf(run) })
        .where("id", "=", row.id)
        .execute();
      await notifyRuns(tx, row.id, [run]);
    });
    return failure ? { run, failure } : { run };
  }

  async #perform(
    { row, run, claim, signal, beforeSave }: SourceRun,
    task: (input: ExecutionInput) => Task,
    onRespond?: (reply: HttpReply) => void,
  ): Promise<SourceRunOutcome> {
    const { db, queue, execution, timeoutMs } = this.services;
    let dedupe: Dedupe = null;
    const noteNameless = (save: Save): void => {
      const nameless = dedupe ? save.events.filter((event) => event.id === undefined).length : 0;
      if (nameless > 0)
        addLog(
          run,
          "warn",
          `${nameless} events came without an id, so the source's dedupe "${dedupe}" cannot tell whether they were emitted before.`,
          Date.now(),
        );
    };
    try {
      const component = await this.#componentOf(row);
      dedupe = component.dedupe;
      run.component_version = component.version;
      const dynamicProps = dynamicIn(row);
      const { error, save } = await execution.run({
        component,
        user: row.external_user_id,
        configuredProps: decryptSecretProps(configuredIn(row), row.id, this.services.encryption),
        ...(dynamicProps ? { dynamicProps } : {}),
        files: await this.#filesOf(row, hasFiles({ component, dynamicProps })),
        task,
        timeoutMs,
        ...(signal ? { signal } : {}),
        input: { db: row.db, endpoint: this.services.endpointOf(row), env: { PD_COMPONENT: row.id } },
        handlers: {
          keepsLastSave: true,
          onLog: (entry) => void run.logs.push(entry),
          ...(onRespond ? { onRespond } : {}),
          onSave: async (saved) => {
            noteNameless(saved);
            await beforeSave?.();
            run.emitted += await withoutDeadlock(() =>
              db.transaction().execute(async (tx) => {
                const locked = await lockTrigger(tx, queue, claim);
                return this.#storeSave(tx, claim, locked, dedupe, saved);
              }),
            );
          },
        },
      });
      if (save) noteNameless(save);
      return { dedupe, ...(error ? { failure: error } : {}), ...(save ? { save } : {}) };
    } catch (error) {
      return {
        dedupe,
        failure: { name: error instanceof Error ? error.name : "Error", message: messageOf(error) },
      };
    }
  }

  async #storeSave(
    tx: Tx,
    claim: RunClaim,
    locked: LockedTrigger,
    dedupe: Dedupe,
    save: Save,
  ): Promise<number> {
    const [emitted = 0] = await storeSaves(tx, this.services, claim, locked, dedupe, [save]);
    return emitted;
  }

  /** A source finds its files of the last day again. */
  async #filesOf(row: TriggerRow, wanted: boolean): Promise<RunFiles | undefined> {
    if (!wanted) return undefined;
    const stash = await this.services.stash.open(
      row.external_user_id,
      `stash_${row.id.replace(/\W|_/g, "")}`,
    );
    return stash && { stash, origin: this.services.address() };
  }

  async #componentOf(row: TriggerRow): Promise<RegisteredComponent> {
    const component = await this.services.registry.component(row.component_key);
    if (component) return component;
    throw new Error(
      `The source ${row.component_key} is no longer installed. Install its package again, or delete this trigger.`,
    );
  }
}
