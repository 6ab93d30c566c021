import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";

const root = join(__dirname, "../..");
const from = join(root, "windmill");

/**
 * Writes each Windmill script as one file that imports `windmill-client` alone: the library and the other scripts are inside. Its `main` has
 * the types of the source, since Windmill makes the form of a script from them.
 */
export async function bundleWindmillScripts(to = join(root, "dist/windmill")): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const names = readdirSync(from).filter((name) => name.endsWith(".ts"));
  await Promise.all(names.map(async (name) => writeFileSync(join(to, name), await singleFile(name))));
  for (const name of ["scripts.json", "servicenow.resource-type.json"])
    copyFileSync(join(from, name), join(to, name));
}

async function singleFile(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(from, name)],
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    alias: { "servicenow-components@0.1.0": join(root, "common/index.ts") },
    external: ["windmill-client", "node:*"],
    write: false,
    logLevel: "error",
  });
  const code = outputFiles[0]?.text.trimEnd() ?? "";
  const exported = /export\s*\{([^{}]*)\};?$/.exec(code);
  if (!exported) throw new Error(`The bundle of windmill/${name} does not end with its exports.`);
  const members = (exported[1] ?? "").split(",").map((one) => {
    const [local = "", name = local] = one.trim().split(" as ");
    return { local, name };
  });
  const others = members.filter((member) => member.name !== "main").map((member) => member.name);
  const fields = members.map((member) => `${member.name}: ${member.local}`).join(", ");
  return [
    "// @ts-nocheck",
    `// Made of windmill/${name} by \`npm run build\`: the library is inside, and windmill-client is all it needs.`,
    typedMain(name),
    code.slice(0, exported.index),
    `const bundled = { ${fields} };`,
    ...(others.length > 0 ? [`export const { ${others.join(", ")} } = bundled;`] : []),
    "",
  ].join("\n");
}

/** The types of the source and its `main` without its inside, which is in the bundle. */
function typedMain(name: string): string {
  const source = ts.createSourceFile(
    name,
    readFileSync(join(from, name), "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
  const types = source.statements.filter(ts.isTypeAliasDeclaration).map((type) => type.getText());
  const main = source.statements
    .filter(ts.isFunctionDeclaration)
    .find((statement) => statement.name?.text === "main");
  if (!main) throw new Error(`windmill/${name} has no function main.`);
  const parameters = main.parameters.map((parameter) => parameter.getText());
  const given = main.parameters.map((parameter) => parameter.name.getText());
  return [
    ...types,
    `export async function main(${parameters.join(", ")}) {`,
    `  return bundled.main(${given.join(", ")});`,
    "}",
  ].join("\n");
}
