type Row = Record<string, unknown>;
/** Gives the stored text encrypted anew; `purposes` are those it may have been encrypted for. */
export type Reencrypt = (encrypted: string, purposes: string[]) => string;

interface EncryptedTable {
  table: string;
  /** Its primary key. */
  key: string[];
  columns: Record<string, (text: string, row: Row, reencrypt: Reencrypt) => string>;
}

const id = (row: Row, name = "id"): string => String(row[name]);
const whole =
  (...purposes: ((row: Row) => string)[]) =>
  (text: string, row: Row, reencrypt: Reencrypt): string =>
    reencrypt(
      text,
      purposes.map((purpose) => purpose(row)),
    );
const named = (...purposes: string[]): EncryptedTable["columns"][string] =>
  whole(...purposes.map((purpose) => () => purpose));

/** Secret props stand among the others of a trigger. */
function secretProps(text: string, _: Row, reencrypt: Reencrypt): string {
  const props = JSON.parse(text) as Record<string, { __encrypted?: unknown } | null>;
  for (const [name, value] of Object.entries(props))
    if (typeof value?.__encrypted === "string")
      props[name] = { __encrypted: reencrypt(value.__encrypted, [`prop ${name}`]) };
  return JSON.stringify(props);
}

/** Everything that is encrypted in the database, with what it was encrypted for. */
export const ENCRYPTED: EncryptedTable[] = [
  { table: "accounts", key: ["id"], columns: { encrypted: whole((row) => `account ${id(row)}`) } },
  {
    table: "authorization_requests",
    key: ["id"],
    columns: { encrypted: whole((row) => `authorization request ${id(row)}`) },
  },
  {
    table: "connect_tokens",
    key: ["token_hash"],
    columns: {
      encrypted_token: whole((row) => `connect token ${id(row, "token_hash")}`),
      encrypted_webhook_uri: whole((row) => `connect token webhook ${id(row, "token_hash")}`),
    },
  },
  { table: "triggers", key: ["id"], columns: { configured_props: secretProps } },
  {
    table: "webhooks",
    key: ["id"],
    columns: {
      encrypted_key: whole((row) => `webhook ${id(row)}`),
      encrypted_url: whole((row) => `webhook address ${id(row)}`),
    },
  },
  {
    table: "run_requests",
    key: ["seq", "trigger_id"],
    columns: { encrypted: whole((row) => `request ${id(row, "trigger_id")}`) },
  },
  {
    table: "run_replies",
    key: ["request_seq"],
    columns: { encrypted: whole((row) => `reply ${id(row, "request_seq")}`) },
  },
  {
    table: "workflow_runs",
    key: ["seq"],
    columns: { encrypted_event: named("workflow event"), encrypted_reply: named("workflow reply") },
  },
  {
    table: "workflow_steps",
    key: ["run_id", "path"],
    columns: {
      encrypted_result: named("workflow step result"),
      encrypted_detail: named("workflow step detail"),
      encrypted_resume: named("workflow resume data", "workflow loop items"),
    },
  },
  {
    table: "workflow_variables",
    key: ["external_user_id", "name"],
    columns: { encrypted: named("workflow variable") },
  },
  { table: "workflow_emits", key: ["seq"], columns: { encrypted: named("workflow emit") } },
  {
    table: "action_runs",
    key: ["id"],
    columns: {
      encrypted_input: whole((row) => `action run ${id(row)}`),
      encrypted_result: whole((row) => `action run ${id(row)}`),
      encrypted_exports: whole((row) => `action run ${id(row)}`),
      encrypted_logs: whole((row) => `action run ${id(row)}`),
    },
  },
  { table: "key_check", key: ["id"], columns: { encrypted: named("key check") } },
];
