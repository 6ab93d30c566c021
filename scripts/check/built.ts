import { ESLint, type Linter } from "eslint";
import { join } from "node:path";
import registry from "@pipedream/eslint-plugin-pipedream";

/** The rules that the registry enables for component files, with its severities raised to errors. */
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

/** What the registry's lint rules say of the built components: they read `export default { … }`, which only the built files have. */
export async function builtProblems(root: string): Promise<string[]> {
  const config: Linter.Config = {
    files: ["**/*.mjs"],
    plugins: { pipedream: registry as never },
    rules: Object.fromEntries(RULES.map((rule) => [`pipedream/${rule}`, "error" as const])),
    linterOptions: { reportUnusedDisableDirectives: "off" },
  };
  const eslint = new ESLint({
    cwd: join(root, "dist"),
    overrideConfigFile: true,
    overrideConfig: [config],
    allowInlineConfig: false,
    errorOnUnmatchedPattern: false,
  });
  const results = await eslint.lintFiles(["actions/**/*.mjs", "sources/**/*.mjs"]);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ line, message, ruleId }) =>
        `${filePath.slice(root.length + 1)}:${line} ${message} (${ruleId ?? "parse"})`,
    ),
  );
}
