import type { AnyComponent } from "../../components";
import { actions, sources } from "../../components/registry";
import { resolvedProps, type ResolvedProp } from "../resolved-props";

const DOC_LINK = /\s*\[See the documentation\]\(([^)]+)\)\.?$/;
/** Props that nobody fills in. */
const UNSEEN = new Set(["app", "$.service.db", "alert"]);

const cell = (text: string) => text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");

function example(prop: ResolvedProp): unknown {
  if (prop.default !== undefined) return prop.default;
  const quoted = /`([^`]+)`/.exec(String(prop.description ?? ""))?.[1];
  if (prop.type === "boolean") return true;
  if (prop.type === "integer") return prop.min ?? 1;
  if (prop.type === "object" && quoted) {
    try {
      return JSON.parse(quoted) as unknown;
    } catch {
      return {};
    }
  }
  return prop.type.endsWith("[]") ? [quoted ?? "…"] : (quoted ?? "…");
}

/** Values for the required props, as `npm run component` takes them. */
function exampleProps(component: AnyComponent): string {
  const values = resolvedProps(component)
    .filter(([, prop]) => prop && !UNSEEN.has(prop.type) && !prop.type.startsWith("$") && !prop.optional)
    .map(([key, prop]) => [key, example(prop!)]);
  return JSON.stringify(Object.fromEntries(values));
}

function type(prop: ResolvedProp): string {
  const marks = [prop.type];
  if (prop.optional) marks.push("optional");
  if (prop.default !== undefined) marks.push(`default \`${JSON.stringify(prop.default)}\``);
  if (prop.useQuery) marks.push("searchable");
  return marks.join(", ");
}

function annotations({ annotations: hints }: AnyComponent): string[] {
  if (!hints) return [];
  const words = [
    hints.readOnlyHint ? "only reads" : "writes",
    hints.destructiveHint ? "destructive" : "",
    hints.idempotentHint ? "safe to repeat" : "",
  ];
  return [words.filter(Boolean).join(", ")];
}

function section(component: AnyComponent): string {
  const link = DOC_LINK.exec(component.description)?.[1];
  const props = resolvedProps(component).filter(([, prop]) => prop && !UNSEEN.has(prop.type));
  const table = props.map(
    ([key, prop]) =>
      `| \`${key}\` | ${cell(String(prop?.label ?? key))} | ${cell(type(prop!))} | ${cell(String(prop?.description ?? ""))} |`,
  );
  const facts = [`\`${component.key}\``, `version ${component.version}`, ...annotations(component)];
  return [
    `### ${component.name}`,
    facts.join(" · "),
    component.description.replace(DOC_LINK, ""),
    ...(table.length > 0
      ? [["| prop | label | type | what |", "|---|---|---|---|", ...table].join("\n")]
      : ["No props."]),
    ...(component.type === "action" ? [`Example: \`--props '${exampleProps(component)}'\``] : []),
    ...(link ? [`ServiceNow document: <${link}>`] : []),
  ].join("\n\n");
}

const list = (components: readonly AnyComponent[]) =>
  components
    .map(({ key, name, description }) => {
      const [sentence = ""] = description.replace(DOC_LINK, "").split(/(?<=[.])\s/);
      return `| [${name}](#${name
        .toLowerCase()
        .replace(/[^a-z0-9 ]/g, "")
        .replaceAll(" ", "-")}) | \`${key}\` | ${cell(sentence)} |`;
    })
    .join("\n");

/** `docs/components.md`: what every component does, its props, an example and the ServiceNow document behind it. */
export function componentsPage(): string {
  const byName = (a: AnyComponent, b: AnyComponent) => a.name.localeCompare(b.name, "en");
  const parts: [string, readonly AnyComponent[]][] = [
    ["Sources", [...sources].sort(byName)],
    ["Actions", [...actions].sort(byName)],
  ];
  const body = parts
    .filter(([, components]) => components.length > 0)
    .map(([title, components]) =>
      [
        `## ${title}`,
        `| name | key | what for |\n|---|---|---|\n${list(components)}`,
        ...components.map(section),
      ].join("\n\n"),
    );
  return [
    "# Components",
    "Generated from the components themselves by `npm run docs`; `npm run check` fails when it is not current.",
    `${sources.length} sources and ${actions.length} actions. Run an action from the shell with \`npm run component -- KEY --auth … --props …\`.`,
    ...body,
    "",
  ].join("\n\n");
}
