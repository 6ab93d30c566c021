import type { Instance } from "../core/instance";
import type { Column, Table } from "../dictionary/model";
import { errors } from "../core/errors";
import { displayValue, fieldList, flag, param } from "../http/params";
import type { Router } from "../http/router";
import { result, type ApiRequest, type ApiResponse } from "../http/types";
import { compileFor } from "../records/list";
import { Serialiser } from "../records/serialise";
import { classCondition, resolveField } from "../query/fields";
import type { Row } from "../store/values";
import { stamp } from "../clock/time";
import { tableOf } from "./table";
import type { Session } from "../core/session";
import { and, or } from "../store/sql";

const functions = ["avg", "min", "max", "sum"] as const;
type AggregateFunction = (typeof functions)[number];

type Aggregate = { alias: string; sql: string } & (
  { name: "count" } | { name: AggregateFunction; field: string; column: Column }
);

/** The Aggregate API. */
export function statsApi(instance: Instance, router: Router): void {
  router.on("GET", "now/stats/:table", (request, { table }) =>
    stats(instance, request, tableOf(instance, table)),
  );
}

function stats(instance: Instance, request: ApiRequest, table: Table): ApiResponse {
  const { query, session } = request;
  const access = instance.access.rows(session.user, table);
  if (access.rows === "none" && access.forbidden) throw errors.queryRefused(null);
  const { groups } = compileFor(instance, session, table, param(query, "sysparm_query") ?? "");
  const conditions = [or(groups)];
  const ofClass = classCondition(table);
  if (ofClass) conditions.unshift(ofClass);
  if (access.rows !== "all")
    conditions.push(access.rows === "none" ? { sql: "0", parameters: [] } : access.rows);
  const where = and(conditions);

  const aggregates = readAggregates(instance, session, table, query);
  const grouping = (fieldList(query, "sysparm_group_by") ?? []).slice(0, 20).flatMap((path) => {
    const field = allowedField(instance, session, table, path);
    return field ? [{ path, field }] : [];
  });
  const select = [
    ...grouping.map(({ field }, at) => `${field.sql} AS g${at}`),
    ...aggregates.map(({ sql, alias }) => `${sql} AS ${alias}`),
  ];
  if (select.length === 0)
    throw errors.badRequest(
      "Invalid request",
      "No aggregate was asked for: give sysparm_count, a list such as sysparm_avg_fields, or sysparm_group_by",
    );
  const groupBy = grouping.map((_, at) => `g${at}`).join(", ");
  const having =
    grouping.length > 0 ? readHaving(param(query, "sysparm_having"), instance, session, table) : [];
  const sql = [
    `SELECT ${select.join(", ")} FROM "${table.storage}" r WHERE ${where.sql}`,
    groupBy && `GROUP BY ${groupBy}`,
    having.length > 0 && `HAVING ${having.map((part) => part.sql).join(" AND ")}`,
    groupBy && `ORDER BY ${readOrder(param(query, "sysparm_order_by"), grouping, aggregates)}`,
    groupBy && "LIMIT 10000",
  ]
    .filter(Boolean)
    .join(" ");
  const rows = instance.store.all(sql, [...where.parameters, ...having.map((part) => part.value)]);
  if (grouping.length === 0) return result({ stats: statsOf(rows[0] ?? {}, aggregates) });
  const shown = displayValue(query);
  const serialiser = new Serialiser(instance, session, table, {
    displayValue: shown,
    excludeLink: true,
    fields: [],
  });
  return result(
    rows.map((row) => ({
      stats: statsOf(row, aggregates),
      groupby_fields: grouping.map(({ path, field }, at) => {
        const stored = row[`g${at}`];
        const value =
          field.column.kind === "boolean" && stored !== null
            ? stored
              ? "true"
              : "false"
            : String(stored ?? "");
        if (shown === "false") return { field: path, value };
        const { column } = field;
        const display =
          column.kind === "reference" && column.reference
            ? instance.displays.of(column.reference, value)
            : (serialiser.displayer(column, field.table)(stored) ?? "");
        return shown === "true"
          ? { display_value: display, field: path, value: display }
          : { display_value: display, field: path, value };
      }),
    })),
  );
}

function allowedField(
  instance: Instance,
  session: Session,
  table: Table,
  path: string,
): ReturnType<typeof resolveField> {
  const field = resolveField(instance.dictionary, table, path);
  if (!field) return undefined;
  if (!instance.access.mayQuery(session.user, field.table, field.column, false)) throw errors.queryRefused();
  return field;
}

function readAggregates(
  instance: Instance,
  session: Session,
  table: Table,
  query: URLSearchParams,
): Aggregate[] {
  const aggregates: Aggregate[] = [];
  if (flag(query, "sysparm_count")) aggregates.push({ alias: "a0", name: "count", sql: "COUNT(*)" });
  for (const name of functions)
    for (const path of fieldList(query, `sysparm_${name}_fields`) ?? []) {
      const field = allowedField(instance, session, table, path);
      if (!field || aggregates.length > 60) continue;
      aggregates.push({
        alias: `a${aggregates.length}`,
        name,
        field: path,
        column: field.column,
        sql: aggregateSql(name, field.column, field.sql),
      });
    }
  return aggregates;
}

/** Times and durations are averaged as seconds. */
function aggregateSql(name: AggregateFunction, column: Column, sql: string): string {
  const isTime = ["datetime", "dueDate", "date", "duration"].includes(column.kind);
  if ((name === "avg" || name === "sum") && isTime)
    return `${name.toUpperCase()}(CAST(strftime('%s', ${sql}) AS INTEGER))`;
  if (column.kind === "integer" || column.kind === "boolean" || isTime)
    return `${name.toUpperCase()}(${sql})`;
  return name === "min" || name === "max"
    ? `${name.toUpperCase()}(${sql})`
    : `${name.toUpperCase()}(CAST(${sql} AS REAL))`;
}

function statsOf(row: Row, aggregates: Aggregate[]): Record<string, unknown> {
  const stats: Record<string, unknown> = {};
  for (const aggregate of aggregates) {
    const value = row[aggregate.alias] ?? null;
    if (aggregate.name === "count") stats.count = String(value ?? 0);
    else {
      const inner = (stats[aggregate.name] ??= {}) as Record<string, string>;
      inner[aggregate.field] = wireOf(aggregate.name, aggregate.column, value);
    }
  }
  return stats;
}

function wireOf(name: AggregateFunction, column: Column, value: string | number | null): string {
  if (value === null) return "";
  if (
    (name === "avg" || name === "sum") &&
    ["duration", "datetime", "dueDate", "date"].includes(column.kind)
  ) {
    const time = Number(value) * 1000;
    return Number.isFinite(time) && Math.abs(time) < 8e15 ? stamp(time) : "";
  }
  if (name === "avg") return Number(value).toFixed(4);
  if (typeof value === "number" && !Number.isInteger(value)) return String(Math.round(value * 1e6) / 1e6);
  return column.kind === "boolean" ? (value ? "true" : "false") : String(value);
}

/** `count^priority^>^3`, several joined by commas. */
function readHaving(
  text: string | undefined,
  instance: Instance,
  session: Session,
  table: Table,
): { sql: string; value: number }[] {
  const parts: { sql: string; value: number }[] = [];
  for (const part of (text ?? "").split(",").filter(Boolean).slice(0, 10)) {
    const [name = "", path = "", sign = "", valueText = ""] = part.split("^");
    const value = Number(valueText);
    const wanted = name.toLowerCase();
    if (!/^(>|<|>=|<=|=|!=)$/.test(sign) || valueText === "" || !Number.isFinite(value)) continue;
    const field = allowedField(instance, session, table, path);
    if (wanted === "count") parts.push({ sql: `COUNT(*) ${sign} ?`, value });
    else if (field && functions.includes(wanted as AggregateFunction))
      parts.push({
        sql: `${aggregateSql(wanted as AggregateFunction, field.column, field.sql)} ${sign} ?`,
        value,
      });
  }
  return parts;
}

/** `AVG^state`, `COUNT`, `state^DESC`. */
function readOrder(text: string | undefined, grouping: { path: string }[], aggregates: Aggregate[]): string {
  const order: string[] = [];
  for (const part of (text ?? "").split(",").filter(Boolean).slice(0, 10)) {
    const words = part.split("^");
    const descending = words.some((word) => word.toUpperCase() === "DESC") ? " DESC" : "";
    const head = words[0] ?? "";
    const group = grouping.findIndex(({ path }) => path === head);
    const aggregate = aggregates.find(
      (one) => one.name === head.toLowerCase() && (one.name === "count" || one.field === words[1]),
    );
    if (group >= 0) order.push(`g${group}${descending}`);
    else if (aggregate) order.push(`${aggregate.alias}${descending}`);
    else if (head.toUpperCase() === "COUNT") order.push(`COUNT(*)${descending}`);
  }
  return [...order, ...grouping.map((_, at) => `g${at}`)].join(", ");
}
