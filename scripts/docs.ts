import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { registryFile } from "./docs/registry-file";

type Page = (root: string) => string | Promise<string>;

/** What is generated, in the order of making: the pages are written from the component registry. */
const PAGES: [path: string, page: Page][] = [
  ["components/registry.ts", registryFile],
  ["docs/components.md", async () => (await import("./docs/components-page")).componentsPage()],
  ["docs/registry.md", async () => (await import("./docs/registry-page")).registryPage()],
  [
    "docs/workflow.schema.json",
    async (root) => (await import("./docs/workflow-schema")).workflowSchemaFile(root),
  ],
  ["docs/security.md", async (root) => (await import("./docs/security-page")).securityPage(root)],
];

/** Generated files that are missing or differ from what the components say today. */
export async function docsProblems(root: string): Promise<string[]> {
  const problems: string[] = [];
  for (const [path, page] of PAGES) {
    const file = join(root, path);
    if (!existsSync(file) || readFileSync(file, "utf8") !== (await page(root)))
      problems.push(`${path} is not current: run npm run docs`);
  }
  return problems;
}

/** `npm run docs`: writes the generated files; with `--check` only says which are not current. */
async function main(): Promise<void> {
  const root = join(__dirname, "..");
  if (process.argv.includes("--check")) {
    for (const problem of await docsProblems(root)) {
      console.log(problem);
      process.exitCode = 1;
    }
    return;
  }
  for (const [path, page] of PAGES) writeFileSync(join(root, path), await page(root));
}

if (require.main === module) void main();
