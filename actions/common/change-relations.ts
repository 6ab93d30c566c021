import type { ServiceNow } from "../../common";
import { equals } from "./query";
import { TASK_FIELDS } from "./results";

/** Where a record points at a change, by the name of the list in the result. */
const RELATIONS = {
  incidents_fixed: { table: "incident", column: "rfc", fields: TASK_FIELDS },
  incidents_caused: { table: "incident", column: "caused_by", fields: TASK_FIELDS },
  problems: { table: "problem", column: "rfc", fields: TASK_FIELDS },
  outages: {
    table: "cmdb_ci_outage",
    column: "task_number",
    fields: ["sys_id", "number", "short_description", "type", "cmdb_ci", "begin", "end"],
  },
} as const;

type Relations = Record<keyof typeof RELATIONS, object[]>;

/** The records that point at a change, of each kind at most `max`, oldest first. */
export async function changeRelations(client: ServiceNow, change: string, max: number): Promise<Relations> {
  const lists = await Promise.all(
    Object.entries(RELATIONS).map(async ([name, { table, column, fields }]) => {
      const { rows } = await client.table(table).list({
        query: equals({ [column]: change }),
        fields: [...fields],
        displayValue: "all",
        orderBy: ["sys_created_on"],
        max,
      });
      return [name, rows] as const;
    }),
  );
  return Object.fromEntries(lists) as Relations;
}
