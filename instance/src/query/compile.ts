import type { Table } from "../dictionary/model";
import type { Parameter } from "../store/store";
import {
  and,
  classCondition,
  displaySql,
  or,
  resolveField,
  type Fragment,
  type QueryContext,
} from "./fields";
import type { Clause, ParsedQuery } from "./parse";
import { compileTerm } from "./terms";

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
  const inner = compileQuery(related.condition, target, context, "l");
  compiled.dropped.push(...inner.dropped);
  compiled.denied.push(...inner.denied);
  const conditions = [or(inner.groups)];
  const ofClass = classCondition(target, "l");
  if (ofClass) conditions.push(ofClass);
  const where = and(conditions);
  const parameters: Parameter[] = [...where.parameters, related.count];
  return {
    sql: `(SELECT COUNT(*) FROM "${target.storage}" l WHERE l."${related.field}" = ${alias}.sys_id AND ${where.sql}) ${related.comparison} ?`,
    parameters,
  };
}
