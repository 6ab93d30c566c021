import { format } from "node:util";
import type { ExecutionInput, FromWorker, LogEntry, Save } from "../protocol";
import { safeStringify } from "./safe-json";
import { asText } from "../../../../components/prop-rules";

const MAX_LOG_ENTRIES = 1000;
const MAX_LOG_CHARACTERS = 1_000_000;
const MAX_PENDING_CHARACTERS = 64 * 1024 * 1024;

/** What one job of this process has emitted, stored and logged. Closed when the job ends: what comes later is dropped. */
export class RunState {
  closed = false;
  readonly #send: (message: FromWorker) => void;
  readonly #limits: ExecutionInput["limits"];
  #db: Record<string, unknown>;
  /** Only what changed is saved, so that two runs of a source that overlap lose no key of each other. */
  #dbChanged = new Set<string>();
  #pending: Save["events"] = [];
  #pendingCharacters = 0;
  #lastSave = Date.now();
  #logEntries = 0;
  #logCharacters = 0;
  #calls = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #nextCall = 1;

  constructor(
    readonly job: number,
    send: (message: FromWorker) => void,
    limits: ExecutionInput["limits"],
    db: string | undefined,
  ) {
    this.#send = send;
    this.#limits = limits;
    this.#db = db ? (JSON.parse(db) as Record<string, unknown>) : {};
  }

  /** Keeps the event as it is now: components go on changing the object they emitted. */
  emit(payload: unknown, meta: Record<string, unknown> = {}): void {
    if (this.closed) return;
    const text = safeStringify(payload) ?? "null";
    const ts = timeOf(meta.ts);
    const deliverAt = timeOf(meta.delivery_ts);
    this.#pendingCharacters += text.length;
    if (this.#pendingCharacters > MAX_PENDING_CHARACTERS)
      throw new Error(
        "More than 64 MB of events were emitted without saving state in between. Emit fewer or smaller events in a run.",
      );
    this.#pending.push({
      payload: text,
      ...(meta.id !== undefined && meta.id !== null ? { id: asText(meta.id) } : {}),
      ...(typeof meta.name === "string" && meta.name !== "" ? { channel: meta.name } : {}),
      ...(meta.summary !== undefined && meta.summary !== null ? { summary: asText(meta.summary) } : {}),
      ...(ts !== undefined ? { ts } : {}),
      ...(deliverAt !== undefined ? { deliverAt } : {}),
    });
  }

  dbGet(key: string): unknown {
    const value = Object.hasOwn(this.#db, key) ? this.#db[key] : undefined;
    return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
  }

  /** A save point, when there is something worth one: an event that waits, and enough of them or enough time. */
  dbSet(key: string, value: unknown): void {
    if (this.closed) return;
    const text = JSON.stringify(value) as string | undefined;
    this.#assign(key, text);
    if (this.#dueForSave()) this.flush();
  }

  #dueForSave(): boolean {
    if (this.#pending.length === 0) return false;
    return (
      this.#pending.length >= this.#limits.saveEvents || Date.now() - this.#lastSave >= this.#limits.saveMs
    );
  }

  #assign(key: string, text: string | undefined): void {
    const next = { ...this.#db };
    if (text === undefined) delete next[key];
    else next[key] = JSON.parse(text) as unknown;
    const bytes = Buffer.byteLength(JSON.stringify(next));
    if (bytes > this.#limits.dbBytes)
      throw new Error(
        `The source's $.service.db would hold ${Math.ceil(bytes / 1024)} KB after writing "${key}"; at most ${Math.floor(this.#limits.dbBytes / 1024)} KB fit. Keep less state.`,
      );
    this.#db = next;
    this.#dbChanged.add(key);
  }

  /** Sends what was emitted and written since the last save, as one unit. */
  flush(): void {
    const save = this.takeSave();
    if (save) this.#send({ type: "save", job: this.job, save });
  }

  /** What was emitted and written since the last save; undefined when nothing was. */
  takeSave(): Save | undefined {
    if (this.#pending.length === 0 && this.#dbChanged.size === 0) return undefined;
    const save: Save = { events: this.#pending };
    if (this.#dbChanged.size > 0) {
      const changed = [...this.#dbChanged];
      const kept = changed.filter((key) => Object.hasOwn(this.#db, key));
      save.db = JSON.stringify(Object.fromEntries(kept.map((key) => [key, this.#db[key]])));
      save.dbDeleted = changed.filter((key) => !Object.hasOwn(this.#db, key));
    }
    this.#pending = [];
    this.#pendingCharacters = 0;
    this.#dbChanged = new Set();
    this.#lastSave = Date.now();
    return save;
  }

  log(level: LogEntry["level"], args: unknown[]): void {
    if (this.closed || this.#logEntries > MAX_LOG_ENTRIES) return;
    let message = format(...args);
    if (message.length > 20_000) message = `${message.slice(0, 20_000)} … (${message.length} characters)`;
    this.#logEntries += 1;
    this.#logCharacters += message.length;
    if (this.#logEntries > MAX_LOG_ENTRIES || this.#logCharacters > MAX_LOG_CHARACTERS) {
      this.#logEntries = MAX_LOG_ENTRIES + 1;
      message = "(The log is full; what the component wrote after this was not kept.)";
    }
    this.#send({ type: "log", job: this.job, entry: { ts: Date.now(), level, message } });
  }

  /** Asks the host for something only it can do; rejects with the host's words. */
  call(method: string, ...args: unknown[]): Promise<unknown> {
    if (this.closed) return Promise.reject(new Error("This run has ended."));
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.#send({ type: "call", job: this.job, call, method, args });
    });
  }

  answered(call: number, value: unknown, error: string | undefined): void {
    const waiting = this.#calls.get(call);
    this.#calls.delete(call);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }

  send(message: FromWorker): void {
    if (!this.closed) this.#send(message);
  }
}

/** Milliseconds from a number, a numeric text, an ISO text or a Date. */
function timeOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const number = value instanceof Date ? value.getTime() : Number(value);
  if (Number.isFinite(number)) return Math.trunc(number);
  const parsed = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}
