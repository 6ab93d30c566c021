import type { AnyApp, AnyComponent, Prop, Props } from "../components";

/** A prop with its app's definition filled in. */
export type ResolvedProp = Record<string, unknown> & { type: string; label?: string; description?: string };

/** The prop as a platform resolves it: the app's definition under what the component overrides. Null where the definition is missing. */
export function resolveProp(prop: Prop): ResolvedProp | null {
  if (typeof prop === "string") return { type: prop };
  if (!("propDefinition" in prop)) return { ...prop };
  const { propDefinition, ...overrides } = prop;
  const [app, name] = propDefinition as readonly [AnyApp, string, unknown?];
  const definition = app.propDefinitions?.[name];
  return definition ? { ...definition, ...overrides } : null;
}

/** The component's props, resolved, in order. */
export function resolvedProps(component: AnyComponent): [name: string, prop: ResolvedProp | null][] {
  return Object.entries(component.props as Props).map(([name, prop]) => [name, resolveProp(prop)]);
}
