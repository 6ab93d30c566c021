import { sql } from "kysely";
import {
  fromKysely,
  PgBoss,
  type JobWithMetadata,
  type Queue,
  type WorkOptions,
  type WorkWithMetadataHandler,
} from "pg-boss";
import { messageOf } from "../errors";
import type { ConnectionSettings, Database, Queryable } from "./database";
import { notify } from "./notifications";

/** The queues by their names in the database. */
export const QUEUE = {
  sourceRuns: "source-runs",
  delayedEvents: "delayed-events",
  deliveries: "deliveries",
  messages: "messages",
  tokenRefresh: "token-refresh",
  housekeeping: "housekeeping",
  workflowSteps: "workflow-steps",
  workflowAdmission: "workflow-admission",
  workflowSchedules: "workflow-schedules",
  workflowSends: "workflow-sends",
} as const;
export type QueueName = (typeof QUEUE)[keyof typeof QUEUE];

/** Jobs of somebody who waits for the outcome. */
export const WAITED_FOR = 10;

/** A job as it was fetched. What settles it takes the job itself, never its id: an attempt that was taken over then settles nothing. */
export type ClaimedJob = JobWithMetadata<object>;

export interface Wake {
  /** Milliseconds since 1970; absent: now, by the clock of the database. */
  startAfter?: number;
  priority?: number;
  /** Shares the processes with the other jobs of this name. */
  group?: string;
}

export interface JobDefinition {
  name: QueueName;
  queue: Omit<Queue, "name">;
  /** How many at a time in this process. */
  workers: number;
  /** Of these, how many are for those somebody waits for. */
  reserved?: number;
  work?: Pick<WorkOptions, "heartbeatRefreshSeconds">;
  /** Most jobs of one group at a time in this process; those somebody waits for are not counted. */
  share?: number;
  run: (job: ClaimedJob) => Promise<void>;
}

const SCHEMA = "queue";
/** Workers are woken when something is due; this is for what was overlooked. */
const POLL_SECONDS = 30;
const LOG_EVERY_MS = 60_000;

/** The one queue and clock of the host: pg-boss in the same database. */
export class JobQueue {
  readonly #boss: PgBoss;
  readonly #db: Database;
  readonly #log: (message: string) => void;
  #loggedAt = -Infinity;

  constructor(db: Database, settings: ConnectionSettings, log: (message: string) => void) {
    this.#db = db;
    this.#log = log;
    this.#boss = new PgBoss({
      ...settings,
      schema: SCHEMA,
      max: 6,
      application_name: "host queue",
      // A job whose worker is gone is seen within seconds.
      superviseIntervalSeconds: 1,
      monitorIntervalSeconds: 1,
      registerInstance: false,
      openTelemetry: { enabled: false },
    });
    this.#boss.on("error", (error) => this.#report(error));
  }

  /** Brings the queue's own tables up to date. */
  async start(): Promise<void> {
    await this.#boss.start();
  }

  async define({ name, queue }: JobDefinition): Promise<void> {
    await this.#boss.createQueue(name, queue);
    // A queue that an earlier release made keeps its policy; the rest follows this release.
    const { policy: _, partition: __, ...options } = queue;
    if (Object.keys(options).length > 0) await this.#boss.updateQueue(name, options);
  }

  /** Starts to run the jobs of a queue in this process. */
  async work({ name, workers, reserved = 0, share, work, run }: JobDefinition): Promise<void> {
    const handler: WorkWithMetadataHandler<object> = async (jobs) => {
      for (const job of jobs) await run(job);
    };
    const options = { ...work, includeMetadata: true, pollingIntervalSeconds: POLL_SECONDS } as const;
    const ordinary = workers - reserved;
    await this.#boss.work(
      name,
      {
        ...options,
        localConcurrency: ordinary,
        ...(share === undefined ? {} : { localGroupConcurrency: Math.min(share, ordinary) }),
      },
      handler,
    );
    if (reserved > 0)
      await this.#boss.work(
        name,
        { ...options, localConcurrency: reserved, minPriority: WAITED_FOR },
        handler,
      );
  }

  /** Lets up to `most` idle workers of each kind look for a job. */
  wakeWorkers(name: string, most: number): void {
    const idle = this.#boss
      .getWipData()
      .filter((worker) => worker.name === name && worker.count === 0 && worker.state === "active");
    const isReserved = (worker: (typeof idle)[number]): boolean => worker.options.minPriority !== undefined;
    for (const kind of [idle.filter(isReserved), idle.filter((worker) => !isReserved(worker))])
      for (const { id } of kind.slice(0, most)) this.#boss.notifyWorker(id);
  }

  /** Makes the key's waiting job, or moves the one that is there to this time. */
  async upsert(tx: Queryable, name: QueueName, key: string, wake: Wake = {}): Promise<void> {
    await this.#boss.upsert(
      name,
      {},
      {
        singletonKey: key,
        startAfter: wake.startAfter === undefined ? 0 : new Date(wake.startAfter),
        priority: wake.priority ?? 0,
        ...(wake.group === undefined ? {} : { group: { id: wake.group } }),
        db: fromKysely(tx),
      },
    );
    if (wake.startAfter === undefined) await notify(tx, { kind: "jobs", queue: name });
  }

  /** A job without a key, which stands for itself. */
  async send(tx: Queryable, name: QueueName, data: object): Promise<void> {
    await this.#boss.send(name, data, { db: fromKysely(tx) });
    await notify(tx, { kind: "jobs", queue: name });
  }

  /** Every minute, once for all processes. */
  async everyMinute(name: QueueName): Promise<void> {
    await this.#boss.schedule(name, "* * * * *");
  }

  /** Whether this attempt still has its job; if so, nobody takes it over before the transaction ends. */
  async holds(tx: Queryable, job: ClaimedJob): Promise<boolean> {
    return affected(await this.#boss.touch(job.name, job, { db: fromKysely(tx) })) === 1;
  }

  /** Ends the job in this transaction. @returns false when another attempt has it by now. */
  async finish(tx: Queryable, job: ClaimedJob): Promise<boolean> {
    return affected(await this.#boss.deleteJob(job.name, job, { db: fromKysely(tx) })) === 1;
  }

  /** When a job of the key was taken that is not ended yet, in ms; undefined when none is running. */
  async runningSince(db: Queryable, name: QueueName, key: string): Promise<number | undefined> {
    return (await this.runningKeys(db, name, [key])).get(key);
  }

  /** Since when jobs of these keys are running, by key. */
  async runningKeys(db: Queryable, name: QueueName, keys: string[]): Promise<Map<string, number>> {
    if (keys.length === 0) return new Map();
    const { rows } = await sql<{ key: string; since: number }>`
      select singleton_key as key, (extract(epoch from started_on) * 1000)::bigint as since
      from ${sql.table(`${SCHEMA}.job`)} where name = ${name} and state = 'active' and singleton_key = any(${keys}::text[])`.execute(
      db,
    );
    return new Map(rows.map(({ key, since }) => [key, since]));
  }

  /** Keys of those given that have no job that waits or runs. */
  async withoutJob(db: Queryable, name: QueueName, keys: string[]): Promise<string[]> {
    if (keys.length === 0) return [];
    const { rows } = await sql<{ key: string }>`
      select key from unnest(${keys}::text[]) as key where not exists (
        select 1 from ${sql.table(`${SCHEMA}.job`)} job
        where job.name = ${name} and job.state <= 'active' and job.singleton_key = key)`.execute(db);
    return rows.map(({ key }) => key);
  }

  /** For each queue, how many jobs are due (most: 50), and in how many ms the next one is. */
  async due(names: string[]): Promise<Map<string, { due: number; nextInMs: number | undefined }>> {
    const { rows } = await sql<{ name: string; due: number; next_in: number | null }>`
      select q.name, w.due, w.next_in from unnest(${names}::text[]) as q(name) cross join lateral (
        select count(*) filter (where start_after <= now()) as due,
          (extract(epoch from min(start_after) filter (where start_after > now()) - now()) * 1000)::float8 as next_in
        from (select start_after from ${sql.table(`${SCHEMA}.job`)} job
          where job.name = q.name and job.state < 'active' and not job.blocked
          order by start_after limit 50) as first
      ) as w`.execute(this.#db);
    return new Map(
      rows.map(({ name, due, next_in }) => [name, { due: Number(due), nextInMs: next_in ?? undefined }]),
    );
  }

  /** Takes nothing new, waits for what runs, and closes. */
  async stop(timeoutMs: number): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: timeoutMs, close: true });
  }

  /** While the database is away every worker has something to say; one line a minute is enough. */
  #report(error: unknown): void {
    const now = performance.now();
    if (now - this.#loggedAt < LOG_EVERY_MS) return;
    this.#loggedAt = now;
    this.#log(`The queue reports: ${messageOf(error)}. It goes on as soon as it can.`);
  }
}

/** How many jobs a settling call found as they were claimed; the package's types leave it out. */
function affected(response: object): number {
  return "affected" in response && typeof response.affected === "number" ? response.affected : 0;
}
