import { formatQuery, ownSysId, type Condition, type ServiceNow } from "../../common";
import { requiredText, wrongInput } from "./input";

/** Where a name is looked up. */
interface Lookup {
  table: string;
  /** What one record is called. */
  noun: string;
  /** Columns that may hold the text, in words for the error and by name. */
  columns: readonly string[];
  /** Columns that tell candidates apart. */
  shows: readonly string[];
}

export const LOOKUPS = {
  user: {
    table: "sys_user",
    noun: "user",
    columns: ["user_name", "email", "name", "employee_number"],
    shows: ["name", "user_name", "email"],
  },
  group: { table: "sys_user_group", noun: "group", columns: ["name"], shows: ["name"] },
  configurationItem: {
    table: "cmdb_ci",
    noun: "configuration item",
    columns: ["name"],
    shows: ["name", "sys_class_name"],
  },
  catalogItem: {
    table: "sc_cat_item",
    noun: "catalog item",
    columns: ["name"],
    shows: ["name", "short_description"],
  },
  knowledgeBase: { table: "kb_knowledge_base", noun: "knowledge base", columns: ["title"], shows: ["title"] },
  account: {
    table: "customer_account",
    noun: "account",
    columns: ["name", "number"],
    shows: ["name", "number"],
  },
  contact: {
    table: "customer_contact",
    noun: "contact",
    columns: ["name", "email", "user_name"],
    shows: ["name", "email"],
  },
  role: { table: "sys_user_role", noun: "role", columns: ["name"], shows: ["name"] },
  relationType: {
    table: "cmdb_rel_type",
    noun: "relation type",
    columns: ["name", "sys_name"],
    shows: ["name"],
  },
  template: {
    table: "std_change_record_producer",
    noun: "standard change template",
    columns: ["name"],
    shows: ["name", "short_description"],
  },
} as const satisfies Record<string, Lookup>;

const MAX_CANDIDATES = 10;
export const isSysId = (text: string) => /^[0-9a-f]{32}$/i.test(text);

/** A query for rows where one of the columns is the text. */
export function equalsAny(columns: readonly string[], text: string): string {
  const alternatives: Condition[] = columns.map((field) => ({ field, operator: "=", value: text }));
  return formatQuery({ groups: [[alternatives]], order: [{ field: "sys_id", descending: false }] });
}

/**
 * The sys_id behind a name, e-mail or sys_id. A sys_id is taken as it is. Throws a ConfigurationError that lists the candidates when the text
 * fits none or more than one.
 */
export async function resolveReference(
  client: ServiceNow,
  kind: keyof typeof LOOKUPS,
  input: unknown,
  label: string,
): Promise<string> {
  const { table, noun, columns, shows }: Lookup = LOOKUPS[kind];
  const text = requiredText(input, label);
  if (isSysId(text)) return text.toLowerCase();
  const { rows, total } = await client.table(table).page({
    query: equalsAny(columns, text),
    fields: ["sys_id", ...shows],
    limit: MAX_CANDIDATES + 1,
  });
  const [row] = rows;
  if (rows.length === 1 && row) return row.sys_id ?? "";
  const where = columns.map((column) => column.replaceAll("_", " ")).join(", ");
  if (!row)
    throw wrongInput(
      `${label}: no ${noun} has "${text}" as ${where}, or the account may not read it. Check the spelling, or give the sys_id.`,
    );
  const candidates = rows.slice(0, MAX_CANDIDATES).map(
    (one) =>
      `${shows
        .map((column) => one[column])
        .filter(Boolean)
        .join(", ")} (${one.sys_id})`,
  );
  throw wrongInput(
    `${label}: "${text}" fits ${total ?? "several"} ${noun}s. Give the sys_id of one: ${candidates.join("; ")}${rows.length > MAX_CANDIDATES ? "; …" : ""}`,
  );
}

/** As {@link resolveReference}; undefined where nothing was given. */
export async function optionalReference(
  client: ServiceNow,
  kind: keyof typeof LOOKUPS,
  input: unknown,
  label: string,
): Promise<string | undefined> {
  if (input === undefined || input === null || input === "") return undefined;
  return resolveReference(client, kind, input, label);
}

/** A record that exists, with some of its fields. */
export type FoundRecord = { sys_id: string; number: string } & Record<string, string>;

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
    fields: ["sys_id", "number", ...fields],
    limit: 2,
  });
  // A table without numbers answers with any rows: the condition is dropped without a word.
  const rows = page.rows.filter((row) => String(row[column] ?? "").toLowerCase() === text.toLowerCase());
  const [row] = rows;
  if (row && rows.length === 1) return { number: "", ...row } as FoundRecord;
  if (row)
    throw wrongInput(`${label}: several records of ${table} have the number "${text}". Give the sys_id.`);
  throw wrongInput(
    `${label}: table ${table} has no record ${isSysId(text) ? "with the sys_id" : "with the number"} "${text}", or the account may not read it.`,
  );
}

/** Stops a creation whose name belongs to another record already; one that the same correlation id made is not another. */
export async function refuseTaken(
  client: ServiceNow,
  table: "sys_user" | "sys_user_group",
  column: string,
  value: string,
  label: string,
  correlationId?: string,
): Promise<void> {
  const taken = await client.table(table).first({ query: equalsAny([column], value), fields: ["sys_id"] });
  if (!taken || (correlationId && taken.sys_id === (await ownSysId(table, correlationId)))) return;
  const noun = table === "sys_user" ? "user" : "group";
  throw wrongInput(
    `${label}: "${value}" belongs to a ${noun} already (${taken.sys_id}). Change it with the action "Update ${noun === "user" ? "User" : "Group"}", or take another name.`,
  );
}

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
