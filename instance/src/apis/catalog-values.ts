import type { Instance } from "../core/instance";
import type { Row } from "../store/values";
import { text } from "./rows";

const byChoice = new Set([3, 4, 5]);

/** What the form shows for a variable's value: a choice's text, a record's display value, else the value. */
export function displayOf(instance: Instance, variable: Row, value: string): string {
  if (value === "") return "";
  const type = Number(variable.type);
  if (byChoice.has(type)) {
    const choice = instance.store.get("SELECT text FROM question_choice WHERE question = ? AND value = ?", [
      text(variable, "sys_id"),
      value,
    ]);
    return choice ? text(choice, "text") : value;
  }
  if (type === 31) return instance.displays.of("sys_user", value) || value;
  const table = text(variable, "reference");
  if (table === "") return value;
  return value
    .split(",")
    .map((id) => instance.displays.of(table, id.trim()) || id)
    .join(", ");
}
