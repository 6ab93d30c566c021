import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { completeLibrary } from "../build/library";
import { commonManifest, manifestOf, root, Stage } from "./stage";

/** `servicenow-components`: the client as a library, for `import` and `require`, and the built components. */
export async function stageLibrary(folder: string): Promise<Stage> {
  const problems = completeLibrary();
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const stage = new Stage(folder);
  for (const part of [
    "index.mjs",
    "polling.mjs",
    "types",
    "apps",
    "actions",
    "sources",
    "LICENSE",
    "NOTICE.md",
  ])
    stage.copy(`dist/${part}`, part);
  stage.copy("scripts/pack/polling.d.ts", "types/polling.d.ts");
  await writeCommonJs(stage);
  // For what knows no exports yet and looks for a folder of that name.
  stage.write(
    "polling/package.json",
    `${JSON.stringify({ type: "commonjs", main: "../cjs/polling.js", types: "../cjs/types/polling.d.ts" }, null, 2)}\n`,
  );
  stage.write("README.md", README);
  const built = manifestOf("dist/package.json");
  const own = manifestOf("package.json");
  stage.writeManifest({
    name: "servicenow-components",
    description:
      "A ServiceNow client for TypeScript, and ServiceNow actions and event sources for Pipedream-style platforms",
    keywords: ["servicenow", "pipedream", "workflow", "itsm"],
    ...commonManifest(),
    // The platform runs components on Node.js 20.
    engines: { node: ">=20" },
    type: "module",
    sideEffects: false,
    main: "./cjs/index.js",
    module: "./index.mjs",
    types: "./types/index.d.ts",
    exports: {
      ".": {
        import: { types: "./types/index.d.ts", default: "./index.mjs" },
        require: { types: "./cjs/types/index.d.ts", default: "./cjs/index.js" },
      },
      "./polling": {
        import: { types: "./types/polling.d.ts", default: "./polling.mjs" },
        require: { types: "./cjs/types/polling.d.ts", default: "./cjs/polling.js" },
      },
      "./apps/*": "./apps/*",
      "./actions/*": "./actions/*",
      "./sources/*": "./sources/*",
      "./package.json": "./package.json",
    },
    dependencies: built.dependencies ?? own.dependencies,
  });
  return stage;
}

/** The same library for `require`, in a folder whose package.json says so; the declarations are the same there. */
async function writeCommonJs(stage: Stage): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: { index: "common/index.ts", polling: "sources/common/polling.ts" },
    outdir: join(stage.folder, "cjs"),
    bundle: true,
    external: ["@pipedream/platform"],
    platform: "node",
    target: "node20",
    format: "cjs",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  stage.write("cjs/package.json", `${JSON.stringify({ type: "commonjs" })}\n`);
  cpSync(join(stage.folder, "types"), join(stage.folder, "cjs/types"), { recursive: true });
}

const README = `# servicenow-components

${/## The client alone\n\n([\s\S]*?)\n\nMore in/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? ""}

\`require("servicenow-components")\` works too. The built components are the files below \`apps/\`, \`actions/\` and \`sources/\`: any host that runs
Pipedream-style components runs them from the installed package, \`@servicenow-components/host\` among them.

MIT. \`@pipedream/platform\`, which the components import, comes under its own licence: see NOTICE.md.
`;
