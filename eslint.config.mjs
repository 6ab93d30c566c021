import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

/** The arrows of the design: a part may import the parts named here, and itself. */
const arrows = {
  common: [],
  components: [],
  apps: ["common", "components"],
  actions: ["apps", "common", "components"],
  sources: ["apps", "common", "components"],
  host: ["components"],
  instance: [],
};
const parts = Object.keys(arrows);

const zones = parts.flatMap((part) =>
  [...parts, "scripts", "test"]
    .filter((other) => other !== part && !arrows[part].includes(other))
    .map((other) => ({
      target: `./${part}/**/*`,
      from: `./${other}/**/*`,
      message: `${part}/ may import only ${arrows[part].join(", ") || "nothing of ours"}; see docs/design.md, "Who may import whom".`,
    })),
);

const dialer = "Connections are made by host/src/outbound/, which checks where they go.";
const queueOnly = { name: "pg-boss", message: "host/src/db/queue.ts is the only one that calls pg-boss." };
/** Modules that open connections. Their types, and what only looks at addresses, may be used. */
const wayOut = ["http", "https", "http2", "net", "tls", "dgram"]
  .flatMap((name) => [name, `node:${name}`])
  .concat("undici", "axios")
  .map((name) => ({
    name,
    message: dialer,
    allowTypeImports: true,
    ...(/net$/.test(name) ? { allowImportNames: ["isIP", "isIPv4", "isIPv6", "BlockList"] } : {}),
  }));

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "release/**",
      "scripts/registry/tree/**",
      "**/node_modules/**",
      ".data/**",
      ".cache/**",
      "coverage/**",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    files: ["**/*.{ts,tsx,mts}"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [
        createTypeScriptImportResolver({ project: ["tsconfig.json", "host/web/tsconfig.json"] }),
      ],
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: "error",
      // Both are made to be written into an address; their text is their value.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        {
          allow: [
            { name: ["URL", "URLSearchParams"], from: "lib" },
            { name: ["URL", "URLSearchParams"], from: "package", package: "url" },
          ],
          allowNumber: true,
        },
      ],
    },
  },
  {
    files: ["test/**"],
    rules: {
      // jest's matchers (`expect.any`, `expect.objectContaining`) are of type any.
      "@typescript-eslint/no-unsafe-assignment": "off",
      // A fake of something asynchronous has often nothing to wait for.
      "@typescript-eslint/require-await": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name=/^toThrow(Error)?$/][arguments.length=0]:not([callee.object.property.name='not'])",
          message: "Say which error is expected: any other, a typing mistake among them, would pass as well.",
        },
        {
          selector:
            "CallExpression[callee.property.name='toBeGreaterThan'][arguments.0.value=0], CallExpression[callee.property.name='toBeGreaterThanOrEqual'][arguments.0.value=1]",
          message: "Say how many are expected, or which: one of a hundred would pass as well.",
        },
      ],
    },
  },
  {
    // The client is a library: whatever it exports says what comes back, in which unit, and what it throws.
    files: ["common/**/*.ts"],
    plugins: { jsdoc },
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: { ancestorsOnly: true },
          checkConstructors: false,
          require: { ClassDeclaration: true, FunctionDeclaration: true, MethodDefinition: true },
          contexts: [
            "TSInterfaceDeclaration",
            "TSTypeAliasDeclaration",
            "TSInterfaceBody > TSMethodSignature",
            "TSInterfaceBody > TSPropertySignature",
            "ExportNamedDeclaration > VariableDeclaration",
          ],
        },
      ],
    },
  },
  {
    files: ["components/registry.ts"],
    rules: { "import-x/no-restricted-paths": "off" },
  },
  {
    // What may settle a job, and what may open a connection, is decided in one place each.
    files: ["host/src/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { paths: [...wayOut, queueOnly] }],
      "no-restricted-globals": [
        "error",
        ...["fetch", "WebSocket", "EventSource", "XMLHttpRequest"].map((name) => ({ name, message: dialer })),
      ],
      "no-restricted-properties": ["error", { object: "globalThis", property: "fetch", message: dialer }],
    },
  },
  {
    files: ["host/src/db/queue.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { paths: wayOut }] },
  },
  {
    // The dialer itself; and the program of component processes, whose connections the host makes.
    files: ["host/src/outbound/**/*.ts", "host/src/execution/worker/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { paths: [queueOnly] }],
      "no-restricted-globals": "off",
      "no-restricted-properties": "off",
    },
  },
  {
    files: ["host/src/db/queue.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name=/^(complete|fail|cancel|touch|deleteJob)$/]:not([arguments.1.name='job'])",
          message:
            "A settling call takes the job as it was fetched: an id alone is not fenced against a lost attempt.",
        },
        {
          selector:
            "CallExpression[callee.property.name=/^(send|insert)$/] Property[key.name='singletonKey']",
          message: "Keyed work is upserted: a send loses wake-ups.",
        },
      ],
    },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        console: "readonly",
        process: "readonly",
        module: "writable",
        require: "readonly",
        URL: "readonly",
        Buffer: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
      },
    },
  },
  { files: ["**/*.{cjs,js}"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  prettier,
);
