import { isProvided, isRequired } from "../../../components/prop-rules";
import { toLabelledValue } from "../../../components/prop-rules";
import type { AccountRow } from "../db/schema";
import type { RegisteredComponent } from "../execution/component-registry";
import type { ConfigurableProp } from "../execution/protocol";
import { confirmationOf } from "./hints";

type JsonSchema = Record<string, unknown>;
export interface ObjectSchema extends JsonSchema {
  type: "object";
  properties: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties: boolean;
}

/** Longer lists of choices are looked up, not listed. */
const MOST_CHOICES = 40;

/** What a list of tools can do about long texts. */
export interface Brevity {
  /** Longest description of an argument, in characters. */
  description: number;
}

/**
 * The arguments of an action as JSON Schema. Choices that a component looks up are named as such, since only `find_choices` knows them; an action
 * whose fields depend on others takes arguments beyond these, and `describe_action` tells which.
 */
export function inputSchema(
  component: RegisteredComponent,
  options: { accounts: AccountRow[]; account?: string; props?: ConfigurableProp[]; brevity?: Brevity },
): ObjectSchema {
  const { props = component.props, brevity } = options;
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const prop of props) {
    if (!isAsked(prop)) continue;
    const schema = prop.type === "app" ? accountSchema(prop, options) : propSchema(prop, brevity);
    if (!schema) continue;
    properties[prop.name] = schema;
    if (prop.type !== "app" && prop.default === undefined && isRequired(prop)) required.push(prop.name);
  }
  const confirmation = confirmationOf(component);
  if (confirmation)
    properties[confirmation] = {
      type: "boolean",
      description: "Give true only after the user agreed to exactly this call.",
    };
  return {
    type: "object",
    properties,
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: component.hasAdditionalProps,
  };
}

/** Whether a caller can say anything about a prop. */
function isAsked(prop: ConfigurableProp): boolean {
  return !isProvided(prop) && prop.hidden !== true && prop.disabled !== true && prop.static === undefined;
}

function propSchema(prop: ConfigurableProp, brevity: Brevity | undefined): JsonSchema {
  const choices = choicesOf(prop);
  const base = typeSchema(prop, choices);
  const description = describe(prop, choices, brevity);
  return {
    ...base,
    ...(description ? { description } : {}),
    ...(prop.default !== undefined && prop.default !== null ? { default: prop.default } : {}),
  };
}

function describe(prop: ConfigurableProp, choices: Choice[], brevity: Brevity | undefined): string {
  const labels = choices.filter(({ label, value }) => label !== String(value));
  const parts = [
    cut(plain(prop.description ?? prop.label ?? ""), brevity?.description),
    labels.length > 0
      ? labels.map(({ label, value }) => `${JSON.stringify(value)} is ${label}`).join(", ")
      : "",
    prop.remoteOptions === true ? "Values: find_choices." : "",
    prop.reloadProps === true ? "More arguments depend on it: describe_action." : "",
    prop.secret === true ? "Secret." : "",
  ];
  return parts.filter(Boolean).join(" ");
}

/** A description without its link to the documentation, which an agent cannot use. */
export function plain(description: string): string {
  return description
    .replace(/\s*\[see the (docs|documentation)[^\]]*\]\([^)]*\)\.?/gi, "")
    .replace(/\s+/g, " ")
    .trim();
}

export function cut(text: string, length: number | undefined): string {
  if (length === undefined || text.length <= length) return text;
  const sentence = /^.*?[.!?](?=\s)/s.exec(text)?.[0];
  return sentence !== undefined && sentence.length <= length
    ? sentence
    : `${text.slice(0, length - 1).trimEnd()}…`;
}

interface Choice {
  label: string;
  value: unknown;
}

function choicesOf(prop: ConfigurableProp): Choice[] {
  return Array.isArray(prop.options) ? prop.options.map(toLabelledValue) : [];
}

const TYPES: Record<string, JsonSchema> = {
  string: { type: "string" },
  integer: { type: "integer" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  object: { type: "object" },
  data_store: { type: "string" },
  http_request: { type: "object" },
  sql: { type: "object" },
};

function typeSchema(prop: ConfigurableProp, choices: Choice[]): JsonSchema {
  const isList = prop.type.endsWith("[]");
  const item = isList ? prop.type.slice(0, -2) : prop.type;
  const known = TYPES[item] ?? (item.startsWith("$.") ? { type: "string" } : {});
  // A choice with its label is taken as the value alone, or as both.
  const values = prop.withLabel === true ? [] : choices.map(({ value }) => value);
  const schema: JsonSchema = {
    ...(prop.withLabel === true ? {} : known),
    ...(values.length > 0 && values.length <= MOST_CHOICES ? { enum: values } : {}),
    ...(typeof prop.min === "number" ? { minimum: prop.min } : {}),
    ...(typeof prop.max === "number" ? { maximum: prop.max } : {}),
  };
  return isList ? { type: "array", items: schema } : schema;
}

/** Which account is used: asked only where there is more than one. */
function accountSchema(
  prop: ConfigurableProp,
  { accounts, account }: { accounts: AccountRow[]; account?: string },
): JsonSchema | undefined {
  const own = accounts.filter(({ app }) => app === prop.app);
  if (
    own.length <= 1 ||
    (account !== undefined && own.some(({ id, name }) => id === account || name === account))
  )
    return undefined;
  return {
    type: "string",
    enum: own.map(({ id }) => id),
    description: `The ${prop.label ?? prop.app ?? ""} account: ${own.map(({ id, name }) => `${id} is ${name}`).join(", ")}.`,
  };
}
