import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { commonManifest, manifestOf, root, Stage, type Manifest } from "./stage";

/** `@servicenow-components/host`: the host with its page, and the commands that need no repository. */
export async function stageHost(folder: string): Promise<Stage> {
  const stage = new Stage(folder);
  for (const program of ["main", "worker", "evaluator", "mcp"]) stage.copy(`host/dist/${program}.mjs`);
  stage.copy("host/web/dist");
  stage.copy("host/templates");
  await bundleScripts(stage, ["component", "component-test", "workflow", "backup", "restore", "sign-in"]);
  stage.copy("scripts/pack/bin/host.mjs", "bin/host.mjs");
  stage.copy("LICENSE");
  stage.write(
    "README.md",
    readme(
      "host",
      "The host of [servicenow-components](https://www.npmjs.com/package/servicenow-components): runs Pipedream-style components on your own machine, with a page, a Connect-compatible API, workflows and tools for agents.",
      "servicenow-components-host start",
    ),
  );
  const own = manifestOf("host/package.json");
  const version = String(manifestOf("package.json").version);
  writeChecked(stage, {
    name: "@servicenow-components/host",
    description:
      "Runs Pipedream-style components on your own machine: triggers, workflows, Connect API, page, MCP",
    ...commonManifest(),
    type: "module",
    bin: { "servicenow-components-host": "bin/host.mjs" },
    exports: { "./package.json": "./package.json" },
    dependencies: {
      ...(own.dependencies as Record<string, string>),
      diff: (manifestOf("package.json").devDependencies as Record<string, string>).diff,
      "servicenow-components": version,
    },
    optionalDependencies: own.optionalDependencies,
  });
  return stage;
}

/** `@servicenow-components/instance`: the instance alone. */
export async function stageInstance(folder: string): Promise<Stage> {
  const stage = new Stage(folder);
  stage.copy("instance/dist/main.mjs");
  stage.copy("scripts/pack/bin/instance.mjs", "bin/instance.mjs");
  stage.copy("LICENSE");
  stage.write(
    "README.md",
    readme(
      "instance",
      "Answers as a ServiceNow instance does, over SQLite, offline: for tests and demonstrations. It is no ServiceNow product.",
      "servicenow-components-instance --port 3001 --seed demo",
    ),
  );
  writeChecked(stage, {
    name: "@servicenow-components/instance",
    description: "A ServiceNow-compatible test instance over SQLite",
    ...commonManifest(),
    type: "module",
    bin: { "servicenow-components-instance": "bin/instance.mjs" },
    exports: { "./package.json": "./package.json" },
    dependencies: manifestOf("instance/package.json").dependencies,
  });
  return await Promise.resolve(stage);
}

/** Scripts of the repository as ES modules; the folder above theirs is the package, as it is the repository here. */
async function bundleScripts(stage: Stage, names: string[]): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [name, `scripts/${name}.ts`])),
    outdir: join(stage.folder, "scripts"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node22",
    format: "esm",
    define: { __dirname: "import.meta.dirname" },
    logLevel: "warning",
  });
}

/** @throws Error that names packages which the staged programs import and the manifest does not. */
function writeChecked(stage: Stage, manifest: Manifest): void {
  const declared = new Set(
    Object.keys({
      ...(manifest.dependencies as object),
      ...(manifest.optionalDependencies as object | undefined),
    }),
  );
  const files = (manifest.bin as Record<string, string>)["servicenow-components-host"]
    ? [
        "host/dist/main.mjs",
        "host/dist/worker.mjs",
        "host/dist/evaluator.mjs",
        "host/dist/mcp.mjs",
        "scripts/component.mjs",
        "scripts/component-test.mjs",
        "scripts/workflow.mjs",
        "scripts/backup.mjs",
        "scripts/restore.mjs",
        "scripts/sign-in.mjs",
      ]
    : ["instance/dist/main.mjs"];
  const missing = new Set(
    files
      .flatMap((file) => importsOf(readFileSync(join(stage.folder, file), "utf8")))
      .filter((name) => !declared.has(name)),
  );
  if (missing.size > 0)
    throw new Error(
      `${String(manifest.name)} imports ${[...missing].join(", ")}, which its package.json does not declare.`,
    );
  stage.writeManifest(manifest);
}

/** Packages that a bundle imports, by the import statements with which esbuild leaves them. */
function importsOf(code: string): string[] {
  return [...code.matchAll(/^\s*(?:import|export)\s[^;]*?from "([^"]+)";|^import "([^"]+)";/gm)]
    .map(([, from, bare]) => from ?? bare ?? "")
    .filter((name) => !name.startsWith("node:") && !name.startsWith(".") && !builtinModules.includes(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

function readme(name: string, what: string, example: string): string {
  return `# @servicenow-components/${name}\n\n${what}\n\n\`\`\`sh\nnpx -p @servicenow-components/${name} ${example}\n\`\`\`\n\nNode.js 22.13 or newer. MIT.\n`;
}
