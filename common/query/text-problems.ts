import { asParsed, formatQuery } from "./parse";
import type { ParsedQuery } from "./grammar";

const OPERATOR = String.raw`(?:!=|[=<>]|LIKE\b|IN\b|STARTSWITH|ENDSWITH|ISEMPTY|ISNOTEMPTY|NOT IN|NOT LIKE|BETWEEN)`;
const CONDITION = String.raw`(?=[a-z_][a-z0-9_.]*\s*${OPERATOR})`;

/** What is wrong with the text of a query as a whole, before it is taken apart. */
export interface TextProblem {
  /** A sentence for the user. */
  message: string;
  /** The query that was probably meant. */
  meant?: string;
}

/** Traps in the text: line breaks, parameters of an address, a list's GOTO. */
export function textProblem(text: string): TextProblem | undefined {
  if (/[\r\n\t]/.test(text)) {
    const parts = text
      .split(/\s*[\r\n]+\s*/)
      .map((part) => part.trim())
      .filter(Boolean);
    const joined = parts.reduce(
      (all, part) =>
        all === "" || all.endsWith("^") || part.startsWith("^") ? all + part : `${all}^${part}`,
      "",
    );
    return {
      message: "A query is one line; a line break or tab would be part of a value",
      ...(/\t/.test(joined) ? {} : { meant: joined }),
    };
  }
  const joint = new RegExp(String.raw`\s*&&?\s*(?:sysparm_query=)?(?:${CONDITION}|(?=ORDERBY))`, "g");
  if (joint.test(text)) {
    return {
      message: 'Conditions are joined with "^", not with "&", which would be part of a value',
      ...(/&\s*sysparm_(?!query)/.test(text) ? {} : { meant: text.replace(joint, "^") }),
    };
  }
  if (/^sysparm_query=/.test(text))
    return {
      message: "The name of the parameter is not part of the query",
      meant: text.slice("sysparm_query=".length),
    };
  if (/(^|\^)(NQ|OR)?GOTO/.test(text)) {
    return {
      message:
        "GOTO only scrolls a list in ServiceNow's own interface; nobody knows what a query does with it",
      meant: text.replace(/(^|\^)(NQ|OR)?GOTO/g, "$1$2"),
    };
  }
  if (/\^(NQ)?JOIN|^JOIN/.test(text))
    return {
      message:
        "JOIN is not a documented part of a query. Use a path over a reference, such as caller_id.department",
    };
  return undefined;
}

/**
 * What was probably meant by a query whose conditions are joined as in SQL: `priority=1 AND state=2` compares the priority with
 * `1 AND state=2`, and finds nothing. Undefined where none are. In texts that a column contains small letters pass, since people write so.
 */
export function withoutSql(query: ParsedQuery | string): string | undefined {
  for (const { operator, value } of asParsed(query).groups.flat(2)) {
    const words = /LIKE|WITH/.test(operator) ? "AND|OR" : "AND|and|OR|or";
    const joint = new RegExp(String.raw`\s+(${words}|\|\|)\s+${CONDITION}`, "g");
    if (!joint.test(value)) continue;
    const text = typeof query === "string" ? query : formatQuery(query);
    return text.replace(joint, (_all, word: string) => (/^(or|\|\|)$/i.test(word) ? "^OR" : "^"));
  }
  return undefined;
}
