import { isRecord } from "../../../../components/prop-rules";

/* eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- components bring functions of any kind */
export type AnyFunction = Function;

/** A prop as a component module writes it. */
export type PropSource = Record<string, unknown> & { type?: string };

export interface AppModule {
  type: "app";
  app: string;
  propDefinitions?: Record<string, PropSource>;
  methods?: Record<string, unknown>;
  [key: string]: unknown;
}

export interface ComponentModule {
  key: string;
  props?: Record<string, PropSource | string>;
  methods?: Record<string, unknown>;
  run?: AnyFunction;
  additionalProps?: AnyFunction;
  hooks?: Record<string, unknown>;
  [key: string]: unknown;
}

export function isApp(module: unknown): module is AppModule {
  return isRecord(module) && module.type === "app" && typeof module.app === "string";
}

export function isComponent(module: unknown): module is ComponentModule {
  return isRecord(module) && typeof module.key === "string" && module.type !== "app";
}

export function isFunction(value: unknown): value is AnyFunction {
  return typeof value === "function";
}

/** The default export, also of a CommonJS module and of a transpiled one. */
export function defaultExport(namespace: unknown): unknown {
  let found =
    isRecord(namespace) || isModule(namespace) ? (namespace as { default?: unknown }).default : undefined;
  if (isRecord(found) && "default" in found && !isApp(found) && !isComponent(found)) found = found.default;
  return found;
}

function isModule(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
