import { actions } from "../../components/registry";
import { resolvedProps } from "../resolved-props";
import { PULL_REQUEST } from "./pull-request";
import { REGISTRY_KEYS, type RegistryKey } from "./registry-keys";

const find = (key: string) => actions.find((action) => action.key === `servicenow-${key}`);

/** Each of the registry's props and what becomes of it here. */
export function compareProps({
  key,
  props,
}: RegistryKey): { name: string; status: "same" | "relaxed" | "missing" | "stricter" }[] {
  const component = find(key);
  const own = new Map(component ? resolvedProps(component) : []);
  return props
    .split(" ")
    .filter(Boolean)
    .map((text) => {
      const required = text.endsWith("*");
      const name = text.replace("*", "");
      const prop = own.get(name);
      if (!prop) return { name, status: "missing" as const };
      const optional = prop.optional === true;
      if (required === !optional) return { name, status: "same" as const };
      return { name, status: required ? ("relaxed" as const) : ("stricter" as const) };
    });
}

/** Props of ours that the registry's action does not have. */
function added({ key, props }: RegistryKey): string[] {
  const component = find(key);
  const known = new Set(props.split(" ").map((name) => name.replace("*", "")));
  return (component ? resolvedProps(component) : [])
    .map(([name]) => name)
    .filter((name) => name !== "servicenow" && !known.has(name));
}

function row(entry: RegistryKey): string {
  const props = compareProps(entry).map(
    ({ name, status }) =>
      `\`${name}\`${status === "same" ? "" : ` (${status === "relaxed" ? "no longer required" : status})`}`,
  );
  const more = added(entry).map((name) => `\`${name}\``);
  return `| \`servicenow-${entry.key}\` | ${find(entry.key)?.version ?? "missing"} (${entry.version}) | ${props.join(", ") || "none"} | ${more.join(", ") || "none"} | ${entry.mended.join("; ")} |`;
}

/** `docs/registry.md`: how the registry's own ServiceNow actions move over. */
export function registryPage(): string {
  return `# The registry's actions, carried over

Written by \`npm run docs\`. The registry's own ServiceNow component has ${REGISTRY_KEYS.length} live actions. Ours keep their keys, their props and the shape of
their results, so a workflow moves over by changing nothing but the component. The version in brackets is the one that was compared.

| key | version | props kept | props added | what ours does better |
|---|---|---|---|---|
${REGISTRY_KEYS.map(row).join("\n")}

${PULL_REQUEST}`;
}
