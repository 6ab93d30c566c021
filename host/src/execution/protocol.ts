/** What host and worker process say to each other. Everything is JSON; payloads travel as JSON text, so the host need not parse them. */

import type { FilterAsk, FilterRequest } from "../../../components/filter";

/** One prop as the Connect API shows it: functions have become `remoteOptions: true`, propDefinitions are resolved. */
export interface ConfigurableProp {
  name: string;
  type: string;
  label?: string;
  description?: string;
  optional?: boolean;
  default?: unknown;
  options?: unknown;
  remoteOptions?: boolean;
  secret?: boolean;
  app?: string;
  min?: number;
  max?: number;
  [attribute: string]: unknown;
}

export interface ConnectionSummary {
  type: string;
  grant: string;
  scopes: string[];
  pkce?: string;
  clientAuthentication: "body" | "basic";
  fields: ConnectionFieldSummary[];
  help?: string;
  label?: string;
  about?: string;
  /** Ways to sign in without a browser. */
  kinds?: {
    kind: string;
    label: string;
    description: string;
    by: "token" | "keys";
    fields: ConnectionFieldSummary[];
    help?: string;
  }[];
}

export interface ConnectionFieldSummary {
  name: string;
  label: string;
  description: string;
  placeholder?: string;
  default?: string;
  optional?: boolean;
  secret?: boolean;
}

export interface AppDescription {
  type: "app";
  slug: string;
  name: string;
  description: string;
  connection: ConnectionSummary | null;
}

export interface ComponentDescription {
  type: "action" | "source";
  key: string;
  name: string;
  version: string;
  description: string;
  apps: string[];
  props: ConfigurableProp[];
  hasAdditionalProps: boolean;
  hooks: HookName[];
  dedupe: Dedupe;
  annotations?: Record<string, unknown>;
  sampleEmit?: unknown;
}

export type HookName = "deploy" | "activate" | "deactivate";
export type Dedupe = "unique" | "greatest" | "last" | null;

/** What one execution gets besides its task. */
export interface ExecutionInput {
  /** As stored: label-values and unset defaults included. */
  configuredProps: Record<string, unknown>;
  /** `$auth` by prop name. */
  auth: Record<string, Record<string, unknown>>;
  /** Used for every app prop that has no entry in `auth`: the command line hands one over for all. */
  defaultAuth?: Record<string, unknown>;
  /** The props `additionalProps` gave earlier; absent: it is asked again. */
  dynamicProps?: ConfigurableProp[];
  /** Names of props nobody declared are an error when set, otherwise a warning. */
  strictProps?: boolean;
  /** The source's `$.service.db` as JSON text. */
  db?: string;
  env?: Record<string, string>;
  /** Address of the source's own HTTP endpoint. */
  endpoint?: string;
  /** Folder of `$.files`, `dir` props and STASH_DIR. */
  filesDir?: string;
  /** What lies in `/tmp` is what lies in that folder: a `dir` prop with `sync`. */
  syncsTmp?: boolean;
  limits: { dbBytes: number; resultBytes: number; saveEvents: number; saveMs: number };
}

export type Task =
  | { type: "describe" }
  | {
      type: "action";
      input: ExecutionInput;
      context: Record<string, unknown>;
      steps?: Record<string, unknown>;
    }
  | { type: "source"; input: ExecutionInput; event: Record<string, unknown> }
  | { type: "hook"; input: ExecutionInput; hook: HookName; emitting: boolean }
  | {
      type: "options";
      input: ExecutionInput;
      prop: string;
      page: number;
      prevContext: Record<string, unknown>;
      query?: string;
    }
  | { type: "filter"; input: ExecutionInput; prop: string; ask: FilterAsk; request: FilterRequest }
  | { type: "additionalProps"; input: ExecutionInput }
  | { type: "connection"; call: "prepare" | "verify" | "explain" | "signIn"; argument: unknown };

export interface Job {
  id: number;
  /** Absolute path of the module whose default export is the component or app. */
  file: string;
  task: Task;
}

export interface LogEntry {
  ts: number;
  level: "debug" | "info" | "warn" | "error";
  message: string;
}

/** An event as the component emitted it; `payload` is JSON text. */
export interface EmittedEvent {
  payload: string;
  id?: string;
  channel?: string;
  summary?: string;
  ts?: number;
  deliverAt?: number;
}

/** What was emitted and written since the last save: committed whole or not at all. */
export interface Save {
  events: EmittedEvent[];
  /** JSON text of the db keys that changed; `null` stands for a stored null. */
  db?: string;
  /** Keys that were set to undefined. */
  dbDeleted?: string[];
}

export interface PropProblem {
  prop: string;
  message: string;
}

export interface ComponentError {
  name: string;
  message: string;
  stack?: string;
  /** Props that are missing or of the wrong type. */
  problems?: PropProblem[];
  /** HTTP status of the answer the component failed on, when its error carries one. */
  status?: number;
  /** The connection field at fault, when the app named one. */
  field?: string;
  /** Set when the host ended the run: nothing after the last save was kept. */
  limit?: "time" | "memory" | "exit" | "crash" | "size" | "save" | "stopped";
}

export interface HttpReply {
  status: number;
  headers: Record<string, string>;
  body: string;
  encoding: "utf8" | "base64";
}

export type FromWorker =
  | { type: "ready" }
  | { type: "pong" }
  | { type: "dial"; id: number; host: string; port: number }
  | { type: "log"; job: number; entry: LogEntry }
  | { type: "save"; job: number; save: Save }
  | { type: "call"; job: number; call: number; method: string; args: unknown[] }
  | { type: "respond"; job: number; reply: HttpReply }
  | {
      type: "done";
      job: number;
      error?: ComponentError;
      result?: string;
      /** What was emitted and written since the last save point. */
      save?: Save;
      dirty: boolean;
    };

export type ToWorker =
  | { type: "job"; job: Job }
  | { type: "reply"; call: number; value?: unknown; error?: string }
  | { type: "ping" }
  /** Before the first job: what each TLS connection begins with, unless the component says otherwise. */
  | { type: "tls"; options: { ca?: string[]; cert?: string; key?: string } }
  /** With the connection itself, unless there is an error. */
  | { type: "dialed"; id: number; error?: { message: string; code?: string } };

/** What an action run gives back. */
export interface ActionResult {
  ret?: unknown;
  exports: Record<string, unknown>;
  flow?: { kind: "exit" | "delay" | "suspend" | "rerun"; [detail: string]: unknown };
  sends: { type: string; config: unknown }[];
  respond?: HttpReply;
}
