/** One comparison of an encoded query. */
export interface Term {
  field: string;
  operator: string;
  value: string;
}

/** A count of related records: `RLQUERYincident.problem_id,>=1,condition^ENDRLQUERY`. */
interface RelatedCount {
  table: string;
  field: string;
  comparison: string;
  count: number;
  condition: ParsedQuery;
}

/** Rows whose field is found in another table: `JOINproblem.sys_id=incident.problem_id!condition`. */
export interface Join {
  table: string;
  field: string;
  otherTable: string;
  otherField: string;
  condition: ParsedQuery;
}

export type Clause = { anyOf: Term[] } | { related: RelatedCount } | { join: Join };

interface Ordering {
  field: string;
  descending: boolean;
}

/** Groups are joined by OR, clauses of a group by AND. */
export interface ParsedQuery {
  groups: Clause[][];
  order: Ordering[];
  /** Parts that are no term at all: no known operator, or nothing where a field should be. */
  unreadable: string[];
}

const words = [
  "GT_OR_EQUALS_FIELD",
  "LT_OR_EQUALS_FIELD",
  "GT_FIELD",
  "LT_FIELD",
  "DOES NOT CONTAIN",
  "CONTAINS",
  "NOT LIKE",
  "NOTLIKE",
  "LIKE",
  "STARTSWITH",
  "ENDSWITH",
  "NOT IN",
  "IN_HIERARCHY_DYNAMIC",
  "IN_HIERARCHY",
  "INSTANCEOF",
  "IN",
  "ISNOTEMPTY",
  "ISEMPTY",
  "EMPTYSTRING",
  "ANYTHING",
  "BETWEEN",
  "NSAMEAS",
  "SAMEAS",
  "MORETHAN",
  "LESSTHAN",
  "NOTON",
  "ON",
  "DATEPART",
  "RELATIVEGT",
  "RELATIVELT",
  "RELATIVEGE",
  "RELATIVELE",
  "RELATIVEEE",
  "DYNAMIC",
  "VALCHANGES",
  "CHANGESFROM",
  "CHANGESTO",
  "MATCH_PAT",
  "!=",
  ">=",
  "<=",
  "!\\*",
  "\\*",
  "%",
  "=",
  ">",
  "<",
];
const termForm = new RegExp(`^([a-z_][A-Za-z0-9_.]*?)(${words.join("|")})(.*)$`, "s");

/** Reads an encoded query. Never fails: what cannot be read is listed as unreadable. */
export function parseQuery(text: string, escapedCarets = false): ParsedQuery {
  const parsed: ParsedQuery = { groups: [], order: [], unreadable: [] };
  /** The group that is read now. */
  let group: Clause[] = [];
  const parts = splitParts(text, escapedCarets);
  for (let at = 0; at < parts.length; at += 1) {
    let part = parts[at] ?? "";
    if (part === "" || part === "EQ") continue;
    if (part.startsWith("RLQUERY")) {
      const end = parts.indexOf("ENDRLQUERY", at);
      const inner = parts.slice(at + 1, end < 0 ? parts.length : end);
      const related = parseRelated(part.slice("RLQUERY".length), inner);
      if (related) group.push({ related });
      else parsed.unreadable.push(part);
      at = end < 0 ? parts.length : end;
      continue;
    }
    if (part.startsWith("JOIN")) {
      const next = parts.findIndex((later, index) => index > at && /^(JOIN|RLQUERY|NQ)/.test(later));
      const end = !part.includes("!") ? at + 1 : next < 0 ? parts.length : next;
      const join = parseJoin(parts.slice(at, end).join("^"));
      if (join) {
        group.push({ join });
        parsed.order.push(...join.condition.order);
        at = end - 1;
      } else parsed.unreadable.push(part);
      continue;
    }
    const [, descending, field] = /^ORDERBY(DESC)?([A-Za-z0-9_.]+)$/.exec(part) ?? [];
    if (field !== undefined) {
      parsed.order.push({ field, descending: descending !== undefined });
      continue;
    }
    if (part.startsWith("ORDERBY") || part.startsWith("GROUPBY") || part.startsWith("123TEXTINDEXGROUP321"))
      continue;
    let alternative = false;
    if (part.startsWith("NQ")) {
      if (group.length > 0) parsed.groups.push(group);
      group = [];
      part = part.slice(2);
      if (part === "") continue;
    } else if (part.startsWith("OR")) {
      alternative = true;
      part = part.slice(2);
    }
    const term = parseTerm(part);
    if (!term) {
      parsed.unreadable.push(part);
      continue;
    }
    const last = group.at(-1);
    if (alternative && last && "anyOf" in last) last.anyOf.push(term);
    else group.push({ anyOf: [term] });
  }
  if (group.length > 0 || parsed.groups.length === 0) parsed.groups.push(group);
  return parsed;
}

function splitParts(text: string, escapedCarets: boolean): string[] {
  if (!escapedCarets) return text.split("^");
  return text
    .replace(/\^\^/g, "\u0000")
    .split("^")
    .map((part) => part.replaceAll("\u0000", "^"));
}

function parseTerm(part: string): Term | undefined {
  if (part.startsWith("123TEXTQUERY321="))
    return { field: "123TEXTQUERY321", operator: "TEXT", value: part.slice("123TEXTQUERY321=".length) };
  const goTo = part.startsWith("GOTO");
  const found = termForm.exec(goTo ? part.slice(4) : part);
  if (!found) return undefined;
  const [, field = "", operator = "", value = ""] = found;
  if (goTo && (operator === "=" || operator === "LIKE")) return { field, operator: ">=", value };
  return { field, operator, value };
}

function parseRelated(head: string, inner: string[]): RelatedCount | undefined {
  const found = /^([a-z0-9_]+)\.([a-z0-9_]+),(>=|<=|>|<|!=|=)(\d{1,9})(?:,(.*))?$/s.exec(head);
  if (!found) return undefined;
  const [, table = "", field = "", comparison = "", count = "", rest = ""] = found;
  // `m2m` says that the related table is one of pairs, which changes nothing here.
  const first = rest === "m2m" ? "" : rest;
  return {
    table,
    field,
    comparison,
    count: Number(count),
    condition: parseQuery([first, ...inner].filter(Boolean).join("^")),
  };
}

/** What follows the `!`, up to another join or group, is the condition of the join; an order in it is that of the whole. */
function parseJoin(text: string): Join | undefined {
  const found = /^JOIN([a-z0-9_]+)\.([a-z0-9_]+)=([a-z0-9_]+)\.([a-z0-9_]+)(?:!(.*))?$/s.exec(text);
  if (!found) return undefined;
  const [, table = "", field = "", otherTable = "", otherField = "", condition = ""] = found;
  return { table, field, otherTable, otherField, condition: parseQuery(condition) };
}
