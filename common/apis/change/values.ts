import { textOf } from "../../table/cells";

/** A change, a task or a template as the change API gives it, made like the rows of a table. */
export interface ChangeRecord {
  /** sys_id of the record. */
  sys_id: string;
  /** `CHG0030001`, `CTASK0010001`; empty for templates and models. */
  number: string;
  /** Stored values as the Table API writes them: `"3"`, `"false"`, sys_ids, UTC. */
  values: Record<string, string>;
  /** What a person sees. */
  labels: Record<string, string>;
}

/** The change API gives numbers as `2.0` and booleans as such; everything becomes the text the Table API has. */
export function toChangeRecord(raw: unknown): ChangeRecord {
  const values: Record<string, string> = {};
  const labels: Record<string, string> = {};
  for (const [name, cell] of Object.entries(Object(raw) as Record<string, unknown>)) {
    if (name.startsWith("__")) continue;
    values[name] = storedText(cell);
    labels[name] = textOf(cell) || values[name];
  }
  return { sys_id: values["sys_id"] ?? "", number: values["number"] ?? "", values, labels };
}

/** Keys of a write that the instance did not take: they do not exist or are read-only. */
export function ignoredFields(raw: unknown): string[] {
  const meta: unknown = Reflect.get(Object(raw), "__meta");
  const names: unknown = Reflect.get(Object(meta), "ignoredFields");
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : [];
}

function storedText(cell: unknown): string {
  const value: unknown =
    typeof cell === "object" && cell !== null && "value" in cell ? Reflect.get(cell, "value") : cell;
  if (value === null || value === undefined) return "";
  return textOf(value);
}
