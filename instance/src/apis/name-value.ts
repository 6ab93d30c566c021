import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";

/** `?number=INC0010001&state=New` as an encoded query: used when there is no sysparm_query. Display values are understood. */
export function nameValueQuery(instance: Instance, table: Table, query: URLSearchParams): string {
  const terms: string[] = [];
  for (const [name, given] of query) {
    if (/^(sysparm_|access_token$|x-sn-apikey$)/.test(name)) continue;
    const [first = ""] = name.split(".");
    const column = table.columns.get(first);
    if (!column) continue;
    let value = given.replaceAll("^", "");
    if (!name.includes(".")) {
      if (column.choice) value = instance.choices.list(table, name)?.byText.get(value.toLowerCase()) ?? value;
      else if (column.kind === "reference" && column.reference && !/^[0-9a-f]{32}$/.test(value))
        value = instance.displays.find(column.reference, value) ?? value;
    }
    terms.push(`${name}=${value}`);
  }
  return terms.join("^");
}
