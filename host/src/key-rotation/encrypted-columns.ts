import { encryptedFor, type AccountPlace } from "../encrypted-for";

type Row = Record<string, unknown>;
/** Gives the stored text encrypted anew for the first of the purposes; the others are those of earlier releases. */
export type Reencrypt = (encrypted: string, purposes: string[]) => string;

interface EncryptedTable {
  table: string;
  /** Its primary key. */
  key: string[];
  /** Further columns that its values are bound to. */
  bound?: string[];
  columns: Record<string, (text: string, row: Row, reencrypt: Reencrypt) => string>;
}

const text = (row: Row, name = "id"): string => String(row[name]);
/** The column holds one value, which is encrypted for the first purpose; the others are those of earlier releases. */
const whole =
  (...purposes: ((row: Row) => string)[]) =>
  (encrypted: string, row: Row, reencrypt: Reencrypt): string =>
    reencrypt(
      encrypted,
      purposes.map((purpose) => purpose(row)),
    );

/** Secret props stand among the others of a trigger. */
function secretProps(stored: string, row: Row, reencrypt: Reencrypt): string {
  const props = JSON.parse(stored) as Record<string, { __encrypted?: unknown } | null>;
  for (const [name, value] of Object.entries(props))
    if (typeof value?.__encrypted === "string")
      props[name] = {
        __encrypted: reencrypt(value.__encrypted, [encryptedFor.prop(text(row), name), `prop ${name}`]),
      };
  return JSON.stringify(props);
}

const actionRun = (column: "input" | "result" | "exports" | "logs"): EncryptedTable["columns"][string] =>
  whole(
    (row) => encryptedFor.actionRun(text(row), column),
    (row) => `action run ${text(row)}`,
  );

/** Everything that is encrypted in the database, with what it is encrypted for. */
export const ENCRYPTED: EncryptedTable[] = [
  {
    table: "accounts",
    key: ["id"],
    bound: ["external_user_id", "app", "auth_type", "token_url", "revocation_url", "fields"],
    columns: {
      encrypted: whole(
        (row) => encryptedFor.account(row as unknown as AccountPlace),
        (row) => `account ${text(row)}`,
      ),
    },
  },
  {
    table: "authorization_requests",
    key: ["id"],
    columns: { encrypted: whole((row) => encryptedFor.authorizationRequest(text(row))) },
  },
  {
    table: "connect_tokens",
    key: ["token_hash"],
    columns: {
      encrypted_token: whole((row) => encryptedFor.connectToken(text(row, "token_hash"))),
      encrypted_webhook_uri: whole((row) => encryptedFor.connectTokenWebhook(text(row, "token_hash"))),
    },
  },
  { table: "triggers", key: ["id"], columns: { configured_props: secretProps } },
  {
    table: "webhooks",
    key: ["id"],
    columns: {
      encrypted_key: whole((row) => encryptedFor.webhookKey(text(row))),
      encrypted_url: whole((row) => encryptedFor.webhookAddress(text(row))),
    },
  },
  {
    table: "run_requests",
    key: ["seq", "trigger_id"],
    columns: { encrypted: whole((row) => encryptedFor.runRequest(text(row, "trigger_id"))) },
  },
  {
    table: "run_replies",
    key: ["request_seq"],
    columns: { encrypted: whole((row) => encryptedFor.runReply(text(row, "request_seq"))) },
  },
  {
    table: "workflow_runs",
    key: ["seq"],
    bound: ["id"],
    columns: {
      encrypted_event: whole(
        (row) => encryptedFor.workflowEvent(text(row)),
        () => "workflow event",
      ),
      encrypted_reply: whole(
        (row) => encryptedFor.workflowReply(text(row)),
        () => "workflow reply",
      ),
    },
  },
  {
    table: "workflow_steps",
    key: ["run_id", "path"],
    columns: {
      encrypted_result: whole(
        (row) => encryptedFor.stepResult(text(row, "run_id"), text(row, "path")),
        () => "workflow step result",
      ),
      encrypted_detail: whole(
        (row) => encryptedFor.stepDetail(text(row, "run_id"), text(row, "path")),
        () => "workflow step detail",
      ),
      encrypted_resume: whole(
        (row) => encryptedFor.stepResume(text(row, "run_id"), text(row, "path")),
        () => "workflow resume data",
        () => "workflow loop items",
      ),
    },
  },
  {
    table: "workflow_variables",
    key: ["external_user_id", "name"],
    columns: {
      encrypted: whole(
        (row) => encryptedFor.variable(text(row, "external_user_id"), text(row, "name")),
        () => "workflow variable",
      ),
    },
  },
  {
    table: "workflow_emits",
    key: ["seq"],
    bound: ["workflow_id", "run_id"],
    columns: {
      encrypted: whole(
        (row) => encryptedFor.emitted(text(row, "workflow_id"), text(row, "run_id")),
        () => "workflow emit",
      ),
    },
  },
  {
    table: "action_runs",
    key: ["id"],
    columns: {
      encrypted_input: actionRun("input"),
      encrypted_result: actionRun("result"),
      encrypted_exports: actionRun("exports"),
      encrypted_logs: actionRun("logs"),
    },
  },
  { table: "key_check", key: ["id"], columns: { encrypted: whole(() => encryptedFor.keyCheck) } },
];
