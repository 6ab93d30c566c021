import { isSysId } from "../sys-id";
import { COLUMN, RULE_ONLY, VALUE_IS_COLUMN, WITHOUT_VALUE, type Condition } from "./grammar";
import type { ColumnKind, ColumnTypes, QueryColumn } from "./column-kind";
import { dateValueProblem } from "./date-values";
import { KIND_NAMES, OPERATORS_OF } from "./operators";
import { isScript, isKnownScript, type ScriptUse } from "./scripts";
import { short, valueProblem, type ValueProblem } from "./values";

/** What is wrong with one condition, and the condition that was probably meant. */
export interface ConditionProblem {
  /** What it is, for code. */
  kind: "rule-only" | "operator" | "value" | "double-equals" | "script";
  /** A sentence for the user. */
  message: string;
  /** The condition that was probably meant, as it stands in a query. */
  meant?: string;
}

const SEARCHES: ReadonlySet<string> = new Set([
  "LIKE",
  "NOT LIKE",
  "CONTAINS",
  "DOES NOT CONTAIN",
  "*",
  "!*",
  "STARTSWITH",
  "ENDSWITH",
]);
const DATES: ReadonlySet<ColumnKind> = new Set(["date-time", "date"]);

/** Whether a condition does what it says, by its operator, the shape of its value and, where that is known, what the column holds. */
export function conditionProblem(condition: Condition, types: ColumnTypes): ConditionProblem | undefined {
  const { field, operator, value } = condition;
  if (operator === "RLQUERY") return undefined;
  if (RULE_ONLY.has(operator)) return ruleOnly(condition);
  const column = types(field) ?? undefined;
  if (column && !OPERATORS_OF[column.kind].includes(operator)) return wrongOperator(condition, column.kind);
  if (WITHOUT_VALUE.has(operator)) return undefined;
  const sign = /^\s*(=|<|>|!)/.exec(value)?.[1];
  if (sign && /^[!=<>]/.test(operator)) return doubledSign(condition);
  const problem = valueProblemOf(condition, column, types);
  if (!problem) return undefined;
  const meant = problem.meant === undefined ? undefined : `${field}${operator}${problem.meant}`;
  return {
    kind: isScript(value) ? "script" : "value",
    message: `${short(`${field}${operator}${value}`)}: ${problem.reason}`,
    ...(meant === undefined ? {} : { meant }),
  };
}

function valueProblemOf(
  { field, operator, value }: Condition,
  column: QueryColumn | undefined,
  types: ColumnTypes,
): ValueProblem | undefined {
  if (VALUE_IS_COLUMN.has(operator)) return otherColumnProblem(operator, value, column, types);
  if (SEARCHES.has(operator)) return searchProblem(operator, value);
  switch (operator) {
    case "=":
    case "!=":
      if (value === "" || value === "NULL") return undefined;
      return quoted(value) ?? one(value, column, field, operator);
    case "IN":
    case "NOT IN":
      return listProblem(value, column, field, operator);
    case "BETWEEN":
      return betweenProblem(value, column, field, operator);
    case "<":
    case "<=":
    case ">":
    case ">=":
      if (value === "") return { reason: "there is no value to compare with" };
      return one(value, column, field, operator);
    case "DYNAMIC":
      return isSysId(value)
        ? undefined
        : {
            reason: `"${short(value)}" is not the sys_id of a dynamic filter option (sys_filter_option_dynamic)`,
          };
    case "IN_HIERARCHY":
    case "IN_HIERARCHY_DYNAMIC":
      return hierarchyProblem(value, column);
    case "INSTANCEOF":
      if (field.split(".").at(-1) !== "sys_class_name")
        return { reason: "INSTANCEOF compares sys_class_name only" };
      return /^[a-z][a-z0-9_]*$/.test(value)
        ? undefined
        : { reason: `"${short(value)}" is not the name of a table` };
    default:
      return dateValueProblem(operator, value);
  }
}

/** One value against the column; where its type is not known, a script must be a known one and a time is recognised by the column's name. */
function one(
  value: string,
  column: QueryColumn | undefined,
  field: string,
  operator: Condition["operator"],
): ValueProblem | undefined {
  if (column) {
    const problem = valueProblem(value, column, useOf(column.kind));
    if (problem || operator !== "=" || column.kind !== "date-time" || value.length !== 10) return problem;
    return {
      reason: `a column with a time is equal to a day at midnight only; a day is asked for with ON`,
    };
  }
  if (isScript(value)) {
    const known = (["moment", "user", "text"] as const).some((use) => isKnownScript(value, use));
    return known ? undefined : valueProblem(value, { kind: "text" }, "none");
  }
  const isTime = /(^|[._])(sys_(created|updated)_on|\w+_at|\w+_on|due_date)$/.test(field);
  const looksLikeDate = /^\d{4}-\d\d-\d\d( |$)/.test(value);
  if ((isTime && /[<>]/.test(operator)) || looksLikeDate) {
    return valueProblem(value, { kind: "date-time" }, "moment");
  }
  return undefined;
}

function useOf(kind: ColumnKind): ScriptUse {
  if (DATES.has(kind)) return "moment";
  if (kind === "reference" || kind === "sys-id" || kind === "list") return "user";
  return kind === "text" || kind === "choice" ? "text" : "none";
}

function listProblem(
  value: string,
  column: QueryColumn | undefined,
  field: string,
  operator: Condition["operator"],
): ValueProblem | undefined {
  if (value.trim() === "") return { reason: "the list is empty, and ServiceNow would drop the condition" };
  if (isScript(value)) return one(value, column, field, operator);
  const items = value.split(",");
  const clean = items.map((item) => item.trim()).filter(Boolean);
  if (clean.length !== items.length || items.some((item) => item !== item.trim()))
    return {
      reason: "values of a list are joined by commas alone, and none is empty",
      meant: clean.join(","),
    };
  for (const item of items) {
    const problem = quoted(item) ?? one(item, column, field, operator);
    if (problem) return { reason: problem.reason };
  }
  return undefined;
}

/** Tables whose records lie below one another, by `parent` or, for people, by `manager`. */
const HIERARCHIES: ReadonlySet<string> = new Set([
  "business_unit",
  "cmn_cost_center",
  "cmn_department",
  "cmn_location",
  "core_company",
  "sys_user",
  "sys_user_group",
]);

function hierarchyProblem(value: string, column: QueryColumn | undefined): ValueProblem | undefined {
  if (column && !HIERARCHIES.has(column.reference ?? ""))
    return { reason: `the records it refers to do not lie below one another, which IN_HIERARCHY follows` };
  const ids = value.split(/%40|@/);
  if (ids.every(isSysId) && ids.length <= 2) return undefined;
  return { reason: `"${short(value)}" is not the sys_id of a record` };
}

function betweenProblem(
  value: string,
  column: QueryColumn | undefined,
  field: string,
  operator: Condition["operator"],
): ValueProblem | undefined {
  const ends = value.split("@");
  const [from = "", to = ""] = ends;
  if (ends.length !== 2 || from === "" || to === "")
    return { reason: `BETWEEN takes two values joined by "@"`, ...meantBetween(value) };
  return one(from, column, field, ">=" === operator ? ">=" : operator) ?? one(to, column, field, operator);
}

function meantBetween(value: string): { meant?: string } {
  const pair = /^(.+?)(?:,|\s+(?:and|AND)\s+)(.+)$/.exec(value);
  return pair?.[1] && pair[2] && !value.includes("@") ? { meant: `${pair[1].trim()}@${pair[2].trim()}` } : {};
}

function searchProblem(operator: Condition["operator"], value: string): ValueProblem | undefined {
  if (value.trim() === "") return { reason: `${operator} without a text fits every record` };
  if (isScript(value)) return { reason: "a script cannot be part of a text to look for" };
  return undefined;
}

/** Units and directions of `MORETHAN` and `LESSTHAN`: `opened_at@day@before@1`. */
const DISTANCE = /^@(minute|hour|day|week|month|quarter|year)@(before|after)@\d{1,6}$/;

function otherColumnProblem(
  operator: Condition["operator"],
  value: string,
  column: QueryColumn | undefined,
  types: ColumnTypes,
): ValueProblem | undefined {
  const at = value.indexOf("@");
  const name = at < 0 ? value : value.slice(0, at);
  const rest = at < 0 ? "" : value.slice(at);
  if (!COLUMN.test(name))
    return { reason: `"${short(name)}" is not a column name, and ${operator} compares columns` };
  const other = types(name);
  if (other === null)
    return { reason: `the table has no column "${name}", and ServiceNow would drop the condition` };
  if (column && other && family(column.kind) !== family(other.kind))
    return {
      reason: `${name} holds ${KIND_NAMES[other.kind]}, which cannot be compared with ${KIND_NAMES[column.kind]}`,
    };
  if (operator === "MORETHAN" || operator === "LESSTHAN") {
    if (DISTANCE.test(rest)) return undefined;
    return { reason: `${operator} takes a column and a distance, such as ${name}@day@before@1` };
  }
  if (rest === "") return undefined;
  const byDay = rest === "@day" && /SAMEAS$/.test(operator) && (!column || DATES.has(column.kind));
  return byDay
    ? undefined
    : { reason: `"${short(rest)}" is not known behind a column; dates are compared by day with @day` };
}

const family = (kind: ColumnKind): string => {
  if (kind === "number" || kind === "number-choice") return "number";
  return kind === "text" || kind === "choice" ? "text" : kind;
};

function quoted(value: string): ValueProblem | undefined {
  const inner = /^(["'])(.*)\1$/.exec(value.trim())?.[2];
  return inner === undefined
    ? undefined
    : { reason: "values are written without quotes, which would be part of the value", meant: inner };
}

function ruleOnly({ field, operator, value }: Condition): ConditionProblem {
  return {
    kind: "rule-only",
    message: `${operator} on "${field}" works in rules and notifications, not in a query, where ServiceNow drops it`,
    ...(operator === "CHANGESTO" && value ? { meant: `${field}=${value}` } : {}),
  };
}

function wrongOperator({ field, operator, value }: Condition, kind: ColumnKind): ConditionProblem {
  const equal =
    kind === "boolean" || kind === "number" || kind === "number-choice" ? `${field}=${value}` : undefined;
  const fits = equal !== undefined && value !== "" && !valueProblem(value, { kind }, "none");
  const operators = OPERATORS_OF[kind].join(", ");
  return {
    kind: "operator",
    message: `"${field}" holds ${KIND_NAMES[kind]}, and ${operator} is not an operator for that; ServiceNow would drop the condition${operators ? `. It takes ${operators}` : ""}`,
    ...(fits ? { meant: equal } : {}),
  };
}

function doubledSign({ field, operator, value }: Condition): ConditionProblem {
  const rest = value.replace(/^\s*[=<>!]+\s*/, "");
  const signs = `${operator}${/^\s*([=<>!]+)/.exec(value)?.[1] ?? ""}`;
  const sign = /!/.test(signs) ? "!=" : /</.test(signs) ? "<=" : />/.test(signs) ? ">=" : "=";
  return {
    kind: "double-equals",
    message:
      signs === "=="
        ? `"${field}==" compares with one = only`
        : `"${field}${signs}" is not an operator of ServiceNow`,
    ...(/[<>]/.test(signs) && /</.test(signs) && />/.test(signs)
      ? { meant: `${field}!=${rest}` }
      : { meant: `${field}${sign}${rest}` }),
  };
}
