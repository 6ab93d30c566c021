import { usageError } from "../../common";
import { plainValue } from "../../apps/servicenow/input";

/** The table's name, checked before it becomes part of a request. */
export function requiredTable(table: unknown): string {
  const given = plainValue(table);
  const name = typeof given === "string" ? given.trim() : "";
  if (name === "")
    throw usageError("No table is given", "Set Table to the name of a table, such as incident");
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw usageError(
      `"${name}" is no name of a table`,
      "Give its name and not its label: small letters, digits and underscores, such as change_request",
    );
  }
  return name;
}
