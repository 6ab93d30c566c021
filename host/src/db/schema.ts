import type { ColumnType, Generated, Selectable } from "kysely";
import type { ActionRunsTable } from "./action-runs-table";
import type { WorkflowTables } from "./workflow-tables";

/**
 * Times are milliseconds since 1970 by the clock of the database, in bigint columns. JSON is kept as text: events and state come back as
 * they were written, key order included, and a text with an escaped NUL is no error as it would be in jsonb.
 */
export interface Schema extends WorkflowTables {
  accounts: AccountsTable;
  action_runs: ActionRunsTable;
  app_descriptions: AppDescriptionsTable;
  authorization_requests: AuthorizationRequestsTable;
  page_sessions: PageSessionsTable;
  sign_in_links: SignInLinksTable;
  connect_tokens: ConnectTokensTable;
  triggers: TriggersTable;
  webhooks: WebhooksTable;
  events: EventsTable;
  runs: RunsTable;
  run_requests: RunRequestsTable;
  run_replies: RunRepliesTable;
  deliveries: DeliveriesTable;
  dynamic_props: DynamicPropsTable;
  data_stores: DataStoresTable;
  data_store_entries: DataStoreEntriesTable;
  key_check: KeyCheckTable;
}

interface AccountsTable {
  id: string;
  external_user_id: string;
  app: string;
  name: string;
  external_id: string;
  auth_type: "oauth" | "keys";
  /** By which way it was connected: `authorization_code`, `client_credentials`, `keys`, … */
  auth_kind: string;
  fields: string;
  encrypted: string;
  token_url: string | null;
  revocation_url: string | null;
  expires_at: number | null;
  /** When the token is refreshed; 0 for a token that a server has refused. */
  refresh_at: number | null;
  /** Attempts to refresh that have ended: who waits for one sees by it that there was one. */
  refresh_attempts: Generated<number>;
  healthy: boolean;
  needs_reconnect: boolean;
  error: string | null;
  created_at: number;
  updated_at: number;
}

interface AppDescriptionsTable {
  slug: string;
  definition: string;
  updated_at: number;
}

interface AuthorizationRequestsTable {
  id: string;
  state_hash: string;
  external_user_id: string;
  app: string;
  account_id: string | null;
  name: string | null;
  encrypted: string;
  status: "pending" | "exchanging" | "succeeded" | "failed" | "expired" | "cancelled";
  /** Why it failed; of one that succeeded, what the person should know. */
  error: string | null;
  connect_token: string | null;
  created_at: number;
  expires_at: number;
}

interface PageSessionsTable {
  id: string;
  token_hash: string;
  browser: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
}

interface SignInLinksTable {
  code_hash: string;
  expires_at: number;
}

interface ConnectTokensTable {
  token_hash: string;
  external_user_id: string;
  allowed_origins: string;
  success_redirect_uri: string | null;
  error_redirect_uri: string | null;
  encrypted_webhook_uri: string | null;
  encrypted_token: string | null;
  session_id: string;
  created_at: number;
  expires_at: number;
}

interface TriggersTable {
  id: string;
  external_user_id: string;
  component_key: string;
  component_version: string;
  name: string;
  name_slug: string;
  state: "deploying" | "ready";
  active: boolean;
  /** Its `activate` is running: the endpoint answers already, since the other side may call back. */
  activating: Generated<boolean>;
  emit_on_deploy: boolean;
  configured_props: string;
  dynamic_props: string | null;
  /** The account it uses first; its runs share the processes with the others of that account. */
  account_id: string | null;
  /** Of the timer that is due next. */
  schedule: string | null;
  /** Of a source with several timers: each with the time it is due. */
  timers: string | null;
  next_run_at: number | null;
  /** Grows with each change: what a run of an older revision has not saved is refused. */
  revision: Generated<number>;
  /** Polls that failed one after the other. */
  failures: Generated<number>;
  failing_since: number | null;
  endpoint_key: string;
  db: Generated<string>;
  dedupe: Generated<string>;
  workflow_ids: string;
  event_count: Generated<number>;
  /** Of the payloads of its events. */
  event_bytes: Generated<number>;
  last_run: string | null;
  created_at: number;
  updated_at: number;
}

export interface WebhooksTable {
  id: string;
  trigger_id: string;
  position: number;
  /** An address may hold a password or a key of its receiver. */
  encrypted_url: string;
  encrypted_key: string;
  /** Failed attempts since the last success. */
  failures: Generated<number>;
  last_error: string | null;
  last_failed_at: number | null;
  /** Attempts at the delivery that is first in its order. */
  attempts: Generated<number>;
  created_at: Generated<number>;
  /** When its signing key was made. */
  updated_at: Generated<number>;
}

interface EventsTable {
  seq: Generated<number>;
  id: string;
  trigger_id: string;
  channel: string | null;
  payload: string;
  summary: string | null;
  ts: number;
  /** Set while the event waits for its time: nobody sees it, and it is not sent. */
  publish_at: number | null;
}

interface RunsTable {
  id: string;
  trigger_id: string;
  kind: "poll" | "http" | "deploy" | "activate" | "deactivate";
  started_at: number;
  finished_at: number | null;
  status: "ok" | "error" | "running";
  emitted: number;
  /** Of the component that ran; null before it was known, and of runs of earlier releases. */
  component_version: string | null;
  error: string | null;
  logs: string;
}

/** Runs that somebody asked for: requests at the endpoint, and polls by hand. Run in this order, one source's after the other. */
interface RunRequestsTable {
  seq: Generated<number>;
  trigger_id: string;
  kind: "poll" | "http";
  encrypted: string | null;
  /** Whoever sent it waits for its outcome until then; null: it was answered when it was stored. */
  waits_until: number | null;
  started: Generated<boolean>;
  created_at: number;
}

/** Outcomes for those who wait; taken away when they are read. */
interface RunRepliesTable {
  request_seq: number;
  encrypted: string;
  created_at: number;
}

interface DeliveriesTable {
  seq: Generated<number>;
  trigger_id: string;
  webhook_id: string;
  event_seq: number;
  created_at: number;
  /** A dead letter: it was tried for the last time then. */
  dead_at: number | null;
  error: string | null;
}

interface DynamicPropsTable {
  id: string;
  external_user_id: string;
  component_key: string;
  props: string;
  created_at: number;
}

interface DataStoresTable {
  id: string;
  external_user_id: string;
  name: string;
}

interface DataStoreEntriesTable {
  store_id: string;
  key: ColumnType<string, string, never>;
  value: string;
  expires_at: number | null;
}

/** One row that only the right encryption key decrypts. */
interface KeyCheckTable {
  id: number;
  encrypted: string;
}

export type AccountRow = Selectable<AccountsTable>;
export type AuthorizationRequestRow = Selectable<AuthorizationRequestsTable>;
export type TriggerRow = Selectable<TriggersTable>;
export type WebhookRow = Selectable<WebhooksTable>;
export type EventRow = Selectable<EventsTable>;
export type RunRow = Selectable<RunsTable>;
export type RunRequestRow = Selectable<RunRequestsTable>;
