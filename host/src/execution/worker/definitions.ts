import type { ConfigurableProp } from "../protocol";
import { isRecord } from "../../../../components/prop-rules";
import { isApp, isFunction, type AnyFunction, type AppModule, type PropSource } from "./component-shape";

/** A prop with its definition looked up. */
export interface ResolvedProp {
  name: string;
  /** A copy that may be changed; holds functions. */
  source: PropSource;
  /** Set when the definition came from an app: `options` runs on that app's object. */
  definedBy?: AppModule;
  /** The third entry of `propDefinition`. */
  inputs?: Record<string, unknown> | AnyFunction;
}

/**
 * Props in their order, with `propDefinition` resolved (also one that points at another) and every object copied,
 * so that a component may change what it is given without changing its module.
 */
export function resolveProps(props: Record<string, PropSource | string> | undefined): ResolvedProp[] {
  return Object.entries(props ?? {})
    .filter(([, source]) => source !== undefined && source !== null)
    .map(([name, source]) => resolveProp(name, source));
}

function resolveProp(name: string, source: PropSource | string): ResolvedProp {
  if (typeof source === "string") return { name, source: { type: source } };
  if (isApp(source)) return { name, source: { type: "app", app: source.app }, definedBy: source };
  if (!Array.isArray(source.propDefinition)) return { name, source: copy(source) };
  const [app, definition, inputs] = source.propDefinition as [AppModule, string, ResolvedProp["inputs"]];
  const found = app?.propDefinitions?.[definition];
  if (!found)
    throw new Error(
      `The prop "${name}" refers to the prop definition "${String(definition)}", which its app does not have.`,
    );
  const { propDefinition: _, ...overrides } = source;
  const below = resolveProp(name, found);
  return {
    name,
    source: copy({ ...below.source, ...overrides }),
    definedBy: overrides.options === undefined ? (below.definedBy ?? app) : undefined,
    inputs: inputs ?? below.inputs,
  };
}

/** Deep for plain data; functions and class instances stay what they are. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => copy(item) as unknown) as T;
  if (!isRecord(value) || isApp(value)) return value;
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)])) as T;
}

/** The prop without functions, as it goes over the wire. */
export function toConfigurable({ name, source }: ResolvedProp): ConfigurableProp {
  const prop: ConfigurableProp = { name, type: String(source.type ?? "string") };
  for (const [attribute, value] of Object.entries(source)) {
    if (attribute === "type" || attribute === "propDefinition" || attribute === "methods") continue;
    if (attribute === "options" && isFunction(value)) prop.remoteOptions = true;
    else if (!isFunction(value)) {
      const plain = jsonCopy(value);
      if (plain !== undefined) prop[attribute] = plain;
    }
  }
  return prop;
}

function jsonCopy(value: unknown): unknown {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
