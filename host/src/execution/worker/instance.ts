import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigurableProp, ExecutionInput, PropProblem } from "../protocol";
import { checkProps, describeProblems, isRecord } from "../../../../components/prop-rules";
import { isFunction, type AppModule, type ComponentModule, type PropSource } from "./component-shape";
import { dataStore } from "./data-store";
import { resolveProps, toConfigurable, type ResolvedProp } from "./definitions";
import { filesIn } from "./files";
import { httpRequest } from "./http-request";
import { toHttpReply } from "./http-reply";
import type { RunState } from "./run-state";

/** `this` of a component, with the props it was made from. */
export interface ComponentInstance {
  self: Record<string, unknown>;
  props: ResolvedProp[];
  /** The app object for an app module, by identity first and slug second. */
  appFor(module: AppModule): Record<string, unknown> | undefined;
}

/** Props are missing or of the wrong type; `problems` names each. */
class PropsError extends Error {
  override name = "ConfigurationError";
  constructor(readonly problems: PropProblem[]) {
    super(describeProblems(problems));
  }
}

interface BuildOptions {
  /** While a form is being filled: what is missing is no error. */
  partial: boolean;
  emitting?: boolean;
}

/**
 * Builds a fresh `this`: props with their values, methods bound, `$emit`. When the component has `additionalProps`,
 * its dynamic props are those handed over, or asked for again.
 *
 * @throws PropsError when a prop is missing or of the wrong type.
 */
export async function buildInstance(
  component: ComponentModule,
  input: ExecutionInput,
  state: RunState,
  options: BuildOptions,
): Promise<ComponentInstance> {
  let props = resolveProps(component.props);
  if (isFunction(component.additionalProps)) {
    const { dynamicProps } = input;
    if (dynamicProps && !namesFurtherApp(props, dynamicProps)) props = mergeConfigurable(props, dynamicProps);
    else if (dynamicProps || !options.partial)
      ({ props } = await withAdditionalProps(component, input, state, options));
  }
  return assemble(component, props, input, state, options);
}

/** An app among the dynamic props has its methods in the component's code alone. */
function namesFurtherApp(props: ResolvedProp[], dynamic: ConfigurableProp[]): boolean {
  const known = new Set(props.map(({ name }) => name));
  return dynamic.some(({ name, type }) => type === "app" && !known.has(name));
}

/** A chain of props of which each depends on the one before ends after so many. */
const MOST_ROUNDS = 8;

/**
 * The instance with the props that `additionalProps` gives for the values there are. Props it returned may decide about further ones,
 * so it is asked again while it returns one that has a value and had not been known before.
 */
export async function withAdditionalProps(
  component: ComponentModule,
  input: ExecutionInput,
  state: RunState,
  options: Omit<BuildOptions, "partial">,
): Promise<ComponentInstance> {
  const partial = { ...options, partial: true };
  let props = mergeConfigurable(resolveProps(component.props), input.dynamicProps);
  let instance = assemble(component, props, input, state, partial);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const known = new Set(props.map(({ name }) => name));
    props = await computeAdditionalProps(component, instance);
    instance = assemble(component, props, input, state, partial);
    if (!props.some(({ name }) => !known.has(name) && input.configuredProps[name] !== undefined)) break;
  }
  return instance;
}

/**
 * Final props after `additionalProps`: what it changed in its copy of the props, and what it returned on top. The copy holds those it returned
 * before, so that it can look at them; they stay only when it returns them again.
 */
async function computeAdditionalProps(
  component: ComponentModule,
  instance: ComponentInstance,
): Promise<ResolvedProp[]> {
  if (!isFunction(component.additionalProps)) return instance.props;
  const fixed = resolveProps(component.props);
  const byName = new Map(fixed.map((prop) => [prop.name, prop]));
  const copy = Object.fromEntries([...instance.props, ...fixed].map((prop) => [prop.name, prop.source]));
  const returned = (await component.additionalProps.call(instance.self, copy)) as unknown;
  const merged: Record<string, PropSource | string> = {
    ...Object.fromEntries(Object.entries(copy).filter(([name]) => byName.has(name))),
    ...(isRecord(returned) ? (returned as Record<string, PropSource | string>) : {}),
  };
  const fresh = new Map(resolveProps(merged).map((prop) => [prop.name, prop]));
  return [...fresh.values()].map((prop) => {
    const before = byName.get(prop.name);
    // A prop that was only changed in place has lost its propDefinition, not its definer.
    return before && merged[prop.name] === before.source ? { ...before, source: prop.source } : prop;
  });
}

function mergeConfigurable(props: ResolvedProp[], dynamic: ExecutionInput["dynamicProps"]): ResolvedProp[] {
  const byName = new Map(props.map((prop) => [prop.name, prop]));
  for (const { name, ...source } of dynamic ?? []) {
    const own = byName.get(name);
    byName.set(name, own ? { ...own, source: { ...own.source, ...source } } : { name, source: source });
  }
  return [...byName.values()];
}

function assemble(
  component: ComponentModule,
  props: ResolvedProp[],
  input: ExecutionInput,
  state: RunState,
  options: BuildOptions,
): ComponentInstance {
  const { values, problems, unknown } = checkProps(props.map(toConfigurable), input.configuredProps, options);
  const self: Record<string, unknown> = {};
  const apps = new Map<string, Record<string, unknown>>();
  const byModule = new Map<AppModule, Record<string, unknown>>();
  const missing: PropProblem[] = [];

  for (const prop of props) {
    const { name, source } = prop;
    if (source.type === "app") {
      const auth = input.auth[name] ?? input.defaultAuth;
      const slug = String(source.app);
      if (!auth && !options.partial && source.optional !== true)
        missing.push({ prop: name, message: `is missing; it takes a connected ${slug} account` });
      const module = prop.definedBy ?? { type: "app", app: slug };
      const app = appObject(module, auth ?? {});
      self[name] = app;
      byModule.set(module, app);
      if (!apps.has(slug)) apps.set(slug, app);
    } else self[name] = propObject(source, values[name], input, state) ?? values[name];
  }
  if (unknown.length > 0 && !options.partial) {
    const known = props.map((prop) => prop.name);
    const message = `is not a prop of ${component.key}; it has ${known.join(", ")}`;
    if (input.strictProps) problems.push(...unknown.map((prop) => ({ prop, message })));
    else state.log("warn", [`Ignored, since no prop has these names: ${unknown.join(", ")}.`]);
  }
  const all = [...missing, ...problems];
  if (all.length > 0 && !options.partial) throw new PropsError(all);

  for (const [name, method] of Object.entries(component.methods ?? {}))
    self[name] = isFunction(method) ? (method.bind(self) as unknown) : method;
  self.$emit = (payload: unknown, meta?: Record<string, unknown>): Promise<void> => {
    if (options.emitting !== false) state.emit(payload, meta);
    return Promise.resolve();
  };
  return { self, props, appFor: (module) => byModule.get(module) ?? apps.get(module.app) };
}

function appObject(module: AppModule, auth: Record<string, unknown>): Record<string, unknown> {
  const app: Record<string, unknown> = { $auth: { ...auth } };
  for (const [name, method] of Object.entries(module.methods ?? {}))
    app[name] = isFunction(method) ? (method.bind(app) as unknown) : method;
  return app;
}

/** Values the host makes: `db`, `http`, timers, data stores, files. `undefined` for every plain type. */
function propObject(source: PropSource, value: unknown, input: ExecutionInput, state: RunState): unknown {
  switch (source.type) {
    case "$.service.db":
      return {
        get: (key: string) => state.dbGet(key),
        set: (key: string, item: unknown) => state.dbSet(key, item),
      };
    case "$.interface.http":
      return {
        type: source.type,
        endpoint: input.endpoint,
        respond: (reply: unknown): Promise<void> => {
          state.send({ type: "respond", job: state.job, reply: toHttpReply(reply) });
          return Promise.resolve();
        },
      };
    case "$.interface.timer":
      return { type: source.type, ...(isRecord(value) ? value : {}) };
    case "$.interface.apphook":
      return {};
    case "data_store":
      return value === undefined ? undefined : dataStore(state, value);
    case "dir":
      return filesIn(input.filesDir ?? join(tmpdir(), "files"), state);
    case "http_request":
      return value === undefined ? undefined : httpRequest(value);
    default:
      return undefined;
  }
}
