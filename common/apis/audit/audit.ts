import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { ServiceNowError } from "../../errors";
import { tableName } from "../../http/url";
import type { ListFacts, Reference } from "../../table/types";
import { sysIdOf } from "../../table/values";
import { common, isRefusal } from "../../http/api-call";
import { where, type Term } from "../../query/terms";
import { listSince } from "../../records/list-since";

/** One change of one field. Values are stored values: sys_ids, UTC. */
export interface FieldChange {
  /** Name of the column. */
  field: string;
  /** Stored value before; empty when there was none. */
  from: string;
  /** Stored value after; empty when it was taken away. */
  to: string;
  /** User name. */
  user: string;
  /** What the instance notes as the reason; mostly empty. */
  reason: string;
  /** UTC. */
  at: string;
}

/** A record that was deleted. */
export interface Deletion {
  /** sys_id of the entry. */
  sys_id: string;
  /** The record's own class. */
  table: string;
  /** sys_id of the record that is gone. */
  record: string;
  /** What the record was called: its number or name; empty when the instance did not keep it. */
  display: string;
  /** User name of who deleted it. */
  user: string;
  /** UTC. */
  at: string;
}

/**
 * The changes of a record's fields, oldest first (`sys_audit`), whichever of its classes is named. Empty for tables that are not audited;
 * updates by import sets and upgrades are not in it, nor system fields.
 *
 * @throws ServiceNowError `acl` with the right to ask for, `not-found` when there are no changes and no such record
 */
export async function fieldHistory(
  client: ServiceNow,
  target: { table: string; record: Reference },
  options: CallOptions & { fields?: readonly string[]; since?: Date; max?: number } = {},
): Promise<ListFacts & { rows: FieldChange[] }> {
  const table = tableName(target.table);
  const id = sysIdOf(target.record);
  // An entry names the class the record had then, which need not be the table asked for.
  const terms: Term[] = [["documentkey", "=", id]];
  if (options.fields?.length) terms.push(["fieldname", "IN", options.fields.join(",")]);
  const right = "read access to sys_audit (usually the role admin)";
  const list = await guarded(`The field history of ${table} ${id} cannot be read`, right, () =>
    listSince(client, "sys_audit", {
      ...common(options),
      terms,
      fields: ["fieldname", "oldvalue", "newvalue", "user", "reason", "sys_created_on", "record_checkpoint"],
      since: options.since,
      max: options.max ?? 10_000,
    }),
  );
  if (list.rows.length === 0) {
    await client.table(table).get(id, { ...common(options), fields: ["sys_id"] });
  }
  // Changes of one second stand in the order of the record's own count of updates.
  const count = (row: { record_checkpoint: string }): number => Number(row.record_checkpoint || 0);
  const rows = [...list.rows].sort((a, b) =>
    a.sys_created_on === b.sys_created_on
      ? count(a) - count(b)
      : a.sys_created_on < b.sys_created_on
        ? -1
        : 1,
  );
  return {
    ...list,
    rows: rows.map((row) => ({
      field: row.fieldname,
      from: row.oldvalue,
      to: row.newvalue,
      user: row.user,
      reason: row.reason,
      at: row.sys_created_on,
    })),
  };
}

/** Characters of class names in one query; the address may have 8,192 bytes. */
const CLASS_LIST = 5000;

/**
 * Records deleted from a table and its subclasses, oldest first (`sys_audit_delete`). Tables that are set not to audit deletions leave no trace;
 * entries are cleaned up after a while.
 *
 * @returns `classes` tells which tables were looked for: an entry names the record's own class, never the parent
 * @throws ServiceNowError `acl` with the right to ask for
 */
export async function deletions(
  client: ServiceNow,
  table: string,
  options: CallOptions & { since?: Date; max?: number } = {},
): Promise<ListFacts & { rows: Deletion[]; classes: string[] }> {
  const classes = await subclasses(client, tableName(table), options);
  const max = options.max ?? 10_000;
  const facts: ListFacts = { total: 0, complete: true, hidden: 0 };
  const rows: Deletion[] = [];
  for (const some of chunks(classes)) {
    const terms: Term[] = [["tablename", "IN", some.join(",")]];
    const right = "read access to sys_audit_delete (usually the role admin)";
    const list = await guarded(`The deletions of ${table} cannot be read`, right, () =>
      listSince(client, "sys_audit_delete", {
        ...common(options),
        terms,
        fields: ["sys_id", "tablename", "documentkey", "display_value", "sys_created_by", "sys_created_on"],
        since: options.since,
        max,
      }),
    );
    rows.push(
      ...list.rows.map((row) => ({
        sys_id: row.sys_id,
        table: row.tablename,
        record: row.documentkey,
        display: row.display_value,
        user: row.sys_created_by,
        at: row.sys_created_on,
      })),
    );
    facts.total = facts.total === null || list.total === null ? null : facts.total + list.total;
    facts.hidden = facts.hidden === null || list.hidden === null ? null : facts.hidden + list.hidden;
    if (!list.complete) {
      facts.complete = false;
      facts.stoppedAt = "max";
    }
  }
  rows.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.sys_id < b.sys_id ? -1 : 1));
  return { ...facts, rows: rows.slice(0, max), classes };
}

/** A table and everything that extends it; the table alone where the hierarchy is closed to the account. */
async function subclasses(client: ServiceNow, table: string, options: CallOptions): Promise<string[]> {
  const found = [table];
  try {
    for (let level = [table]; level.length > 0;) {
      const next: string[] = [];
      for (const some of chunks(level)) {
        const { rows } = await client.table("sys_db_object").list({
          ...common(options),
          query: where([["super_class.name", "IN", some.join(",")]]),
          fields: ["name"],
        });
        next.push(...rows.map((row) => row.name).filter((name) => name && !found.includes(name)));
      }
      found.push(...next);
      level = next;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return found;
}

function chunks(names: string[]): string[][] {
  const lists: string[][] = [[]];
  let length = 0;
  for (const name of names) {
    if (length + name.length + 1 > CLASS_LIST) {
      lists.push([]);
      length = 0;
    }
    lists.at(-1)?.push(name);
    length += name.length + 1;
  }
  return lists;
}

/** A refusal, and a table whose every row is hidden, become one error that says what to ask for. */
async function guarded<T extends ListFacts & { rows: unknown[] }>(
  what: string,
  right: string,
  read: () => Promise<T>,
): Promise<T> {
  const closed = (status?: number): ServiceNowError =>
    new ServiceNowError({
      kind: "acl",
      what,
      reason: "The audit tables are not open to this account",
      remedy: `Ask the administrator for ${right}`,
      status,
    });
  try {
    const list = await read();
    if (list.rows.length === 0 && (list.hidden ?? 0) > 0) throw closed();
    return list;
  } catch (error) {
    if (isRefusal(error)) throw closed(error instanceof ServiceNowError ? error.status : undefined);
    throw error;
  }
}
