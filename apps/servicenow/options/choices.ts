import { formatQuery, isServiceNowError, type ServiceNow } from "../../../common";

/**
 * The choices of a column in the instance's order, those of the table itself or, where it has none, those it inherits from `task`.
 * An empty list where the account may not read choices: the prop then takes a typed value.
 */
export async function choiceOptions(
  client: ServiceNow,
  table: string,
  column: string,
): Promise<{ label: string; value: string }[]> {
  for (const owner of table === "task" ? ["task"] : [table, "task"]) {
    const query = formatQuery({
      groups: [
        [
          [{ field: "name", operator: "=", value: owner }],
          [{ field: "element", operator: "=", value: column }],
          [{ field: "inactive", operator: "=", value: "false" }],
          [{ field: "language", operator: "=", value: "en" }],
        ],
      ],
      order: [{ field: "sequence", descending: false }],
    });
    try {
      const { rows } = await client
        .table("sys_choice")
        .page({ query, fields: ["label", "value", "sequence"], limit: 200 });
      const options = rows
        .filter((row) => row.value)
        .sort((a, b) => Number(a.sequence) - Number(b.sequence))
        .map((row) => ({ label: row.label || row.value, value: row.value }));
      if (options.length > 0) return options;
    } catch (error) {
      if (isServiceNowError(error) && error.status === 403) return [];
      throw error;
    }
  }
  return [];
}
