import type { Generated, Selectable } from "kysely";

/** The tables of workflows. Times are milliseconds by the clock of the database; `encrypted…` columns hold what `Encryption` made. */
export interface WorkflowTables {
  workflows: WorkflowsTable;
  workflow_versions: WorkflowVersionsTable;
  workflow_triggers: WorkflowTriggersTable;
  workflow_runs: WorkflowRunsTable;
  workflow_steps: WorkflowStepsTable;
  workflow_variables: WorkflowVariablesTable;
  workflow_emits: WorkflowEmitsTable;
}

interface WorkflowsTable {
  id: string;
  external_user_id: string;
  name: string;
  enabled: boolean;
  /** The published one; 0 while there are only drafts. */
  version: number;
  /** Whether runs wait for a place: the present version limits or orders them. */
  is_gated: boolean;
  created_at: number;
  updated_at: number;
}

interface WorkflowVersionsTable {
  workflow_id: string;
  version: number;
  /** As it was given, JSON text. */
  definition: string;
  /** The YAML text it was given as, so that it comes back as it went. */
  source: string | null;
  /** Saved and tried, not published. */
  is_draft: Generated<boolean>;
  created_at: number;
}

interface WorkflowTriggersTable {
  workflow_id: string;
  name: string;
  kind: "source" | "http" | "schedule";
  /** What it was set up with: one that did not change is left alone. */
  fingerprint: string;
  /** The deployed source. */
  trigger_id: string | null;
  endpoint_key: string | null;
  response: "on_receipt" | "from_workflow" | null;
  schedule: string | null;
}

export type RunStatus = "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";

interface WorkflowRunsTable {
  seq: Generated<number>;
  id: string;
  workflow_id: string;
  version: number;
  /** Which trigger of the definition; null for a run by hand. */
  trigger_name: string | null;
  /** Unique in the workflow: an event starts one run. */
  event_key: string;
  encrypted_event: string;
  /** `waiting` is told from the steps; it is not stored. */
  status: Exclude<RunStatus, "waiting">;
  /** Null until it was evaluated, or where runs have no order. */
  order_key: string | null;
  /** How many workflows have started each other on the way here. */
  depth: number;
  retry_of: string | null;
  /** Started from the builder: it counts in no figure and starts no error workflow. */
  is_test: Generated<boolean>;
  /** The step after which a test of one step ends. */
  only_path: string | null;
  /** The versions of components at its start, JSON text: key to version. */
  components: string | null;
  error: string | null;
  /** What `$.respond` gave; kept until the run ends. */
  encrypted_reply: string | null;
  replied: Generated<boolean>;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
}

export type StepStatus = "queued" | "running" | "waiting" | "succeeded" | "failed" | "skipped" | "cancelled";

interface WorkflowStepsTable {
  run_id: string;
  path: string;
  namespace: string;
  status: StepStatus;
  attempts: Generated<number>;
  /** How often `$.flow.rerun` ran it again. */
  reruns: Generated<number>;
  /** What later steps read: `$return_value`, `$summary` and further exports. */
  encrypted_result: string | null;
  /** What only people read: the input as evaluated, and logs; and what the step waits with. */
  encrypted_detail: string | null;
  /** It sends something when the run has ended. */
  has_sends: Generated<boolean>;
  error: string | null;
  wait: "delay" | "suspend" | "rerun" | "retry" | null;
  due_at: number | null;
  resume_hash: string | null;
  /** What the request to the resume address held. */
  encrypted_resume: string | null;
  /** Of a loop: how many items there are, which comes next, and how many are worked on. */
  items: number | null;
  next_item: number | null;
  open_items: number | null;
  started_at: number | null;
  finished_at: number | null;
}

interface WorkflowVariablesTable {
  external_user_id: string;
  name: string;
  encrypted: string;
  updated_at: number;
}

/** What steps gave out with `$.send.emit` and `$.send.sse`, for whoever listens. */
interface WorkflowEmitsTable {
  seq: Generated<number>;
  workflow_id: string;
  run_id: string;
  channel: string;
  encrypted: string;
  created_at: number;
}

export type WorkflowRow = Selectable<WorkflowsTable>;
export type WorkflowRunRow = Selectable<WorkflowRunsTable>;
export type WorkflowStepRow = Selectable<WorkflowStepsTable>;
export type WorkflowTriggerRow = Selectable<WorkflowTriggersTable>;

/** The statements that make these tables. */
export const WORKFLOW_TABLES = `
create table workflows (
  id text primary key,
  external_user_id text not null,
  name text not null,
  enabled boolean not null,
  version integer not null,
  is_gated boolean not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (external_user_id, name)
);
create table workflow_versions (
  workflow_id text not null references workflows (id) on delete cascade,
  version integer not null,
  definition text not null,
  source text,
  created_at bigint not null,
  primary key (workflow_id, version)
);
create table workflow_triggers (
  workflow_id text not null references workflows (id) on delete cascade,
  name text not null,
  kind text not null,
  fingerprint text not null,
  trigger_id text unique,
  endpoint_key text unique,
  response text,
  schedule text,
  primary key (workflow_id, name)
);
create table workflow_runs (
  seq bigint generated always as identity primary key,
  id text not null unique,
  workflow_id text not null references workflows (id) on delete cascade,
  version integer not null,
  trigger_name text,
  event_key text not null,
  encrypted_event text not null,
  status text not null,
  order_key text,
  depth integer not null,
  retry_of text,
  error text,
  encrypted_reply text,
  replied boolean not null default false,
  created_at bigint not null,
  started_at bigint,
  finished_at bigint,
  unique (workflow_id, event_key)
);
create index workflow_runs_newest on workflow_runs (workflow_id, seq);
create index workflow_runs_by_status on workflow_runs (workflow_id, status, seq);
create index workflow_runs_open on workflow_runs (workflow_id, seq) where status in ('queued', 'running');
create index workflow_runs_finished on workflow_runs (finished_at) where finished_at is not null;
create table workflow_steps (
  run_id text not null references workflow_runs (id) on delete cascade,
  path text not null,
  namespace text not null,
  status text not null,
  attempts integer not null default 0,
  reruns integer not null default 0,
  encrypted_result text,
  encrypted_detail text,
  has_sends boolean not null default false,
  error text,
  wait text,
  due_at bigint,
  resume_hash text unique,
  encrypted_resume text,
  items integer,
  next_item integer,
  open_items integer,
  started_at bigint,
  finished_at bigint,
  primary key (run_id, path)
);
create table workflow_variables (
  external_user_id text not null,
  name text not null,
  encrypted text not null,
  updated_at bigint not null,
  primary key (external_user_id, name)
);
`;

/** What drafts, tests and `$.send.emit` need. */
export const WORKFLOW_TESTS = `
alter table workflow_versions add column is_draft boolean not null default false;
alter table workflow_runs add column is_test boolean not null default false;
alter table workflow_runs add column only_path text;
alter table workflow_runs add column components text;
create index workflow_runs_created on workflow_runs (workflow_id, created_at);
create table workflow_emits (
  seq bigint generated always as identity primary key,
  workflow_id text not null references workflows (id) on delete cascade,
  run_id text not null,
  channel text not null,
  encrypted text not null,
  created_at bigint not null
);
create index workflow_emits_of on workflow_emits (workflow_id, channel, seq);
create index workflow_emits_old on workflow_emits (created_at);
`;
