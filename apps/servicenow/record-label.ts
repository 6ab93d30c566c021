import { textOf } from "../../common/table/cells";

/** Columns that tell a person which record it is. A table has some of them; ServiceNow leaves the others out of the answer. */
export const LABEL_COLUMNS = [
  "number",
  "name",
  "short_description",
  "label",
  "title",
  "file_name",
  "user_name",
  "email",
  "element",
] as const;

/** Columns that a typed text is looked up in; `sys_id` is matched separately. */
export const SEARCH_COLUMNS = ["number", "name", "short_description", "label", "title", "user_name", "email"];

const MAX_LABEL = 120;

const short = (text: string) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_LABEL ? `${line.slice(0, MAX_LABEL - 1)}…` : line;
};

/** One line for a record: `INC0010023 – Cannot log in`, `Beth Anglin (beth.anglin)`; the sys_id where the table has no such column. */
export function recordLabel(row: Record<string, unknown>): string {
  const text = (column: string) => short(textOf(row[column]));
  const about = text("short_description") || text("title") || text("label");
  if (text("number")) return about ? short(`${text("number")} – ${about}`) : text("number");
  if (text("name"))
    return text("user_name") && text("user_name") !== text("name")
      ? `${text("name")} (${text("user_name")})`
      : text("name");
  return about || text("file_name") || text("element") || textOf(row.sys_id);
}
