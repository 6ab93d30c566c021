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
  ["docs/licences.md", async (root) => (await import("./docs/licences-page")).licencesPage(root)],
  ["docs/security.md", async (root) => (await import("./docs/security-page")).securityPage(root)],
];

/** A picture beside each template of the host. */
async function pictures(root: string): Promise<[path: string, text: string][]> {
  const { templatePictures } = await import("./docs/template-picture");
  const made = await templatePictures(join(root, "host/templates"));
  return made.map(([file, svg]) => [`host/templates/${file}`, svg]);
}

async function generated(root: string): Promise<[path: string, text: string][]> {
  const pages: [string, string][] = [];
  for (const [path, page] of PAGES) pages.push([path, await page(root)]);
  return [...pages, ...(await pictures(root))];
}

/** Generated files that are missing or differ from what the components say today. */
export async function docsProblems(root: string): Promise<string[]> {
  const problems: string[] = [];
  for (const [path, text] of await generated(root)) {
    const file = join(root, path);
    if (!existsSync(file) || readFileSync(file, "utf8") !== text)
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
  // One after the other: the pages read the component registry, which is written first.
  for (const [path, page] of PAGES) writeFileSync(join(root, path), await page(root));
  for (const [path, text] of await pictures(root)) writeFileSync(join(root, path), text);
}

if (require.main === module) void main();
