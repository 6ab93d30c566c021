import type { Database } from "./database";

/**
 * Times are milliseconds since 1970 in bigint columns. JSON is kept as text: events and state come back as they were
 * written, key order included, and a text with an escaped NUL is no error as it would be in jsonb.
 */
const MIGRATIONS: string[] = [
  `
  create table accounts (
    id text primary key,
    external_user_id text not null,
    app text not null,
    name text not null,
    external_id text not null,
    auth_type text not null,
    fields text not null,
    sealed text not null,
    token_url text,
    revocation_url text,
    expires_at bigint,
    renew_at bigint,
    renewing_until bigint,
    healthy boolean not null default true,
    dead boolean not null default false,
    error text,
    created_at bigint not null,
    updated_at bigint not null
  );
  create index accounts_owner on accounts (external_user_id, app);

  create table connect_attempts (
    id text primary key,
    state_hash text not null unique,
    external_user_id text not null,
    app text not null,
    account_id text,
    name text,
    sealed text not null,
    status text not null,
    error text,
    connect_token text,
    created_at bigint not null,
    expires_at bigint not null
  );

  create table connect_tokens (
    token_hash text primary key,
    external_user_id text not null,
    allowed_origins text not null,
    success_redirect_uri text,
    error_redirect_uri text,
    webhook_uri text,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
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
    emit_on_deploy boolean not null default true,
    configured_props text not null,
    dynamic_props text,
    schedule text,
    next_run_at bigint,
    endpoint_key text not null unique,
    db text not null default '{}',
    dedupe text not null default '{}',
    webhooks text not null default '[]',
    workflow_ids text not null default '[]',
    last_run text,
    lock_host text,
    lock_run text,
    lock_started bigint,
    lock_until bigint,
    created_at bigint not null,
    updated_at bigint not null
  );
  create index triggers_due on triggers (next_run_at) where active;
  create index triggers_owner on triggers (external_user_id);

  create table events (
    seq bigserial primary key,
    id text not null,
    trigger_id text not null references triggers (id) on delete cascade,
    channel text,
    payload text not null,
    summary text,
    ts bigint not null,
    deliver_at bigint
  );
  create index events_of on events (trigger_id, seq);

  create table runs (
    id text primary key,
    trigger_id text not null references triggers (id) on delete cascade,
    kind text not null,
    started_at bigint not null,
    finished_at bigint not null,
    status text not null,
    emitted integer not null,
    error text,
    logs text not null
  );
  create index runs_of on runs (trigger_id, started_at);

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
  `,
  `
  alter table connect_tokens add column sealed_token text;
  alter table connect_tokens add column session_id text;
  `,
  `
  create table endpoint_requests (
    seq bigserial primary key,
    trigger_id text not null references triggers (id) on delete cascade,
    sealed text not null,
    created_at bigint not null
  );
  create index endpoint_requests_of on endpoint_requests (trigger_id, seq);
  `,
  `
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
  `,
];

/** Brings the schema up to date. Hosts and workers that start at the same time wait for each other. */
export async function migrate(db: Database): Promise<void> {
  await db.query("create table if not exists host_schema (version integer not null)");
  await db.transaction(async (tx) => {
    await tx.query("lock table host_schema in exclusive mode");
    const [row] = await tx.query<{ version: number }>("select max(version) as version from host_schema");
    const present = row?.version ?? 0;
    if (present > MIGRATIONS.length)
      throw new Error(
        `The database was made by a newer version of the host (schema ${present}, this one knows ${MIGRATIONS.length}). Start that version, or another DATA_DIR.`,
      );
    for (const [at, sql] of MIGRATIONS.entries()) {
      if (at < present) continue;
      for (const statement of sql.split(";")) if (statement.trim() !== "") await tx.query(statement);
      await tx.query("insert into host_schema (version) values ($1)", [at + 1]);
    }
  });
}
