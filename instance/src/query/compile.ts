import type { Table } from "../dictionary/model";
import { classCondition, displaySql, resolveField, type QueryContext } from "./fields";
import type { Clause, Join, ParsedQuery } from "./parse";
import { compileTerm } from "./terms";
import { and, type Fragment, or, type Parameter } from "../store/sql";

export interface CompiledQuery {
  /** One condition for each `^NQ` group. */
  groups: Fragment[];
  order: { sql: string; descending: boolean; element: string }[];
  /** Terms on columns that do not exist, or that make no sense. */
  dropped: string[];
  /** Terms on columns that the user may not read. */
  denied: string[];
}

/** Turns a parsed query into SQL conditions over the alias. */
export function compileQuery(
  query: ParsedQuery,
  table: Table,
  context: QueryContext,
  alias = "r",
): CompiledQuery {
  const compiled: CompiledQuery = { groups: [], order: [], dropped: [...query.unreadable], denied: [] };
  for (const group of query.groups) {
    const conditions: Fragment[] = [];
    for (const clause of group) {
      const condition = compileClause(clause, table, context, compiled, alias);
      if (condition) conditions.push(condition);
    }
    compiled.groups.push(and(conditions));
  }
  for (const { field, descending } of query.order) {
    const resolved = resolveField(context.dictionary, table, field, alias);
    if (!resolved) compiled.dropped.push(`ORDERBY${field}`);
    else if (!context.allowed(resolved.table, resolved.column, true)) compiled.denied.push(`ORDERBY${field}`);
    else compiled.order.push({ sql: displaySql(context.dictionary, resolved), descending, element: field });
  }
  return compiled;
}

function compileClause(
  clause: Clause,
  table: Table,
  context: QueryContext,
  compiled: CompiledQuery,
  alias: string,
): Fragment | undefined {
  if ("join" in clause) return compileJoin(clause.join, table, context, compiled, alias);
  if ("related" in clause) return compileRelated(clause.related, context, compiled, alias);
  const alternatives: Fragment[] = [];
  for (const term of clause.anyOf) {
    const result = compileTerm(term, table, context, alias);
    if ("condition" in result) alternatives.push(result.condition);
    else compiled[result.rejected].push(`${term.field}${term.operator}${term.value}`);
  }
  return alternatives.length === 0 ? undefined : or(alternatives);
}

function compileRelated(
  related: Extract<Clause, { related: unknown }>["related"],
  context: QueryContext,
  compiled: CompiledQuery,
  alias: string,
): Fragment | undefined {
  const target = context.dictionary.get(related.table);
  const column = target?.columns.get(related.field);
  if (!target || column?.kind !== "reference" || alias !== "r") {
    compiled.dropped.push(`RLQUERY${related.table}.${related.field}`);
    return undefined;
  }
  const where = compileInner(related.condition, target, context, compiled);
  const parameters: Parameter[] = [...where.parameters, related.count];
  return {
    sql: `(SELECT COUNT(*) FROM "${target.storage}" l WHERE l."${related.field}" = ${alias}.sys_id AND ${where.sql}) ${related.comparison} ?`,
    parameters,
  };
}

function compileJoin(
  join: Join,
  table: Table,
  context: QueryContext,
  compiled: CompiledQuery,
  alias: string,
): Fragment | undefined {
  const target = context.dictionary.get(join.otherTable);
  const mine = resolveField(context.dictionary, table, join.field, alias);
  const other = target && resolveField(context.dictionary, target, join.otherField, "l");
  if (!mine || !target || !other || !table.lineage.includes(join.table) || alias !== "r") {
    compiled.dropped.push(`JOIN${join.table}.${join.field}=${join.otherTable}.${join.otherField}`);
    return undefined;
  }
  const where = compileInner(join.condition, target, context, compiled);
  return {
    sql: `${mine.sql} IN (SELECT ${other.sql} FROM "${target.storage}" l WHERE ${where.sql})`,
    parameters: where.parameters,
  };
}

/** The condition on another table, under the alias `l`. */
function compileInner(
  query: ParsedQuery,
  target: Table,
  context: QueryContext,
  compiled: CompiledQuery,
): Fragment {
  const inner = compileQuery({ ...query, order: [] }, target, context, "l");
  compiled.dropped.push(...inner.dropped);
  compiled.denied.push(...inner.denied);
  const ofClass = classCondition(target, "l");
  return and([or(inner.groups), ...(ofClass ? [ofClass] : [])]);
}
