import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CORE_FILES } from "../../scripts/mutate/core-files";
import { readEquivalents } from "../../scripts/mutate/equivalents";
import { summary, type Outcome } from "../../scripts/mutate/report";
import { sampleOf } from "../../scripts/mutate/sample";
import { suitesThatReach } from "../../scripts/mutate/suites";

const root = join(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "mutate-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe("npm run mutate", () => {
  it("plants faults that an environment variable switches on one at a time, in child processes too", () => {
    write("sum.ts", "export const isAdult = (age: number): boolean => age >= 18;\n");
    // The instrumenter is an ES module, which jest does not load.
    const planting = `
      require("ts-node/register");
      const { plantMutants } = require(${JSON.stringify(join(root, "scripts/mutate/plant.ts"))});
      plantMutants(${JSON.stringify(folder)}, ["sum.ts"]).then(({ mutants, sources }) => {
        require("node:fs").writeFileSync(${JSON.stringify(join(folder, "planted.ts"))}, sources.get("sum.ts"));
        console.log(JSON.stringify(mutants));
      });`;
    const { stdout } = spawnSync(process.execPath, ["-e", planting], { cwd: root, encoding: "utf8" });
    const mutants = JSON.parse(stdout) as {
      id: string;
      original: string;
      replacement: string;
      line: number;
    }[];
    const strict = mutants.find(({ replacement }) => replacement === "age > 18");
    expect(strict).toMatchObject({ file: "sum.ts", line: 1, original: "age >= 18" });

    const program = `import(${JSON.stringify(join(folder, "planted.ts"))}).then(({ isAdult }) => console.log(isAdult(18)))`;
    const answer = (env: Record<string, string>) =>
      spawnSync(process.execPath, ["--no-warnings", "-e", program], {
        encoding: "utf8",
        env: { ...process.env, ...env },
      }).stdout.trim();
    expect(answer({})).toBe("true");
    expect(answer({ __STRYKER_ACTIVE_MUTANT__: strict?.id ?? "" })).toBe("false");
  }, 60_000);

  it("draws the same faults for the same seed, in their order, and others for another", () => {
    const items = Array.from({ length: 100 }, (_, at) => at);
    const drawn = sampleOf(items, 10, 7);
    expect(sampleOf(items, 10, 7)).toEqual(drawn);
    expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
    expect(new Set(drawn).size).toBe(10);
    expect(sampleOf(items, 10, 8)).not.toEqual(drawn);
    expect(sampleOf(items, 500, 7)).toEqual(items);
  });

  it("finds the suites that reach a file by imports, the nearest first, and through a started program within its part", () => {
    write("common/deep.ts", "");
    write("common/front.ts", `export * from "./deep";`);
    write("test/common/deep.test.ts", `import "../../common/deep";`);
    write("test/common/front.test.ts", `import type { A } from "../../common/front";`);
    write("test/common/other.test.ts", "");
    write("instance/src/main.ts", `import "./query";`);
    write("instance/src/query.ts", "");
    write("scripts/programs.ts", "");
    write("test/helpers/instance.ts", `import "../../scripts/programs";`);
    write("test/instance/query.test.ts", `import "../helpers/instance";`);
    write("test/actions/one.test.ts", `import "../helpers/instance";`);
    expect(suitesThatReach(folder, "common/deep.ts")).toEqual({
      inProcess: ["test/common/deep.test.ts", "test/common/front.test.ts"],
      startPrograms: [],
      uncounted: false,
    });
    expect(suitesThatReach(folder, "common/deep.ts", 1).inProcess).toEqual(["test/common/deep.test.ts"]);
    expect(suitesThatReach(folder, "instance/src/query.ts")).toMatchObject({
      inProcess: [],
      startPrograms: ["test/instance/query.test.ts"],
    });
  });

  it("leaves out what test/equivalents.md names, and refuses an entry without a reason", () => {
    const mutant = { id: "1", file: "a.ts", line: 1, kind: "", original: "x < y", replacement: "x <= y" };
    write("test/equivalents.md", "# Faults\n\n## `a.ts`\n\n* `x < y` → `x <= y`: they are never equal\n");
    const known = readEquivalents(folder);
    expect(known.has(mutant)).toBe(true);
    expect(known.has({ ...mutant, file: "b.ts" })).toBe(false);
    expect(known.has({ ...mutant, replacement: "x >= y" })).toBe(false);
    write("test/equivalents.md", "## `a.ts`\n\n* `x < y` → `x <= y`\n");
    expect(() => readEquivalents(folder)).toThrow("not an entry");
  });

  it("counts a fault that hangs the suites as noticed", () => {
    const outcome = (result: Outcome["result"]) => ({ result, suites: 1, mutant: {} as Outcome["mutant"] });
    expect(summary(2, (["killed", "timedOut", "survived"] as const).map(outcome))).toEqual({
      files: 2,
      mutants: 3,
      killed: 1,
      survived: 1,
      timedOut: 1,
      score: 66.7,
    });
  });

  it("has core files that are there", () => {
    expect(CORE_FILES.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(readEquivalents(root)).toBeDefined();
  });
});
