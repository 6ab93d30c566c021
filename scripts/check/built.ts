import registry from "@pipedream/eslint-plugin-pipedream";
import { Linter } from "eslint";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { componentFolders } from "../docs/registry-file";

/** The rules that the registry enables for component files, all of them as errors. */
const RULES = [
  "required-properties-key",
  "required-properties-name",
  "required-properties-version",
  "required-properties-description",
  "required-properties-type",
  "props-label",
  "props-description",
  "source-name",
  "source-description",
  "no-ts-version",
  "action-annotations",
] as const;

const config: Linter.Config = {
  plugins: { pipedream: registry as never },
  rules: Object.fromEntries(RULES.map((rule) => [`pipedream/${rule}`, "error" as const])),
  linterOptions: { noInlineConfig: true },
};

/** What the registry's lint rules say of the text of a component. They read `export default { … }` and nothing else. */
export function lintComponent(text: string, name: string): string[] {
  return new Linter({ configType: "flat" })
    .verify(text, config, "component.mjs")
    .map(({ line, message, ruleId }) => `${name}:${line} ${message} (${ruleId ?? "parse"})`);
}

/** The last statement of a built file: the rules look at the default export alone, and the code in front of it is large. */
function lastStatement(text: string): string {
  const start = text.lastIndexOf("\nexport default {");
  if (start < 0) throw new Error("does not end with a literal default export");
  return text.slice(start);
}

/** The same of every built component. One that was not built counts as a problem. */
export function builtProblems(root: string): string[] {
  return ["actions", "sources"].flatMap((part) =>
    componentFolders(root, part).flatMap((folder) => {
      const name = `dist/${part}/${folder}/${folder}.mjs`;
      try {
        return lintComponent(lastStatement(readFileSync(join(root, name), "utf8")), name);
      } catch (error) {
        return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
}
