import type { AppDescription, ComponentDescription, ConnectionSummary, HookName } from "../protocol";
import { isRecord } from "../../../../components/prop-rules";
import { isApp, isComponent, isFunction, type AppModule, type ComponentModule } from "./component-shape";
import { resolveProps, toConfigurable } from "./definitions";

/** What the host may know of a module without running it: a component, an app, or `null` for anything else. */
export function describeModule(module: unknown): ComponentDescription | AppDescription | null {
  if (isApp(module)) return describeApp(module);
  if (isComponent(module)) return describeComponent(module);
  return null;
}

function describeApp(app: AppModule): AppDescription {
  return {
    type: "app",
    slug: app.app,
    name:
      text(app.name) ||
      app.app.replace(/(^|_)([a-z])/g, (_, gap: string, c: string) => (gap && " ") + c.toUpperCase()),
    description: text(app.description),
    connection: isRecord(app.connection) ? describeConnection(app.connection) : null,
  };
}

function describeConnection(connection: Record<string, unknown>): ConnectionSummary {
  return JSON.parse(
    JSON.stringify({
      type: connection.type,
      grant: connection.grant,
      scopes: connection.scopes ?? [],
      pkce: connection.pkce,
      clientAuthentication: connection.clientAuthentication === "basic" ? "basic" : "body",
      fields: connection.fields ?? [],
      help: connection.help,
      label: connection.label,
      about: connection.description,
      kinds: connection.kinds,
    }),
  ) as ConnectionSummary;
}

function describeComponent(component: ComponentModule): ComponentDescription {
  const props = resolveProps(component.props).map(toConfigurable);
  const hooks = (["deploy", "activate", "deactivate"] as HookName[]).filter((name) =>
    isFunction(component.hooks?.[name]),
  );
  const dedupe = component.dedupe;
  return {
    type: component.type === "action" ? "action" : "source",
    key: component.key,
    name: text(component.name) || component.key,
    version: text(component.version) || "0.0.0",
    description: text(component.description),
    apps: [...new Set(props.filter((prop) => prop.type === "app").map((prop) => String(prop.app)))],
    props,
    hasAdditionalProps: isFunction(component.additionalProps),
    hooks,
    dedupe: dedupe === "unique" || dedupe === "greatest" || dedupe === "last" ? dedupe : null,
    ...(isRecord(component.annotations) ? { annotations: component.annotations } : {}),
    ...(component.sampleEmit !== undefined ? { sampleEmit: component.sampleEmit } : {}),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
