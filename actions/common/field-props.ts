import { tableColumns } from "../../apps/servicenow/columns";
import { choiceOptions } from "../../apps/servicenow/options/choices";
import { recordOptions } from "../../apps/servicenow/options/records";
import type { ServiceNow } from "../../common";
import type { Column } from "../../common/schema";
import type { OptionsRequest, PlainProp } from "../../components";
import { textList } from "./input";

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

/** What the prop says below its label: the column, its kind, and how a value is written. */
function describe(column: Column): string {
  const kind = DATES[column.type] ?? (column.reference ? `A record of ${column.reference}.` : "");
  return [`Column \`${column.name}\`.`, kind, column.mandatory ? "Mandatory on the table's form." : ""]
    .filter(Boolean)
    .join(" ");
}

/** The input for one column: its type, label, help, choices and search follow the table's dictionary. */
async function fieldProp(app: App, table: string, column: Column): Promise<PlainProp> {
  const common = {
    label: column.label,
    description: describe(column),
    // Never required: the value may stand in the JSON object, and the dictionary's "mandatory" binds forms, not the Table API.
    optional: true,
  };
  if (column.type === "boolean") return { ...common, type: "boolean" };
  if (column.reference)
    return {
      ...common,
      type: "string",
      useQuery: true,
      async options({ query, page }: OptionsRequest) {
        return recordOptions(app.client(), column.reference, { query, page });
      },
    };
  if (column.hasChoices === true) {
    const options = await choiceOptions(app.client(), table, column.name);
    if (options.length > 0) return { ...common, type: "string", options };
  }
  // Integers stay texts: ServiceNow's own values are texts, and an empty one clears the column.
  return { ...common, type: "string" };
}

/** Inputs for the columns that were chosen, and on creation for every mandatory one. None while there is no table. */
export async function fieldProps(
  app: App,
  table: unknown,
  chosen: unknown,
  { mandatory = false }: { mandatory?: boolean } = {},
): Promise<Record<string, PlainProp>> {
  const names = textList(chosen);
  if (typeof table !== "string" || !table || (names.length === 0 && !mandatory)) return {};
  const columns = (await tableColumns(app.client(), table)).filter(
    (column) => names.includes(column.name) || (mandatory && column.mandatory && !column.readOnly),
  );
  const props = await Promise.all(
    columns.map(async (column) => [PREFIX + column.name, await fieldProp(app, table, column)] as const),
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
