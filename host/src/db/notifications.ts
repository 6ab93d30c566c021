import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import pg from "pg";
import { CONNECT_MS, type ConnectionSettings, type Queryable } from "./database";

/** What processes tell each other; it is heard when the transaction that says it commits, and only then. */
export type Notification =
  /** Events of a trigger, by the first and the last of their numbers. */
  | { kind: "events"; trigger: string; first: number; last: number }
  /** Runs of a source began or ended. */
  | { kind: "runs"; trigger: string; runs: string[] }
  /** A source whose turn goes on has new requests. */
  | { kind: "requests"; trigger: string }
  /** A trigger was made, changed or deleted. */
  | { kind: "trigger"; trigger: string }
  /** A run that somebody waits for has an outcome. */
  | { kind: "reply"; request: number }
  /** A run of this trigger with an older revision must end. */
  | { kind: "cut"; trigger: string; revision: number }
  /** Jobs were made that are due now. */
  | { kind: "jobs"; queue: string }
  /** A workflow was made, changed or deleted. */
  | { kind: "workflow"; workflow: string }
  /** A run of a workflow moved on. */
  | { kind: "workflow-run"; workflow: string; run: string }
  /** A run has an answer for whoever waits at its HTTP trigger. */
  | { kind: "workflow-reply"; run: string }
  /** A run of an action began or ended. */
  | { kind: "action-run"; user: string; run: string }
  /** Whoever runs this action must end it. */
  | { kind: "cancel-action"; run: string }
  /** A step of a workflow gave something out. */
  | { kind: "workflow-emit"; workflow: string; seq: number };

const CHANNEL = "host";
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;
const CHECK_MS = 10_000;

/** Says something to all processes when this transaction commits. */
export async function notify(tx: Queryable, notification: Notification): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${JSON.stringify(notification)})`.execute(tx);
}

/** The same, several things in one statement. */
export async function notifyAll(tx: Queryable, notifications: Notification[]): Promise<void> {
  if (notifications.length === 0) return;
  const texts = notifications.map((notification) => JSON.stringify(notification));
  await sql`select pg_notify(${CHANNEL}, text) from unnest(${texts}::text[]) as text`.execute(tx);
}

interface Heard {
  notification: [Notification];
  /** What was said while the connection was lost was not heard. */
  missed: [];
}

/** What all processes say, heard over a connection of its own that is made again when it is lost. */
export class Notifications extends EventEmitter<Heard> {
  #client: pg.Client | undefined;
  #running: Promise<void> | undefined;
  readonly #stop = new AbortController();

  constructor(readonly settings: ConnectionSettings) {
    super();
    this.setMaxListeners(0);
  }

  /** Starts to listen; resolves when it does, or when the first try failed and others follow. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#running ??= this.#listen(resolve);
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#client?.end().catch(() => undefined);
    await this.#running;
  }

  async #listen(tried: () => void): Promise<void> {
    const { signal } = this.#stop;
    let isFirst = true;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted;) {
      try {
        await this.#session(() => {
          if (!isFirst) this.emit("missed");
          isFirst = false;
          pause = FIRST_PAUSE_MS;
          tried();
        });
      } catch {
        // The queries of everybody else say what is wrong with the database.
      }
      tried();
      await delay(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
    }
  }

  /** One connection, from its start to its loss. */
  async #session(listening: () => void): Promise<void> {
    const client = new pg.Client({
      ...this.settings,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: "host notifications",
      keepAlive: true,
    });
    this.#client = client;
    const lost = new Promise<void>((resolve) => {
      client.on("error", () => resolve());
      client.on("end", () => resolve());
    });
    client.on("notification", ({ payload }) => {
      if (payload !== undefined) this.emit("notification", JSON.parse(payload) as Notification);
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      listening();
      // A connection that was cut without a word is found by asking.
      const check = setInterval(() => {
        client.query("select 1").catch(() => void client.end().catch(() => undefined));
      }, CHECK_MS);
      await lost;
      clearInterval(check);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
