import { tableColumns } from "../../apps/servicenow/columns";
import { choiceOptions } from "../../apps/servicenow/options/choices";
import { recordOptions } from "../../apps/servicenow/options/records";
import { recordClass } from "../../apps/servicenow/record-class";
import { isServiceNowError, type ServiceNow } from "../../common";
import type { Column } from "../../common/schema";
import type { OptionsRequest, PlainProp } from "../../components";
import { textList } from "./input";
import { allOf } from "./query";

const PREFIX = "field_";

interface App {
  client($?: unknown): ServiceNow;
}

const DATES: Record<string, string> = {
  glide_date_time: "A time in UTC, such as `2026-07-30 14:05:00`.",
  due_date: "A time in UTC, such as `2026-07-30 14:05:00`.",
  glide_date: "A date, such as `2026-07-30`.",
  glide_time: "A time of day, such as `14:05:00`.",
  glide_duration:
    "A length of time counted from 1970, such as `1970-01-02 04:00:00` for a day and four hours.",
};

const JOURNALS = new Set(["journal", "journal_input"]);

/** What the prop says below its label: the column, the dictionary's own help, its kind, and how a value is written. */
function describe(column: Column, help: string): string {
  const { name, type, reference, maxLength, mandatory } = column;
  const refers = type === "glide_list" ? `Records of ${reference}.` : `A record of ${reference}.`;
  const kind =
    DATES[type] ??
    (JOURNALS.has(type)
      ? "Adds an entry; what was written before stays."
      : reference
        ? refers
        : type === "string" && maxLength && maxLength <= 255
          ? `At most ${maxLength} characters.`
          : "");
  return [`Column \`${name}\`.`, help, kind, mandatory ? "Mandatory on the table's form." : ""]
    .filter(Boolean)
    .join(" ");
}

/** The input for one column: its type, label, help, choices and search follow the table's dictionary. */
async function fieldProp(app: App, table: string, column: Column, help: string): Promise<PlainProp> {
  const { type, reference } = column;
  const common = {
    label: column.label,
    description: describe(column, help),
    // Never required: the value may stand in the JSON object, and the dictionary's "mandatory" binds forms, not the Table API.
    optional: true,
  };
  if (type === "boolean") return { ...common, type: "boolean" };
  if (reference)
    return {
      ...common,
      type: type === "glide_list" ? "string[]" : "string",
      useQuery: true,
      async options({ query, page }: OptionsRequest) {
        return recordOptions(app.client(), reference, { query, page });
      },
    };
  if (column.hasChoices === true) {
    const options = await choiceOptions(app.client(), table, column.name);
    if (options.length > 0) return { ...common, type: "string", options };
  }
  if (type.startsWith("password")) return { ...common, type: "string", secret: true };
  // Integers stay texts: ServiceNow's own values are texts, and an empty one clears the column.
  return { ...common, type: "string" };
}

/** The help that the instance keeps for columns, by column; none for accounts that may not read it. */
async function helpOf(client: ServiceNow, columns: readonly Column[]): Promise<Map<string, string>> {
  const tables = [...new Set(columns.map(({ table }) => table).filter(Boolean))];
  const query = allOf([
    ["name", "IN", tables.join(",")],
    ["element", "IN", columns.map(({ name }) => name).join(",")],
    ["language", "=", "en"],
  ]);
  try {
    const { rows } = await client
      .table("sys_documentation")
      .list({ query, fields: ["name", "element", "hint", "help"], max: 500 });
    const texts = new Map(
      rows.map((row) => [`${row.name} ${row.element}`, sentence(row.hint) || sentence(row.help)]),
    );
    return new Map(columns.map(({ name, table }) => [name, texts.get(`${table} ${name}`) ?? ""]));
  } catch (error) {
    if (isServiceNowError(error)) return new Map();
    throw error;
  }
}

/** A text of the dictionary as a sentence; one with markup is for the form alone. */
function sentence(text: string | undefined): string {
  const clean = (text ?? "").trim().replace(/\s+/g, " ");
  if (/<\/?[a-z]|&[a-z#]/i.test(clean)) return "";
  return clean === "" || /[.!?]$/.test(clean) ? clean : `${clean}.`;
}

/**
 * Inputs for the columns that were chosen, and on creation for every mandatory one. None while there is no table.
 * @param settings.record the record that will be changed, where the table is only its base: the columns are those of its class
 */
export async function fieldProps(
  app: App,
  table: unknown,
  chosen: unknown,
  { mandatory = false, record }: { mandatory?: boolean; record?: unknown } = {},
): Promise<Record<string, PlainProp>> {
  const names = textList(chosen);
  if (typeof table !== "string" || !table || (names.length === 0 && !mandatory)) return {};
  const client = app.client();
  const name = record === undefined ? table : await recordClass(client, table, record);
  const columns = (await tableColumns(client, name)).filter(
    (column) => names.includes(column.name) || (mandatory && column.mandatory && !column.readOnly),
  );
  if (columns.length === 0) return {};
  const help = await helpOf(client, columns);
  const props = await Promise.all(
    columns.map(
      async (column) =>
        [PREFIX + column.name, await fieldProp(app, name, column, help.get(column.name) ?? "")] as const,
    ),
  );
  return Object.fromEntries(props);
}

/** The values of those inputs, by column. */
export function fieldValues(instance: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(instance)
      .filter(([name, value]) => name.startsWith(PREFIX) && value !== undefined && value !== null)
      .map(([name, value]) => [name.slice(PREFIX.length), value]),
  );
}
