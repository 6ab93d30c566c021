import { isProvided, isRequired, type PropDescription } from "./description";
import { unwrapLabelValue } from "./label-value";
import { readValue } from "./read";
import { kindInWords } from "./wording";

/** A prop that is missing or wrong. `message` goes on a sentence that begins with the prop's name, without a full stop. */
export interface PropProblem {
  prop: string;
  message: string;
}

export interface CheckedProps {
  values: Record<string, unknown>;
  problems: PropProblem[];
  /** Names that no prop has. */
  unknown: string[];
}

/**
 * Turns configured values into what `this.<prop>` holds, and names each prop that is missing or wrong.
 * Values that are not set take the prop's default. Accounts are checked where they are kept, not here.
 * `partial` leaves out the check for missing ones, for a form that is still being filled in.
 */
export function checkProps(
  props: PropDescription[],
  configured: Record<string, unknown>,
  { partial = false } = {},
): CheckedProps {
  const values: Record<string, unknown> = {};
  const problems: PropProblem[] = [];
  for (const prop of props) {
    if (prop.type === "app" || isProvided(prop)) continue;
    const value = effectiveValue(prop, configured[prop.name]);
    if (value === undefined) {
      if (!partial && isRequired(prop)) problems.push({ prop: prop.name, message: missingMessage(prop) });
      continue;
    }
    const read = readValue(prop, value);
    if ("problem" in read) problems.push({ prop: prop.name, message: read.problem });
    else values[prop.name] = read.value;
  }
  const known = new Set(props.map((prop) => prop.name));
  return { values, problems, unknown: Object.keys(configured).filter((name) => !known.has(name)) };
}

/** What counts: the author's fixed schedule, the value set, or the default; undefined without any. */
function effectiveValue(prop: PropDescription, stored: unknown): unknown {
  if (prop.type === "$.interface.timer" && prop.static !== undefined) return prop.static;
  const value = unwrapLabelValue(stored, prop.withLabel === true);
  if (value !== undefined && value !== null && (value !== "" || takesEmptyText(prop))) return value;
  return prop.default ?? undefined;
}

function takesEmptyText(prop: PropDescription): boolean {
  return prop.type === "any" || (prop.type === "string" && prop.default === "");
}

const missingMessage = (prop: PropDescription): string => `is missing; it takes ${kindInWords(prop.type)}`;

/** Sentences a person can act on. */
export function describeProblems(problems: PropProblem[]): string {
  return problems.map(({ prop, message }) => `${prop} ${message}.`).join(" ");
}
