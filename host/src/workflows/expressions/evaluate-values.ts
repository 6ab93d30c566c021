import type { ExpressionEvaluator } from "./evaluator";
import type { Scope } from "./protocol";
import { stepsReadBy } from "./references";
import { isCode, isWholeExpression, parseTemplate, type Part } from "./template";
import { asText } from "../../../../components/prop-rules";

/** An expression that has no value, with where it stands and why. */
export class ExpressionError extends Error {
  override name = "ExpressionError";
  constructor(
    /** Where in the step, such as `props.table`. */
    readonly path: string,
    readonly code: string,
    readonly reason: string,
  ) {
    super(`${path}: {{ ${code.length > 200 ? `${code.slice(0, 200)}…` : code} }} has no value. ${reason}`);
  }
}

/** What is there for the expressions of a step to read. */
export interface Data {
  /** Namespaces of the steps whose results may be read. */
  names: readonly string[];
  /** The JSON text of a step's result; asked only for steps that an expression reads. */
  load(name: string): Promise<string> | string;
  /** Further names and their values, such as `env` and the item of a loop. */
  variables: Record<string, unknown>;
}

/**
 * The value with each `{{ … }}` in its texts evaluated, however deep they stand. A text that is one expression becomes its value, of any type.
 * Throws `ExpressionError` with the place of the first expression that has none.
 */
export async function evaluateValue(
  evaluator: ExpressionEvaluator,
  value: unknown,
  data: Data,
  path: string,
): Promise<unknown> {
  const found: Template[] = [];
  collect(value, path, found);
  const codes = found.flatMap(({ parts }) => parts.filter(isCode));
  if (codes.length === 0) return value;
  const values = await evaluator.evaluate(
    codes.map(({ code }) => code),
    await scopeOf(codes, data),
  );
  let at = 0;
  const results = found.map(({ parts, path: place }) => {
    const pieces: Piece[] = parts.map((part) => {
      if (!isCode(part)) return { text: part.text };
      const evaluated = values[at++] ?? { error: "It was not evaluated." };
      if ("error" in evaluated) throw new ExpressionError(place, part.code, evaluated.error);
      return { value: evaluated.json === undefined ? undefined : (JSON.parse(evaluated.json) as unknown) };
    });
    return isWholeExpression(parts) ? wholeOf(pieces) : pieces.map(textOf).join("");
  });
  return replace(value, results.values());
}

interface Template {
  path: string;
  parts: Part[];
}
type Piece = { text: string } | { value: unknown };

/** The texts with expressions, in the order in which `replace` comes by them. */
function collect(value: unknown, path: string, into: Template[]): void {
  if (typeof value === "string") {
    if (value.includes("{{")) into.push({ path, parts: parseTemplate(value) });
  } else if (Array.isArray(value)) value.forEach((item, index) => collect(item, `${path}[${index}]`, into));
  else if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value)) collect(item, `${path}.${key}`, into);
}

function replace(value: unknown, results: Iterator<unknown>): unknown {
  if (typeof value === "string") return value.includes("{{") ? results.next().value : value;
  if (Array.isArray(value)) return value.map((item) => replace(item, results));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, results)]));
  return value;
}

async function scopeOf(codes: { tree: Parameters<typeof stepsReadBy>[0] }[], data: Data): Promise<Scope> {
  const read = codes.map(({ tree }) => stepsReadBy(tree));
  const all = read.some((one) => one.all);
  const wanted = new Set(all ? data.names : read.flatMap(({ names }) => [...names]));
  const steps: Record<string, string | null> = {};
  for (const name of data.names) steps[name] = wanted.has(name) ? await data.load(name) : null;
  const variables = Object.fromEntries(
    Object.entries(data.variables).map(([name, value]) => [name, JSON.stringify(value) ?? "null"]),
  );
  return { steps, variables };
}

function wholeOf(pieces: Piece[]): unknown {
  return pieces.flatMap((piece) => ("value" in piece ? [piece.value] : []))[0];
}

/** A value within a text: nothing for null and undefined, JSON for lists and objects. */
function textOf(piece: Piece): string {
  if ("text" in piece) return piece.text;
  return asText(piece.value);
}
