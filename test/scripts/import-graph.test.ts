import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { importProblems } from "../../scripts/check/import-graph";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A project of these files, by path, and what is wrong with its imports. */
function problemsOf(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), "import-graph-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return importProblems(root, ["scripts"]);
}

describe("the check of import circles", () => {
  it("names the files of a circle, also when it consists of types alone", () => {
    expect(
      problemsOf({
        "scripts/a.ts": `import type { B } from "./b"; export type A = B;`,
        "scripts/b.ts": `export type { C as B } from "./c";`,
        "scripts/c.ts": `export type C = import("./a").A;`,
        "scripts/outside.ts": `import "./a";`,
      }),
    ).toEqual(["These files import each other: scripts/a.ts, scripts/b.ts, scripts/c.ts"]);
  });

  it("names folders that import each other through different files, with an import for each direction", () => {
    expect(
      problemsOf({
        "scripts/one/a.ts": `import "../two/b";`,
        "scripts/one/c.ts": "",
        "scripts/two/b.ts": "",
        "scripts/two/deeper/d.ts": `export * from "../../one/c";`,
      }),
    ).toEqual([
      "These folders import each other: scripts/one, scripts/two (scripts/one/a.ts imports scripts/two/b.ts; scripts/two/deeper/d.ts imports scripts/one/c.ts)",
    ]);
  });

  it("follows the index of a folder, and finds a circle of three folders", () => {
    expect(
      problemsOf({
        "scripts/one/index.ts": `import "../two";`,
        "scripts/two/index.ts": `const later = () => import("../three/x.mjs"); void later;`,
        "scripts/three/x.mjs": `import "../one/y";`,
        "scripts/one/y.ts": "",
      })[0],
    ).toMatch(/^These folders import each other: scripts\/one, scripts\/three, scripts\/two \(/);
  });

  it("takes a folder's own files and its subfolders for one, and packages for nothing", () => {
    expect(
      problemsOf({
        "scripts/front.ts": `import "./part/a"; import "scripts";`,
        "scripts/part/a.ts": `import "../base";`,
        "scripts/base.ts": "",
      }),
    ).toEqual([]);
  });

  it("finds none in the project", () => {
    expect(importProblems(join(__dirname, "../.."))).toEqual([]);
  });
});
