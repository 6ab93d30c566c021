import type { Selectable } from "kysely";

/** A call of an action, by whomever. Input, result, exports and logs are encrypted, as the data of workflow steps is. */
export interface ActionRunsTable {
  id: string;
  external_user_id: string;
  component_key: string;
  component_version: string;
  /** What the caller signed in with. */
  caller: "operator" | "server" | "page" | "connect";
  /** The program that called, as it names itself. */
  client: string;
  status: "running" | "succeeded" | "failed" | "cancelled";
  summary: string | null;
  encrypted_input: string;
  /** Null without a result, and when its time is over. */
  encrypted_result: string | null;
  encrypted_exports: string | null;
  encrypted_logs: string | null;
  /** Where its files are. */
  stash_id: string | null;
  /** The run that it repeats. */
  repeat_of: string | null;
  error: string | null;
  started_at: number;
  finished_at: number | null;
}

export type ActionRunRow = Selectable<ActionRunsTable>;

/** The statements that make this table. */
export const ACTION_RUNS_TABLE = `
create table action_runs (
  id text primary key,
  external_user_id text not null,
  component_key text not null,
  component_version text not null,
  caller text not null,
  client text not null,
  status text not null,
  summary text,
  encrypted_input text not null,
  encrypted_result text,
  encrypted_logs text,
  error text,
  started_at bigint not null,
  finished_at bigint
);
create index action_runs_owner on action_runs (external_user_id, started_at);
create index action_runs_time on action_runs (started_at);
`;

/** What came with runs that are started on the page. */
export const ACTION_RUN_DETAILS = `
alter table action_runs add column encrypted_exports text;
alter table action_runs add column stash_id text;
alter table action_runs add column repeat_of text;
`;
