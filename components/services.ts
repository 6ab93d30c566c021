import type { JsonValue } from "./options";

/** `$.service.db`: at most 60 KB of JSON per source; reads see earlier writes of the same run at once. */
export interface Database {
  /** Undefined when nothing was ever set. Unknown on purpose: an older version of the component may have written it. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

export type TimerInterface = { type?: string } & ({ intervalSeconds?: number } | { cron?: string });

/** What a source answers an HTTP call with. */
export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface HttpInterface {
  endpoint: string;
  respond(answer: HttpAnswer): void;
}

export interface HttpRequestPropValue {
  execute(): Promise<{ data: unknown; status: number; headers: Record<string, string> }>;
}

/** `data_store`: keys and values that outlive the run. */
export interface DataStore extends AsyncIterable<[string, unknown]> {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, options?: { ttl?: number }): Promise<void>;
  setTtl(key: string, seconds: number | null): Promise<void>;
  has(key: string): Promise<boolean>;
  delete(key: string): Promise<void>;
  keys(): Promise<string[]>;
  clear(): Promise<void>;
}

export interface StoredFile {
  path: string;
  name: string;
  size: number;
  modifiedAt: Date;
  isFile(): boolean;
  isDirectory(): boolean;
  fromReadableStream(stream: unknown, contentType?: string, size?: number): Promise<StoredFile>;
  fromFile(path: string, contentType?: string): Promise<StoredFile>;
  fromUrl(url: string): Promise<StoredFile>;
  createReadStream(): Promise<unknown>;
  createWriteStream(contentType?: string, size?: number): Promise<unknown>;
  toBuffer(): Promise<Uint8Array>;
  toFile(path: string): Promise<void>;
  toUrl(): Promise<string>;
  toEncodedString(encoding?: string): Promise<string>;
  delete(): Promise<void>;
  toJSON(): unknown;
}

/** `$.files` and the value of a `dir` prop. */
export interface FileDirectory {
  open(path: string): StoredFile;
  openDescriptor(descriptor: unknown): StoredFile;
  dir(path?: string): AsyncIterable<StoredFile>;
}

/** An event of `$.interface.timer`; `timestamp` in seconds since 1970. */
export interface TimerEvent {
  timestamp: number;
  interval_seconds?: number;
  cron?: string;
  timezone_configured?: Record<string, unknown>;
  timezone_utc?: Record<string, unknown>;
}

/** An event of `$.interface.http`. */
export interface HttpEvent {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  bodyRaw: string;
  rawBody?: string;
  body: unknown;
  url: string;
  client_ip: string;
}

/** What accompanies an emitted event. */
export interface EmitMeta {
  /** Identity for dedupe; only the first 64 characters count. */
  id: string | number;
  /** One line for people. */
  summary: string;
  /** Milliseconds since 1970, of the event itself; events of one run are ordered by it. */
  ts: number;
  /** A named channel instead of the default one. */
  name?: string;
  /** Deliver later: milliseconds since 1970. */
  delivery_ts?: number;
}

/** `$.context` of a workflow run; a single action run has only some of it. */
export interface RunContext {
  id?: string;
  ts?: string;
  workflow_id?: string;
  workflow_name?: string;
  deployment_id?: string;
  owner_id?: string;
  emitter_id?: string;
  platform_version?: string;
  trace_id?: string;
  replay?: boolean;
  deadline?: number;
  JIT?: boolean;
  run?: { runs: number; context?: unknown; callback_request?: unknown };
  [key: string]: unknown;
}

/** `$` of an action. */
export interface ActionStep {
  /** `$summary` is the one-line result; other names become exports of the step. */
  export(key: string, value: unknown): void;
  respond(answer: HttpAnswer & { immediate?: boolean }): void | Promise<void>;
  context: RunContext;
  flow: {
    /** Ends the workflow after this step; does not throw, so return after it. */
    exit(message?: string): void;
    delay(milliseconds: number, context?: unknown): { resume_url: string; cancel_url: string };
    suspend(timeoutMilliseconds?: number): { resume_url: string; cancel_url: string };
    rerun(
      milliseconds: number,
      context?: unknown,
      maxRetries?: number,
    ): { resume_url: string; cancel_url: string };
    refreshTimeout(): void;
    trigger(workflowId: string, payload?: unknown): void;
  };
  send: Record<"http" | "email" | "s3" | "emit" | "sse" | "sql" | "snowflake", (config: unknown) => void>;
  files: FileDirectory;
  service: Record<string, unknown>;
  interface: Record<string, unknown>;
}

export type { JsonValue };
