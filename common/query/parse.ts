import { usageError } from "../errors";
import type { ServiceNowError } from "../errors";
import {
  COLUMN,
  OPERATORS,
  TEXT_SEARCH,
  VALUE_IS_COLUMN,
  WITHOUT_VALUE,
  type Clause,
  type Condition,
  type Operator,
  type Order,
  type ParsedQuery,
} from "./grammar";

/** How strictly a query is read. */
export interface ParseOptions {
  /**
   * `^^`: `refuse` (the default) because no instance was ever seen to honour it and a stray `^` widens a result;
   * `escape` reads it as one `^` of a value.
   */
  caret?: "refuse" | "escape";
  /** `refuse` where the caller orders by itself. */
  order?: "allow" | "refuse";
}

/**
 * Reads any encoded query, as copied from a list or written by hand. `^EQ` (the list's terminator) is dropped.
 *
 * @throws ServiceNowError of kind `usage` that names the part it could not read; ServiceNow itself would drop such a part
 *   without a word, and so widen the result
 * @see https://www.servicenow.com/docs/csh?topicname=r_OpAvailableFiltersQueries.html
 */
export function parseQuery(text: string, options: ParseOptions = {}): ParsedQuery {
  if (typeof text !== "string") throw usageError("The query is not a text");
  const order: Order[] = [];
  const groups: Clause[][] = [[]];
  if (!text.trim()) return { groups, order };

  const pieces = split(text.trimStart(), options.caret === "escape");
  let sawGroupBreak = false;
  for (let index = 0; index < pieces.length; index++) {
    let piece = pieces[index] ?? "";
    if (piece === "EQ") continue;
    if (piece === "") throw stray(text);
    const sorted = /^ORDERBY(DESC)?(?=[a-z_])(.*)$/.exec(piece) ?? /^GROUPBY(?=[a-z_])(.*)$/.exec(piece);
    if (sorted && piece.startsWith("ORDERBY")) {
      if (options.order === "refuse") {
        throw usageError(
          `The query orders its rows (${piece}), and the order is fixed here`,
          "Take the ORDERBY part out of the query",
        );
      }
      order.push({ field: checkColumn(sorted[2] ?? "", piece), descending: sorted[1] === "DESC" });
      continue;
    }
    // Only a list's display groups by it; the REST API does not.
    if (sorted) continue;
    if (piece.startsWith("NQ")) {
      if (lastGroup(groups).length === 0) throw emptyGroup(text);
      groups.push([]);
      sawGroupBreak = true;
      piece = piece.slice(2);
      if (piece === "") continue;
    }
    if (piece.startsWith("RLQUERY")) {
      const end = pieces.indexOf("ENDRLQUERY", index);
      if (end < 0)
        throw usageError(
          "The query has RLQUERY without ENDRLQUERY",
          "Add ^ENDRLQUERY after the related-list part",
        );
      lastGroup(groups).push([
        { field: "", operator: "RLQUERY", value: pieces.slice(index, end).join("^").slice("RLQUERY".length) },
      ]);
      index = end;
      continue;
    }
    const alternative = /^OR(?=[a-z0-9_])/.test(piece);
    const condition = readCondition(alternative ? piece.slice(2) : piece, text);
    if (!alternative) {
      lastGroup(groups).push([condition]);
      continue;
    }
    const clause = lastGroup(groups).at(-1);
    if (!clause)
      throw usageError(`The query has ^OR with nothing in front of it (${piece})`, "Take the OR out");
    clause.push(condition);
  }
  if (sawGroupBreak && lastGroup(groups).length === 0) throw emptyGroup(text);
  return { groups, order };
}

/** Writes a query back as text. `parseQuery(formatQuery(q))` is `q`. @throws when a group of several is empty */
export function formatQuery(query: ParsedQuery, options: { caret?: "refuse" | "escape" } = {}): string {
  if (query.groups.length > 1 && query.groups.some((group) => group.length === 0)) throw emptyGroup("");
  const groups = query.groups.map((group) =>
    group.map((clause) => clause.map((c) => formatCondition(c, options)).join("^OR")).join("^"),
  );
  const order = query.order.map(
    ({ field, descending }) => `ORDERBY${descending ? "DESC" : ""}${checkColumn(field, field)}`,
  );
  return [groups.filter(Boolean).join("^NQ"), ...order].filter(Boolean).join("^");
}

/**
 * Writes one condition. A value that would be read back as something else (a `^`, a `>` followed by `=` …) is refused.
 */
export function formatCondition(condition: Condition, options: { caret?: "refuse" | "escape" } = {}): string {
  const { field, operator, value } = condition;
  if (operator === "RLQUERY") return `RLQUERY${value}^ENDRLQUERY`;
  if (value.includes("^") && options.caret !== "escape") {
    throw usageError(
      `The value for ${field} has a "^" in it, which separates the conditions of a query`,
      `Search for a part of it instead, for example with STARTSWITH or LIKE up to the "^"`,
      [field],
    );
  }
  const text = `${field}${operator}${value}`;
  const back = tryCondition(text);
  if (!back || back.field !== field || back.operator !== operator || back.value !== value) {
    throw usageError(
      `The value for ${field} together with ${operator} would be read as another condition`,
      "Choose another operator or value",
      [field],
    );
  }
  return value.includes("^") ? `${field}${operator}${value.replaceAll("^", "^^")}` : text;
}

/** Takes a query or its text. */
export function asParsed(query: ParsedQuery | string, options?: ParseOptions): ParsedQuery {
  return typeof query === "string" ? parseQuery(query, options) : query;
}

/**
 * The query that holds where both hold: the condition is distributed over every `^NQ` group of the query (and every
 * group of the condition over them), never pasted behind the last one. The orders are joined, the query's own first.
 */
export function andEach(query: ParsedQuery | string, condition: ParsedQuery | string): ParsedQuery {
  const left = asParsed(query);
  const right = asParsed(condition);
  return {
    groups: left.groups.flatMap((a) => right.groups.map((b) => [...a, ...b])),
    order: [...left.order, ...right.order],
  };
}

/** The columns a query needs, dot-walks included, each once: those it compares, those it compares with, those it orders by. */
export function columnsOf(query: ParsedQuery | string): string[] {
  const parsed = asParsed(query);
  const columns = new Set<string>();
  for (const condition of parsed.groups.flat(2)) {
    if (condition.operator === "RLQUERY" || TEXT_SEARCH.includes(condition.field)) continue;
    columns.add(condition.field);
    const other = VALUE_IS_COLUMN.has(condition.operator) ? condition.value.split("@")[0] : undefined;
    if (other && COLUMN.test(other)) columns.add(other);
  }
  for (const { field } of parsed.order) columns.add(field);
  return [...columns];
}

/** Splits at every `^`; with `escaped`, `^^` is one `^` of the value. */
function split(text: string, escaped: boolean): string[] {
  if (!escaped) return text.split("^");
  const pieces: string[] = [];
  let piece = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "^") piece += text[i];
    else if (text[i + 1] === "^") {
      piece += "^";
      i++;
    } else {
      pieces.push(piece);
      piece = "";
    }
  }
  return [...pieces, piece];
}

const SYMBOLS = OPERATORS.map((o) => o.replace(/[*]/g, "\\*")).join("|");
const CONDITION = new RegExp(
  `^(?:GOTO)?(${TEXT_SEARCH.join("|")}|[a-z_][a-z0-9_]*(?:\\.[a-z0-9_]+)*)(${SYMBOLS})([\\s\\S]*)$`,
);

function tryCondition(text: string): Condition | undefined {
  const match = CONDITION.exec(text);
  if (!match) return undefined;
  const [, field = "", operator = "", value = ""] = match;
  if (WITHOUT_VALUE.has(operator) && value !== "") return undefined;
  return { field, operator: operator as Operator, value };
}

function readCondition(piece: string, text: string): Condition {
  const condition = tryCondition(piece);
  if (condition) return condition;
  const shown = piece.length > 80 ? `${piece.slice(0, 80)}…` : piece;
  const inValue = text.includes("^") && !/[=<>]|[A-Z]{2,}/.test(piece);
  throw usageError(
    `The query has a part that is not a condition: "${shown}"`,
    inValue
      ? 'A "^" inside a value splits it; search for a part of the value instead. A condition is a column, an operator and a value: priority=1, short_descriptionLIKEemail'
      : "A condition is a column, an operator and a value: priority=1, short_descriptionLIKEemail, assigned_toISEMPTY. Copy the query from a list in ServiceNow to be sure",
  );
}

function checkColumn(name: string, piece: string): string {
  if (!COLUMN.test(name)) throw usageError(`The query orders by something that is not a column: "${piece}"`);
  return name;
}

function lastGroup(groups: Clause[][]): Clause[] {
  return groups[groups.length - 1] ?? [];
}

function stray(text: string): ServiceNowError {
  const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return usageError(
    `The query has a "^" with no condition beside it: "${shown}"`,
    'Remove the stray "^". ServiceNow would ignore the empty part, and a "^" inside a value cannot be searched for',
  );
}

function emptyGroup(text: string): ServiceNowError {
  return usageError(
    `The query has a ^NQ with no condition on one side${text ? `: "${text.slice(0, 120)}"` : ""}`,
    "Every ^NQ part needs its own conditions; an empty one would match every record",
  );
}
