import js from "@eslint/js";
import registry from "@pipedream/eslint-plugin-pipedream";
import stylistic from "@stylistic/eslint-plugin";
import { Linter } from "eslint";
import type { TreeFile } from "./tree-files";

/** Every rule that the registry's plug-in has for sources. */
const COMPONENT_RULES = [
  "required-properties-key",
  "required-properties-name",
  "required-properties-version",
  "required-properties-description",
  "required-properties-type",
  "props-label",
  "props-description",
  "default-value-required-for-optional-props",
  "source-name",
  "source-description",
  "no-ts-version",
] as const;

/** The registry's style, as its lint configuration has it. */
const STYLE: Linter.RulesRecord = {
  "@stylistic/arrow-parens": ["error", "always"],
  "@stylistic/arrow-spacing": "error",
  "@stylistic/array-bracket-newline": ["error", { minItems: 1 }],
  "@stylistic/array-element-newline": ["error", "always"],
  "@stylistic/comma-dangle": ["error", "always-multiline"],
  "@stylistic/comma-spacing": "error",
  "@stylistic/eol-last": "error",
  "@stylistic/function-call-argument-newline": ["error", "consistent"],
  "@stylistic/function-paren-newline": ["error", "consistent"],
  "@stylistic/indent": ["error", 2],
  "@stylistic/key-spacing": "error",
  "@stylistic/keyword-spacing": "error",
  "@stylistic/max-len": [
    "error",
    {
      code: 100,
      ignoreStrings: true,
      ignoreTemplateLiterals: true,
      ignoreUrls: true,
      ignoreRegExpLiterals: true,
      ignoreTrailingComments: true,
    },
  ],
  "@stylistic/multiline-ternary": ["error", "always"],
  "@stylistic/newline-per-chained-call": "error",
  "@stylistic/no-multiple-empty-lines": ["error", { max: 1, maxBOF: 0 }],
  "@stylistic/no-trailing-spaces": "error",
  "@stylistic/object-curly-newline": [
    "error",
    {
      ObjectExpression: { minProperties: 1 },
      ObjectPattern: { minProperties: 2 },
      ImportDeclaration: { minProperties: 2 },
      ExportDeclaration: "always",
    },
  ],
  "@stylistic/object-curly-spacing": ["error", "always"],
  "@stylistic/object-property-newline": "error",
  "@stylistic/quote-props": ["error", "consistent"],
  "@stylistic/quotes": ["error", "double"],
  "@stylistic/semi": "error",
  "@stylistic/space-before-blocks": "error",
  "@stylistic/space-infix-ops": "error",
  "no-constant-condition": ["error", { checkLoops: false }],
  "no-unused-vars": "error",
};

const base: Linter.Config = {
  languageOptions: { ecmaVersion: 2021, sourceType: "module", globals: { console: "readonly" } },
  linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" },
};
const style: Linter.Config = {
  ...base,
  plugins: { "@stylistic": stylistic },
  rules: { ...js.configs.recommended.rules, ...STYLE },
};
const component: Linter.Config = {
  ...base,
  plugins: { pipedream: registry as never },
  rules: Object.fromEntries(COMPONENT_RULES.map((rule) => [`pipedream/${rule}`, "error" as const])),
};

/** What the registry's lint says of the files: of all `.mjs` its style, of the components its plug-in's rules. */
export function lintTree(files: TreeFile[]): string[] {
  const linter = new Linter({ configType: "flat" });
  return files
    .filter(({ path }) => path.endsWith(".mjs"))
    .flatMap(({ path, text }) => {
      const [, folder, file] = /(\w[\w-]*)\/([\w-]+)\.mjs$/.exec(path) ?? [];
      return (folder === file ? [style, component] : [style])
        .flatMap((config) => linter.verify(text, [config], "component.mjs"))
        .map(({ line, message, ruleId }) => `${path}:${line} ${message} (${ruleId ?? "parse"})`);
    });
}
