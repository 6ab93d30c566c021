import { isServiceNowError, type ServiceNow } from "../../common";
import { equalsAny, namedRecords } from "../../common/records/named-records";
import { columnsOfTable } from "../../common/schema";
import { isSysId } from "../../common/sys-id";
import { readAlone, type ReadOne } from "../../common/table/pages-together";
import { isBlank, plainValue, requiredText, wrongInput } from "./input";

/** Where a name is looked up. */
interface Lookup {
  table: string;
  /** What one record is called. */
  recordType: string;
  /** Columns that may hold the text, in words for the error and by name. */
  columns: readonly string[];
  /** Columns that tell candidates apart; `active` is said in words. */
  shows: readonly string[];
  /** A sys_id needs no look: the API it goes to refuses a wrong one, or it only filters what is found. */
  takesAnySysId?: true;
  /** Who is inactive is refused; the action that changes that. */
  activatedWith?: string;
}

const USER = {
  table: "sys_user",
  recordType: "user",
  columns: ["user_name", "email", "name", "employee_number"],
  shows: ["name", "user_name", "email", "active"],
} as const;
const GROUP = {
  table: "sys_user_group",
  recordType: "group",
  columns: ["name"],
  shows: ["name", "active"],
} as const;

export const LOOKUPS = {
  user: USER,
  group: GROUP,
  /** Somebody who is to do the work. */
  assignee: { ...USER, activatedWith: "Update User" },
  assignedGroup: { ...GROUP, activatedWith: "Update Group" },
  /** Somebody whose records are looked for; records keep the people who have gone. */
  userSearchedFor: { ...USER, takesAnySysId: true },
  configurationItem: {
    table: "cmdb_ci",
    recordType: "configuration item",
    columns: ["name"],
    shows: ["name", "sys_class_name"],
  },
  catalogItem: {
    table: "sc_cat_item",
    recordType: "catalog item",
    columns: ["name"],
    shows: ["name", "short_description"],
    takesAnySysId: true,
  },
  knowledgeBase: {
    table: "kb_knowledge_base",
    recordType: "knowledge base",
    columns: ["title"],
    shows: ["title"],
  },
  account: {
    table: "customer_account",
    recordType: "account",
    columns: ["name", "number"],
    shows: ["name", "number"],
  },
  contact: {
    table: "customer_contact",
    recordType: "contact",
    columns: ["name", "email", "user_name"],
    shows: ["name", "email"],
  },
  role: { table: "sys_user_role", recordType: "role", columns: ["name"], shows: ["name"] },
  relationType: {
    table: "cmdb_rel_type",
    recordType: "relation type",
    columns: ["name", "sys_name"],
    shows: ["name"],
  },
  template: {
    table: "std_change_record_producer",
    recordType: "standard change template",
    columns: ["name"],
    shows: ["name", "short_description"],
    takesAnySysId: true,
  },
} as const satisfies Record<string, Lookup>;

const MAX_CANDIDATES = 10;

/**
 * The sys_id behind a name, e-mail or sys_id; of namesakes the only active one. Throws a ConfigurationError that lists the candidates when
 * the text fits none or more than one, and for a sys_id that belongs to nothing.
 */
export async function resolveReference(
  client: ServiceNow,
  kind: keyof typeof LOOKUPS,
  input: unknown,
  label: string,
): Promise<string> {
  const lookup: Lookup = LOOKUPS[kind];
  const text = requiredText(input, label);
  const row = await (isSysId(text) ? bySysId : byName)(readAlone(client), lookup, text, label);
  const { recordType, activatedWith } = lookup;
  if (activatedWith && row.active === "false")
    throw wrongInput(
      `${label}: the ${recordType} "${text}" is inactive. Name another, or activate this one with the action "${activatedWith}" first.`,
    );
  return row.sys_id ?? "";
}

/**
 * The sys_id of a record of any table, given by sys_id or by the name that people know it by. Throws as {@link resolveReference}.
 * Tables without a lookup of their own are searched by their display column.
 * @param read for callers who have several references to look up at a time
 */
export async function referenceIn(
  client: ServiceNow,
  table: string,
  text: string,
  label: string,
  read: ReadOne = readAlone(client),
): Promise<string> {
  const own: Lookup | undefined = [USER, GROUP, ...Object.values(LOOKUPS)].find(
    (lookup) => lookup.table === table,
  );
  const { takesAnySysId: _, ...lookup } = own ?? {
    table,
    recordType: `record of ${table}`,
    columns: isSysId(text) ? [] : [await displayColumn(client, table)],
    shows: [],
  };
  return (await (isSysId(text) ? bySysId : byName)(read, lookup, text, label)).sys_id ?? "";
}

/** The column that stands for a record of the table in lists. */
async function displayColumn(client: ServiceNow, table: string): Promise<string> {
  const { columns } = await columnsOfTable(client, table);
  const names = columns.map(({ name }) => name);
  return (
    columns.find(({ display }) => display)?.name ??
    ["number", "name", "label", "title"].find((name) => names.includes(name)) ??
    "name"
  );
}

type FoundRow = Record<string, string>;

/** A record that rules hide from the account is taken as given: the instance counts it, or keeps the whole table closed. */
async function bySysId(
  read: ReadOne,
  { table, recordType, shows, takesAnySysId }: Lookup,
  text: string,
  label: string,
): Promise<FoundRow> {
  const id = text.toLowerCase();
  if (takesAnySysId) return { sys_id: id };
  try {
    const fields = ["sys_id", ...shows];
    const { rows, total } = await read({ table, query: equalsAny(["sys_id"], id), fields, limit: 1 });
    if (rows[0]) return rows[0];
    if (total) return { sys_id: id };
  } catch (error) {
    if (isServiceNowError(error) && error.status === 403) return { sys_id: id };
    throw error;
  }
  throw wrongInput(`${label}: there is no ${recordType} with the sys_id ${id}, or none for this account.`);
}

async function byName(
  read: ReadOne,
  { table, recordType, columns, shows }: Lookup,
  text: string,
  label: string,
): Promise<FoundRow> {
  const lookup = { table, columns, fields: ["sys_id", ...shows] };
  const { meant, rows, total, more } = await namedRecords(read, lookup, text, MAX_CANDIDATES);
  if (meant) return meant;
  const where = columns.map((column) => column.replaceAll("_", " ")).join(", ");
  if (rows.length === 0)
    throw wrongInput(
      `${label}: no ${recordType} has "${text}" as ${where}, or the account may not read it. Check the spelling, or give the sys_id.`,
    );
  const candidates = rows.map((row: FoundRow) => {
    const facts = shows.map((column) =>
      column === "active" ? row.active === "false" && "inactive" : row[column],
    );
    return `${facts.filter(Boolean).join(", ")} (${row.sys_id})`;
  });
  throw wrongInput(
    `${label}: "${text}" fits ${total ?? "several"} ${recordType}s. Give the sys_id of one: ${candidates.join("; ")}${more ? "; …" : ""}`,
  );
}

/** As {@link resolveReference}; undefined where nothing was given. */
export async function optionalReference(
  client: ServiceNow,
  kind: keyof typeof LOOKUPS,
  input: unknown,
  label: string,
): Promise<string | undefined> {
  if (isBlank(plainValue(input))) return undefined;
  return resolveReference(client, kind, input, label);
}

/** A record that exists, with some of its fields, and the table of its own class. */
export type FoundRecord = { sys_id: string; number: string; table: string } & Record<string, string>;

/**
 * The record behind a number or a sys_id, read so that what follows works on something that exists. Throws a ConfigurationError when there is
 * none, or none that the account may read.
 */
export async function resolveRecord(
  client: ServiceNow,
  table: string,
  input: unknown,
  label: string,
  fields: readonly string[] = [],
): Promise<FoundRecord> {
  const text = requiredText(input, label);
  const column = isSysId(text) ? "sys_id" : "number";
  const page = await client.table(table).page({
    query: equalsAny([column], isSysId(text) ? text.toLowerCase() : text),
    fields: [...new Set(["sys_id", "number", "sys_class_name", ...fields])],
    limit: 2,
  });
  // A table without numbers answers with any rows: the condition is dropped without a word.
  const rows = page.rows.filter((row) => String(row[column] ?? "").toLowerCase() === text.toLowerCase());
  const [row] = rows;
  if (row && rows.length === 1)
    return { number: "", ...row, table: row.sys_class_name || table } as FoundRecord;
  if (row)
    throw wrongInput(`${label}: several records of ${table} have the number "${text}". Give the sys_id.`);
  throw wrongInput(
    `${label}: table ${table} has no record ${isSysId(text) ? "with the sys_id" : "with the number"} "${text}", or the account may not read it.`,
  );
}

/** The change request behind a number or a sys_id. Throws as {@link resolveRecord}. */
export const resolveChange = (client: ServiceNow, input: unknown): Promise<FoundRecord> =>
  resolveRecord(client, "change_request", input, "Change Request");

/** The sys_ids of a group and a person given by name. */
export async function groupAndUser(
  client: ServiceNow,
  props: { group: string; user: string },
): Promise<{ group: string; user: string }> {
  return {
    group: await resolveReference(client, "group", props.group, "Group"),
    user: await resolveReference(client, "user", props.user, "User"),
  };
}
