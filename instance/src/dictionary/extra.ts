import { catalogTables } from "./catalog-tables";
import { ciColumns } from "./ci-columns";
import { changeTables } from "./change-tables";
import { ciClasses, ciPrefixes, cmdbTables } from "./cmdb-tables";
import { furtherTables } from "./further-tables";
import { onCallTables } from "./on-call-tables";
import type { RawColumn, RawTable } from "./raw";

/**
 * Tables beyond the recorded ones, from their short form: `element:type`, with `>table` for a reference, `=value` for a default,
 * `!` for a choice column and `*` for the display column.
 */
export function extraTables(): Record<string, RawTable> {
  const tables: Record<string, RawTable> = {};
  for (const [name, { label, super: parent, prefix, columns }] of Object.entries({
    ...furtherTables,
    ...catalogTables,
    ...changeTables,
    ...cmdbTables,
    ...onCallTables,
  })) {
    const parsed = columns.split(" ").filter(Boolean).map(parseColumn);
    tables[name] = {
      label,
      plural: label.endsWith("s") ? label : `${label}s`,
      super: parent ?? null,
      prefix: prefix ?? null,
      display: parsed.find((column) => column.display)?.element ?? null,
      columns: parsed,
    };
  }
  for (const [name, parent] of Object.entries(ciClasses))
    tables[name] = {
      label: titleCase(name.replace(/^cmdb_ci_/, "")),
      plural: null,
      super: parent,
      prefix: ciPrefixes[name] ?? null,
      columns: (ciColumns[name] ?? "").split(" ").filter(Boolean).map(parseColumn),
    };
  return tables;
}

const columnForm = /^(\w+):(\w+?)(?:>(\w+))?(?:=([^!*]+))?(!)?(\*)?$/;

function parseColumn(text: string): RawColumn {
  const [, element, type, reference, fallback, choice, display] = columnForm.exec(text) ?? [];
  if (!element || !type) throw new Error(`Not a column in short form: ${text}`);
  const column: RawColumn = {
    element,
    label: titleCase(element.replace(/^u_/, "")),
    type: type === "guid" ? "char" : type,
    max_length: /^(string|html|script|conditions|user_roles|glide_list|template)/.test(type) ? 4000 : 100,
  };
  if (reference) column.reference = reference;
  if (fallback) column.default = fallback;
  if (choice) column.choice = true;
  if (display) column.display = true;
  return column;
}

function titleCase(name: string): string {
  const text = name.replace(/_/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
