import type { Instance } from "../core/instance";
import type { Column, Table } from "../dictionary/model";
import { companionOf, linkHead, namesItsTarget } from "./references";
import { isStored, type Shape } from "./serialise";
import type { Session } from "../core/session";

/**
 * The SQL expression that writes a record (alias `r`) as the Table API does, so that SQLite hands over one text a row instead
 * of a hundred values. It holds for database values of the table's own columns; undefined for any other shape, which the
 * {@link Serialiser} writes value by value. Both write the same text.
 */
export function recordInSql(
  instance: Instance,
  session: Session,
  table: Table,
  shape: Shape,
): string | undefined {
  if (shape.displayValue !== "false") return undefined;
  const parts: string[] = [];
  for (const name of shape.fields ?? table.columns.keys()) {
    if (name.includes(".")) return undefined;
    const column = table.columns.get(name);
    if (!column || column.kind === "hidden") continue;
    const mayRead = session.user.admin || instance.access.mayField(session.user, table, name, "read");
    if (!mayRead && instance.config.unreadableFields === "omit") continue;
    const value = mayRead ? valueInSql(instance, session, table, column, shape.excludeLink) : literal('""');
    if (value === undefined) return undefined;
    parts.push(literal(`${parts.length === 0 ? "{" : ","}${JSON.stringify(name)}:`), value);
  }
  // SQLite takes at most 1,000 arguments.
  if (parts.length === 0 || parts.length > 900) return undefined;
  return `concat(${parts.join(", ")}, '}')`;
}

function valueInSql(
  instance: Instance,
  session: Session,
  table: Table,
  column: Column,
  excludeLink: boolean,
): string | undefined {
  if (!isStored(column)) return literal('""');
  const stored = `r."${column.element}"`;
  const text = `json_quote(ifnull(CAST(${stored} AS TEXT), ''))`;
  switch (column.kind) {
    case "password":
      return undefined;
    case "document": {
      const companion = companionOf(table);
      if (excludeLink || companion === undefined) return text;
      const target = `r."${companion}"`;
      const link = `json_quote(concat(${literal(linkHead(instance, session))}, ${target}, '/', ${stored}))`;
      return `CASE WHEN ${stored} IS NULL THEN '""' WHEN table_exists(${target}) THEN concat('{"link":', ${link}, ',"value":', ${text}, '}') ELSE ${text} END`;
    }
    case "boolean":
      return `CASE WHEN ${stored} IS NULL THEN '""' WHEN ${stored} THEN '"true"' ELSE '"false"' END`;
    case "reference":
    case "domain": {
      if (excludeLink) return text;
      const target = column.reference ?? "sys_user_group";
      if (namesItsTarget(column, target)) return undefined;
      const link = literal(`{"link":"${linkHead(instance, session)}${target}/`);
      return `CASE WHEN ${stored} IS NULL THEN '""' ELSE concat(${link}, CASE WHEN ${stored} GLOB '*[^-0-9A-Za-z_.~]*' THEN encode_uri(${stored}) ELSE ${stored} END, '","value":', ${text}, '}') END`;
    }
    default:
      return text;
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
