import { Migrator, sql, type Kysely, type Migration } from "kysely";
import { ACTION_RUN_DETAILS, ACTION_RUNS_TABLE } from "./action-runs-table";
import { WORKFLOW_TABLES, WORKFLOW_TESTS } from "./workflow-tables";
import type { Schema } from "./schema";
import { messageOf } from "../errors";

/** In the order of their names; each runs once, in one transaction. A migration that was released is never changed. */
const MIGRATIONS: Record<string, Migration> = {
  "001_foundation": { up: (db) => runStatements(db, FOUNDATION) },
  "002_workflows": { up: (db) => runStatements(db, WORKFLOW_TABLES) },
  "003_action_runs": { up: (db) => runStatements(db, ACTION_RUNS_TABLE) },
  "004_app_descriptions": { up: (db) => runStatements(db, APP_DESCRIPTIONS) },
  "005_workflow_tests": { up: (db) => runStatements(db, WORKFLOW_TESTS) },
  "006_key_check": { up: (db) => runStatements(db, KEY_CHECK) },
  "007_action_run_details": { up: (db) => runStatements(db, ACTION_RUN_DETAILS) },
  "008_event_bytes": { up: (db) => runStatements(db, EVENT_BYTES) },
  "009_timers": { up: (db) => runStatements(db, TIMERS) },
  "010_webhook_times": { up: (db) => runStatements(db, WEBHOOK_TIMES) },
};

const APP_DESCRIPTIONS = `
alter table accounts add column auth_kind text not null default 'authorization_code';
update accounts set auth_kind = 'keys' where auth_type = 'keys';
create table app_descriptions (
  slug text primary key,
  definition text not null,
  updated_at bigint not null
);
`;

/** What the renamed columns hold is encrypted at the start of the host, which has the key. */
const KEY_CHECK = `
create table key_check (id integer primary key, encrypted text not null);
alter table webhooks rename column url to encrypted_url;
alter table connect_tokens rename column webhook_uri to encrypted_webhook_uri;
`;

const EVENT_BYTES = `
alter table triggers add column event_bytes bigint not null default 0;
update triggers set event_bytes = coalesce((select sum(octet_length(payload)) from events where trigger_id = triggers.id), 0);
`;

const TIMERS = `
alter table triggers add column timers text;
alter table runs add column component_version text;
`;

const WEBHOOK_TIMES = `
alter table webhooks add column created_at bigint not null default now_ms();
alter table webhooks add column updated_at bigint not null default now_ms();
`;

const FOUNDATION = `
create function now_ms() returns bigint language sql stable parallel safe
  as 'select (extract(epoch from clock_timestamp()) * 1000)::bigint';

create table accounts (
  id text primary key,
  external_user_id text not null,
  app text not null,
  name text not null,
  external_id text not null,
  auth_type text not null,
  fields text not null,
  encrypted text not null,
  token_url text,
  revocation_url text,
  expires_at bigint,
  refresh_at bigint,
  refresh_attempts integer not null default 0,
  healthy boolean not null,
  needs_reconnect boolean not null,
  error text,
  created_at bigint not null,
  updated_at bigint not null
);
create index accounts_owner on accounts (external_user_id, app);

create table authorization_requests (
  id text primary key,
  state_hash text not null unique,
  external_user_id text not null,
  app text not null,
  account_id text,
  name text,
  encrypted text not null,
  status text not null,
  error text,
  connect_token text,
  created_at bigint not null,
  expires_at bigint not null
);

create table page_sessions (
  id text primary key,
  token_hash text not null unique,
  browser text not null,
  created_at bigint not null,
  last_used_at bigint not null,
  expires_at bigint not null
);

create table sign_in_links (
  code_hash text primary key,
  expires_at bigint not null
);

create table connect_tokens (
  token_hash text primary key,
  external_user_id text not null,
  allowed_origins text not null,
  success_redirect_uri text,
  error_redirect_uri text,
  webhook_uri text,
  encrypted_token text,
  session_id text not null,
  created_at bigint not null,
  expires_at bigint not null
);

create table triggers (
  id text primary key,
  external_user_id text not null,
  component_key text not null,
  component_version text not null,
  name text not null,
  name_slug text not null,
  state text not null,
  active boolean not null,
  activating boolean not null default false,
  emit_on_deploy boolean not null,
  configured_props text not null,
  dynamic_props text,
  account_id text,
  schedule text,
  next_run_at bigint,
  revision integer not null default 0,
  failures integer not null default 0,
  failing_since bigint,
  endpoint_key text not null unique,
  db text not null default '{}',
  dedupe text not null default '{}',
  workflow_ids text not null,
  event_count bigint not null default 0,
  last_run text,
  created_at bigint not null,
  updated_at bigint not null
);
create index triggers_owner on triggers (external_user_id);

create table webhooks (
  id text primary key,
  trigger_id text not null references triggers (id) on delete cascade,
  position integer not null,
  url text not null,
  encrypted_key text not null,
  failures integer not null default 0,
  last_error text,
  last_failed_at bigint,
  attempts integer not null default 0
);
create index webhooks_of on webhooks (trigger_id, position);

create table events (
  seq bigint generated always as identity primary key,
  id text not null,
  trigger_id text not null references triggers (id) on delete cascade,
  channel text,
  payload text not null,
  summary text,
  ts bigint not null,
  publish_at bigint
);
create index events_of on events (trigger_id, seq);
create index events_waiting on events (trigger_id, publish_at) where publish_at is not null;

create table runs (
  id text primary key,
  trigger_id text not null references triggers (id) on delete cascade,
  kind text not null,
  started_at bigint not null,
  finished_at bigint,
  status text not null,
  emitted integer not null,
  error text,
  logs text not null
);
create index runs_of on runs (trigger_id, started_at);
create index runs_going_on on runs (trigger_id) where finished_at is null;

create table run_requests (
  seq bigint generated always as identity primary key,
  trigger_id text not null references triggers (id) on delete cascade,
  kind text not null,
  encrypted text,
  waits_until bigint,
  started boolean not null default false,
  created_at bigint not null
);
create index run_requests_of on run_requests (trigger_id, seq);

create table run_replies (
  request_seq bigint primary key,
  encrypted text not null,
  created_at bigint not null
);

create table deliveries (
  seq bigint generated always as identity primary key,
  trigger_id text not null references triggers (id) on delete cascade,
  webhook_id text not null references webhooks (id) on delete cascade,
  event_seq bigint not null references events (seq) on delete cascade,
  created_at bigint not null,
  dead_at bigint,
  error text
);
create index deliveries_waiting on deliveries (webhook_id, seq) where dead_at is null;
create index deliveries_dead on deliveries (webhook_id, seq) where dead_at is not null;
create index deliveries_event on deliveries (event_seq);

create table dynamic_props (
  id text primary key,
  external_user_id text not null,
  component_key text not null,
  props text not null,
  created_at bigint not null
);

create table data_stores (
  id text primary key,
  external_user_id text not null,
  name text not null,
  unique (external_user_id, name)
);
create table data_store_entries (
  store_id text not null references data_stores (id) on delete cascade,
  key text not null,
  value text not null,
  expires_at bigint,
  primary key (store_id, key)
);
`;

async function runStatements(db: Kysely<unknown>, script: string): Promise<void> {
  for (const statement of script.split(";\n"))
    if (statement.trim() !== "") await sql.raw(statement).execute(db);
}

/**
 * Brings the schema up to date. Hosts and workers that start at the same time wait for each other.
 *
 * @throws Error when the database was made by a newer release.
 */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const message = messageOf(error);
  if (message.includes("corrupted migrations"))
    throw new Error(
      `The database was made by another release of the host than this one (${message}). Start the newer release, or another DATA_DIR.`,
    );
  throw error instanceof Error ? error : new Error(message);
}
