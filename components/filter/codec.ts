import type { Filter, FilterCondition, FilterOperator, FilterSyntax } from "./syntax";

/** A filter without a condition. */
export const emptyFilter = (): Filter => ({ groups: [[]], rest: "" });

/**
 * Reads a text as rows. Undefined for every text that the rows would not give back letter by letter: such a text stays a text.
 */
export function readFilter(syntax: FilterSyntax, text: string): Filter | undefined {
  if (text === "") return emptyFilter();
  const filter = readParts(syntax, text.split(syntax.and));
  return filter && writeFilter(syntax, filter) === text ? filter : undefined;
}

function readParts(syntax: FilterSyntax, parts: readonly string[]): Filter | undefined {
  const groups: FilterCondition[][][] = [[]];
  const join = { or: bare(syntax.or, syntax), group: bare(syntax.group, syntax) };
  let at = 0;
  for (; at < parts.length; at++) {
    const part = parts[at] ?? "";
    if (isOrder(syntax, part)) break;
    const whole = readCondition(syntax, part);
    if (whole) {
      groups.at(-1)?.push([whole]);
      continue;
    }
    if (part.startsWith(join.group)) {
      const first = readCondition(syntax, part.slice(join.group.length));
      if (!first) return undefined;
      groups.push([[first]]);
      continue;
    }
    const other = part.startsWith(join.or) ? readCondition(syntax, part.slice(join.or.length)) : undefined;
    const clause = groups.at(-1)?.at(-1);
    if (!other || !clause) return undefined;
    clause.push(other);
  }
  const rest = parts.slice(at);
  return rest.every((part) => isOrder(syntax, part)) ? { groups, rest: rest.join(syntax.and) } : undefined;
}

/** `^OR` without its `^`, at which the text was taken apart. */
const bare = (joint: string, { and }: FilterSyntax): string =>
  joint.startsWith(and) ? joint.slice(and.length) : joint;

const isOrder = ({ order, column }: FilterSyntax, part: string): boolean =>
  order.some((sign) => part.startsWith(sign) && new RegExp(`^(?:${column})$`).test(part.slice(sign.length)));

const forPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function readCondition(syntax: FilterSyntax, part: string): FilterCondition | undefined {
  const signs = syntax.signs.map(forPattern).join("|");
  const found = new RegExp(`^(${syntax.column})(${signs})([\\s\\S]*)$`).exec(part);
  if (!found) return undefined;
  const [, column = "", sign = "", written = ""] = found;
  const own = syntax.operators.filter((operator) => operator.sign === sign);
  // A form is more exact than any value, so it is tried first.
  for (const operator of [...own].sort(
    (a, b) => Number(b.form !== undefined) - Number(a.form !== undefined),
  )) {
    const value = readValue(operator, written);
    if (value !== undefined) return { column, operator: operator.id, value };
  }
  return undefined;
}

function readValue(operator: FilterOperator, written: string): string | undefined {
  const form = formOf(operator);
  if (!form.includes("{}")) return written === form ? "" : undefined;
  const [before = "", ...after] = form.split("{}").map(forPattern);
  const value = new RegExp(`^${before}([\\s\\S]+?)${after.join("\\1")}$`).exec(written)?.[1];
  return value !== undefined && fits(operator, value) ? value : undefined;
}

const formOf = ({ value, form }: FilterOperator): string => form ?? (value === "none" ? "" : "{}");

function fits({ value: shape }: FilterOperator, value: string): boolean {
  if (shape === "number") return /^\d{1,5}$/.test(value);
  if (shape === "day") return /^\d{4}-\d\d-\d\d$/.test(value);
  return value !== "";
}

/** Writes rows as one text. @throws Error where a row is incomplete: see {@link conditionProblem} */
export function writeFilter(syntax: FilterSyntax, { groups, rest }: Filter): string {
  const written = groups.filter((group) => group.length > 0).map((group) => writeGroup(syntax, group));
  return [written.join(syntax.group), rest].filter((part) => part !== "").join(syntax.and);
}

const writeGroup = (syntax: FilterSyntax, group: FilterCondition[][]): string =>
  group.map((clause) => clause.map((one) => writeCondition(syntax, one)).join(syntax.or)).join(syntax.and);

function writeCondition(syntax: FilterSyntax, condition: FilterCondition): string {
  const operator = operatorOf(syntax, condition);
  if (!operator) throw new Error(`There is no operator "${condition.operator}".`);
  return `${condition.column}${operator.sign}${formOf(operator).replaceAll("{}", () => condition.value)}`;
}

export const operatorOf = (syntax: FilterSyntax, { operator }: FilterCondition): FilterOperator | undefined =>
  syntax.operators.find(({ id }) => id === operator);

/** What keeps a row from being written, as a sentence; undefined when nothing does. */
export function conditionProblem(syntax: FilterSyntax, condition: FilterCondition): string | undefined {
  if (condition.column === "") return "Choose a column.";
  const operator = operatorOf(syntax, condition);
  if (!operator) return "Choose how to compare.";
  if (operator.value === "none") return undefined;
  const values = operator.value === "two" ? condition.value.split(syntax.two) : [condition.value];
  if (values.some((value) => value.trim() === "") || (operator.value === "two" && values.length !== 2))
    return operator.value === "two" ? "Give both values." : "Give a value.";
  if (
    operator.value === "several" &&
    condition.value.split(syntax.several).some((one) => one === "" || one !== one.trim())
  )
    return `Between values stands "${syntax.several}" alone, without a space, and no value is empty.`;
  if (condition.value.includes(syntax.and))
    return `A value cannot hold "${syntax.and}", which separates conditions. Search for a part of it.`;
  const back = readCondition(syntax, writeCondition(syntax, condition));
  const isSame =
    back?.column === condition.column &&
    back.operator === condition.operator &&
    back.value === condition.value;
  return isSame ? undefined : "This value would be read as another condition. Choose another one.";
}

/** What is wrong with a filter's rows: the first problem. */
export const filterProblem = (syntax: FilterSyntax, { groups }: Filter): string | undefined =>
  groups
    .flat(2)
    .map((condition) => conditionProblem(syntax, condition))
    .find((problem) => problem !== undefined);

/** The operators of a kind of column, with their words for it. */
export const operatorsFor = (syntax: FilterSyntax, kind: string): { id: string; label: string }[] =>
  syntax.operators
    .filter(({ kinds }) => kinds.includes(kind))
    .map(({ id, label, labels }) => ({ id, label: labels?.[kind] ?? label }));
