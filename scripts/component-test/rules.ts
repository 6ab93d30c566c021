import { basename, dirname, extname } from "node:path";
import type { ComponentDescription, ConfigurableProp } from "../../host/src/execution/protocol";

export interface Finding {
  rule: string;
  level: "error" | "warning";
  message: string;
}

const HINTS = ["destructiveHint", "openWorldHint", "readOnlyHint"];
/** Props that no form shows a label of. */
const SILENT = /^(app|alert|dir|\$\..+)$/;

/** What the platform's registry asks of a component and its file; empty when there is nothing to mend. */
export function lint(component: ComponentDescription, file: string): Finding[] {
  const found: Finding[] = [];
  const error = (rule: string, message: string): void => void found.push({ rule, level: "error", message });
  const warn = (rule: string, message: string): void => void found.push({ rule, level: "warning", message });
  const { key, name, version, description, apps, type, annotations, props } = component;
  const fileName = basename(file, extname(file));

  const slug = apps.find((app) => key.startsWith(`${app}-`));
  if (!/^[a-z0-9_]+(-[a-z0-9]+)+$/.test(key))
    error("key", `The key "${key}" is not of the form app_slug-what-it-does.`);
  else if (apps.length > 0 && !slug)
    error("key", `The key "${key}" does not begin with the slug of its app (${apps.join(", ")}).`);
  if (slug && key !== `${slug}-${fileName}`)
    error("file-name", `The file is ${fileName}, and its key says ${key.slice(slug.length + 1)}.`);
  if (basename(dirname(file)) !== fileName)
    error("folder", `The file must be in a folder of its own name, ${fileName}/.`);
  if (apps.length === 0) warn("app-prop", "The component has no app prop.");
  if (!/^\d+\.\d+\.\d+$/.test(version))
    error("version", `The version "${version}" is not of the form 0.0.1.`);
  if (name === key || name === "") error("name", "The component has no name.");
  if (description === "") error("description", "The component has no description.");
  else if (!/\[See [^\]]+\]\(https?:\/\/[^)]+\)/i.test(description))
    warn("description-link", 'The description has no link such as "[See the documentation](https://…)".');
  if (type === "source") {
    if (!name.startsWith("New "))
      error("source-name", `A source's name begins with "New ", and this is "${name}".`);
    if (!description.startsWith("Emit new "))
      error("source-description", 'A source\'s description begins with "Emit new ".');
  } else {
    const missing = HINTS.filter((hint) => typeof annotations?.[hint] !== "boolean");
    if (missing.length > 0) error("annotations", `The annotations lack ${missing.join(", ")}.`);
  }
  for (const prop of props) found.push(...lintProp(prop));
  return found;
}

function lintProp({ name, type, label, description, app }: ConfigurableProp): Finding[] {
  if (SILENT.test(type) || app !== undefined) return [];
  return (["label", "description"] as const).flatMap((part): Finding[] =>
    (part === "label" ? label : description)
      ? []
      : [{ rule: `prop-${part}`, level: "warning", message: `The prop "${name}" has no ${part}.` }],
  );
}
