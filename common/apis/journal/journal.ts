import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { isServiceNowError, ServiceNowError, usageError } from "../../errors";
import { tableName } from "../../http/url";
import type { Reference } from "../../table/types";
import { sysIdOf } from "../../table/values";
import { common, isRefusal } from "../../http/api-call";
import { type Term } from "../../query/terms";
import { listSince } from "../../records/list-since";
import { parseStamped, type StampFormat } from "./text";
import { users } from "../user/user";

/** `comments` are seen by the caller, `work_notes` only by those who work on the record. Other journal columns have their own name. */
export type JournalColumn = "comments" | "work_notes" | (string & {});

/** One comment or work note. */
export interface JournalEntry {
  /** sys_id of the entry; null when it was read from the record's display text. */
  id: string | null;
  /** Which journal it stands in. */
  column: JournalColumn;
  /** What was written; may hold HTML between `[code]` marks. */
  text: string;
  /** User name from the journal table, display name from the display text. */
  author: string;
  /** Null when the text's time could not be placed: its zone or format is not known. */
  createdAt: Date | null;
  /** The time as it stood there. */
  stamp: string;
}

/** The entries of a record, and how much may be missing. */
export interface Journal {
  /** Newest first. */
  entries: JournalEntry[];
  /** Where they were read: entry by entry, or from the text that the form shows. */
  source: "entries" | "display-text";
  /** What the reader should know about it: which right is missing, in words for an administrator. */
  note?: string;
}

/** Which entries to read. */
export interface ReadJournalOptions extends CallOptions {
  /** @default comments and work_notes */
  columns?: readonly JournalColumn[];
  /** Entries after this moment. */
  since?: Date;
  /** Newest entries at most. @default 1000 */
  max?: number;
  /** The zone of display times (`Europe/Berlin`); asked for when needed. */
  timeZone?: string;
}

const RIGHT =
  "read access to the table sys_journal_field (its rows, and the columns element, element_id, value)";

/**
 * The comments and work notes of a record, newest first. Read from `sys_journal_field` where the account may; otherwise from the
 * text the form shows, taken apart at its stamps; where that is closed too, an error names the missing right.
 *
 * @throws ServiceNowError `acl` when neither way is open to the account, `not-found` when there is no such record
 * @see https://www.servicenow.com/docs/csh?topicname=retrieving-journal-entries.html
 */
export async function readJournal(
  client: ServiceNow,
  target: { table: string; record: Reference },
  options: ReadJournalOptions = {},
): Promise<Journal> {
  const table = tableName(target.table);
  const id = sysIdOf(target.record);
  const columns = options.columns ?? ["comments", "work_notes"];
  if (columns.length === 0) throw usageError("No journal column is asked for", "Give comments or work_notes");
  const structured = await fromTable(client, id, columns, options);
  if (structured.entries.length > 0 && !structured.hidden) {
    return { entries: structured.entries, source: "entries" };
  }
  const shown = await fromRecord(client, table, id, columns, options);
  if (shown === null) {
    if (!structured.hidden) return { entries: structured.entries, source: "entries" };
    throw new ServiceNowError({
      kind: "acl",
      what: `The journal of ${table} ${id} cannot be read`,
      reason: `Neither the entries nor the columns ${columns.join(" and ")} of the record are open to this account`,
      remedy: `Ask the administrator for ${RIGHT}, or for read access to the columns ${columns.join(" and ")} of ${table}`,
      fields: [...columns],
    });
  }
  if (shown.length === 0 || shown.length < structured.entries.length) {
    return { entries: structured.entries, source: "entries", ...noteOf(structured.hidden) };
  }
  return {
    entries: shown,
    source: "display-text",
    note: `Read from the text of the form, because the journal's entries are not open to this account. Authors are display names there. For exact entries ask the administrator for ${RIGHT}`,
  };
}

/** Adds a comment, a work note or both. Never repeated blindly: a repetition would add the entry twice. */
export async function addToJournal(
  client: ServiceNow,
  target: { table: string; record: Reference },
  entry: { comment?: string; workNote?: string; other?: Record<string, string> },
  options: CallOptions = {},
): Promise<void> {
  const values: Record<string, string> = { ...entry.other };
  if (entry.comment?.trim()) values["comments"] = entry.comment;
  if (entry.workNote?.trim()) values["work_notes"] = entry.workNote;
  if (Object.keys(values).length === 0) {
    throw usageError("There is nothing to add to the journal", "Give a comment or a work note");
  }
  const table = tableName(target.table);
  const id = sysIdOf(target.record);
  await client.request({
    ...common(options),
    method: "PATCH",
    path: `/api/now/table/${table}/${encodeURIComponent(id)}`,
    params: { ...options.params, sysparm_fields: "sys_id" },
    body: values,
    idempotency: "not-idempotent",
    operation: `add to the journal of ${table} ${id}`,
  });
}

async function fromTable(
  client: ServiceNow,
  id: string,
  columns: readonly string[],
  options: ReadJournalOptions,
): Promise<{ entries: JournalEntry[]; hidden: boolean }> {
  const terms: Term[] = [
    ["element_id", "=", id],
    ["element", "IN", columns.join(",")],
  ];
  try {
    const list = await listSince(client, "sys_journal_field", {
      ...common(options),
      terms,
      fields: ["sys_id", "element", "value", "sys_created_on", "sys_created_by"],
      newestFirst: true,
      since: options.since,
      max: options.max ?? 1000,
    });
    const entries = list.rows.map((row) => ({
      id: row.sys_id,
      column: row.element,
      text: row.value,
      author: row.sys_created_by,
      createdAt: readUtc(row.sys_created_on),
      stamp: row.sys_created_on,
    }));
    // A row whose text is closed to the account comes without it.
    const blank = entries.some(({ text }) => text === undefined);
    return { entries: blank ? [] : entries, hidden: blank || (list.hidden ?? 0) > 0 };
  } catch (error) {
    if (isRefusal(error)) return { entries: [], hidden: true };
    throw error;
  }
}

/** Null when the record does not show the columns at all. */
async function fromRecord(
  client: ServiceNow,
  table: string,
  id: string,
  columns: readonly string[],
  options: ReadJournalOptions,
): Promise<JournalEntry[] | null> {
  let row: Record<string, string>;
  try {
    row = await client.table(table).get(id, {
      ...common(options),
      fields: columns,
      displayValue: "true",
    });
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
  const present = columns.filter((name) => typeof row[name] === "string");
  if (present.length === 0) return null;
  if (present.every((name) => !row[name])) return [];
  const format = await formatOf(client, options);
  const entries = present.flatMap((column) =>
    parseStamped(row[column] ?? "", format).map((entry) => ({ id: null, column, ...entry })),
  );
  const { since, max = 1000 } = options;
  const kept = since
    ? entries.filter(({ createdAt }) => createdAt === null || createdAt.getTime() > since.getTime())
    : entries;
  return kept.sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0)).slice(0, max);
}

async function formatOf(client: ServiceNow, options: ReadJournalOptions): Promise<StampFormat> {
  if (options.timeZone) return { timeZone: options.timeZone };
  try {
    const user = await users(client).current(common(options));
    return { timeZone: user?.time_zone || undefined };
  } catch (error) {
    if (isServiceNowError(error)) return {};
    throw error;
  }
}

function noteOf(hidden: boolean): { note?: string } {
  return hidden
    ? { note: `Some entries exist that are not open to this account. Ask the administrator for ${RIGHT}` }
    : {};
}

function readUtc(text: string): Date | null {
  const time = Date.parse(`${text.replace(" ", "T")}Z`);
  return Number.isNaN(time) ? null : new Date(time);
}
