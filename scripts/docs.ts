import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { componentsPage } from "./docs/components-page";

/** The generated pages, by path. */
function pages(): Record<string, string> {
  return { "docs/components.md": componentsPage() };
}

/** Generated pages that are missing or differ from what the catalogue says today. */
export function docsProblems(root: string): string[] {
  return Object.entries(pages())
    .filter(
      ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text,
    )
    .map(([path]) => `${path} is not current: run npm run docs`);
}

/** `npm run docs`: writes the generated pages; with `--check` only says which are not current. */
function main(): void {
  const root = join(__dirname, "..");
  if (process.argv.includes("--check")) {
    for (const problem of docsProblems(root)) {
      console.log(problem);
      process.exitCode = 1;
    }
    return;
  }
  for (const [path, text] of Object.entries(pages())) writeFileSync(join(root, path), text);
}

if (require.main === module) main();
