import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { isServiceNowError, ServiceNowError, usageError } from "../errors";
import type { CreateOptions, ReadOptions, WriteOptions } from "../table/options";
import type { AnyRow, DisplayValue, Reference, ResultRow } from "../table/types";
import { sysIdOf, toBody, type WriteValue } from "../table/values";

/** Tables that number their records by these prefixes on an instance as delivered. */
export const NUMBER_PREFIXES: Readonly<Record<string, string>> = {
  INC: "incident",
  PRB: "problem",
  PTASK: "problem_task",
  CHG: "change_request",
  CTASK: "change_task",
  REQ: "sc_request",
  RITM: "sc_req_item",
  SCTASK: "sc_task",
  CS: "sn_customerservice_case",
  KB: "kb_knowledge",
  TASK: "task",
};

/**
 * The record with a number, in whatever table it is: the prefix names the table; an unknown prefix is looked for among all
 * tasks.
 *
 * @throws ServiceNowError `no-match`, `several-matches`
 */
export async function findByNumber<F extends string = never, D extends DisplayValue = "false">(
  client: ServiceNow,
  number: string,
  options: ReadOptions<F, D, false> = {},
): Promise<{ table: string; record: ResultRow<AnyRow, F, D> }> {
  const text = number.trim().toUpperCase();
  const prefix = /^([A-Z]+)\d+$/.exec(text)?.[1];
  if (!prefix)
    throw usageError(
      `"${number}" is not a record number`,
      "A number is letters and digits, such as INC0010023",
    );
  const known = NUMBER_PREFIXES[prefix];
  const tables = known && known !== "task" ? [known, "task"] : ["task"];
  for (const table of tables) {
    try {
      const record = await client.table(table).getByNumber<F, D>(text, options);
      return { table, record };
    } catch (error) {
      if (table === tables[tables.length - 1] || !isServiceNowError(error)) throw error;
      if (error.kind !== "no-match" && error.kind !== "invalid-table") throw error;
    }
  }
  throw new ServiceNowError({ kind: "no-match", what: `No record has the number ${text}` });
}

/**
 * Changes the record whose key columns have the given values, or creates it.
 *
 * @throws ServiceNowError `several-matches` when the key is not one record's own; `query-rights` when a column of it does not exist or may not be read
 */
export async function upsert<F extends string = never, D extends DisplayValue = "false">(
  client: ServiceNow,
  table: string,
  key: readonly string[],
  values: Record<string, WriteValue>,
  options: WriteOptions<F, D, false> = {},
): Promise<{ created: boolean; record: ResultRow<AnyRow, F, D> }> {
  if (key.length === 0) throw usageError("The key names no column");
  if (options.inputDisplayValue)
    throw usageError(
      "A record is looked up by stored values, and inputDisplayValue sends labels",
      "Give stored values, or look the record up first and then update it",
    );
  const body = toBody(values);
  const wanted = Object.fromEntries(
    key.map((field) => {
      const value = body[field];
      if (!value)
        throw usageError(`The values have nothing in ${field}, a column of the key`, undefined, [field]);
      return [field, value];
    }),
  );
  const { signal, timeoutMs, deadlineMs, retry } = options;
  const found = await client
    .table(table)
    .byKey(wanted, { fields: ["sys_id"], signal, timeoutMs, deadlineMs, retry });
  if (found) {
    const record = await client.table(table).update<F, D>(found.sys_id, values, options);
    return { created: false, record };
  }
  const creation: CreateOptions<F, D, false> = { ...options };
  // A key of one column tells a creation whose answer was lost.
  if (key.length === 1 && key[0]) creation.correlation = key[0];
  return { created: true, record: await client.table(table).create<F, D>(values, creation) };
}

/** Columns that belong to one record's life. */
const OWN =
  /^(sys_.*|number|task_effective_number|state|incident_state|problem_state|stage|phase_state|active|opened_.*|closed_.*|resolved_.*|close_.*|reopen.*|work_notes.*|comments.*|approval.*|activity_due|calendar_.*|business_duration|business_stc|made_sla|sla_due|upon_.*|correlation_.*|watch_list|work_start|work_end|time_worked|reassignment_count|hold_reason|on_hold.*|conflict_.*|escalation|child_incidents|universal_request|.*password.*)$/;
/** Columns by which a person is known, and the traces of sign-ins. */
const PERSONAL =
  /^(user_name|email|employee_number|name|federated_id|hashed_user_id|source|ldap_server|sso_source|failed_attempts|locked_out|last_login.*|avatar|photo|roles|accumulated_roles)$/;

/**
 * The values of a record that a copy takes over: not its number, system columns, journal entries, passwords and the traces of its life; of a
 * person nothing that tells who it is either. Empty ones are left out.
 */
export function copyable<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  const person = "user_name" in record;
  return Object.fromEntries(
    Object.entries(record).filter(
      ([name, value]) => value !== "" && !OWN.test(name) && !(person && PERSONAL.test(name)),
    ),
  );
}

/**
 * A new record with the values of another, as far as {@link copyable}; `changes` win.
 */
export async function copyRecord(
  client: ServiceNow,
  table: string,
  record: Reference,
  options: {
    changes?: Record<string, WriteValue>;
    leaveOut?: readonly string[];
    fields?: readonly string[];
  } & CallOptions = {},
): Promise<AnyRow> {
  const { changes = {}, leaveOut = [], fields, ...rest } = options;
  const original = await client.table(table).get(sysIdOf(record), rest);
  const taken = fields
    ? Object.fromEntries(Object.entries(original).filter(([name, value]) => value && fields.includes(name)))
    : copyable(original);
  const values = Object.fromEntries(Object.entries(taken).filter(([name]) => !leaveOut.includes(name)));
  try {
    return await client.table(table).create({ ...values, ...changes }, rest);
  } catch (error) {
    if (!isServiceNowError(error) || !/unique|duplicate/i.test(`${error.serverMessage} ${error.detail}`))
      throw error;
    throw new ServiceNowError({
      kind: "conflict",
      what: `${table} ${sysIdOf(record)} cannot be copied: a column must have a value of its own`,
      reason: [error.serverMessage, error.detail].filter(Boolean).join(": "),
      remedy: "Give this column another value in changes, or leave it out",
      status: error.status,
    });
  }
}
