import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { toStored, type Row } from "../store/values";
import type { Input } from "./input";

/** The values of a template, `column=value^…`. */
export function templateValues(template: string): Record<string, string> {
  return Object.fromEntries(
    template
      .split("^")
      .filter((pair) => pair.indexOf("=") > 0)
      .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}

/** A change that names a version of a standard template gets what the template says, where the writer said nothing. */
export function applyStandardTemplate(instance: Instance, table: Table, row: Row, input: Input): void {
  const { dictionary, store } = instance;
  const versionId = row.std_change_producer_version;
  if (table.name !== "change_request" || typeof versionId !== "string") return;
  const version = store.byId(dictionary.known("std_change_producer_version"), versionId);
  const producer = store.byId(
    dictionary.known("std_change_record_producer"),
    String(version?.std_change_producer ?? ""),
  );
  for (const [element, value] of Object.entries(templateValues(String(producer?.template ?? "")))) {
    const column = table.columns.get(element);
    if (column && !input.values.has(element)) row[element] = toStored(column, value);
  }
}
