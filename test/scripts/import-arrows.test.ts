import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { present } from "../helpers/present";

const root = join(__dirname, "../..");

/** A file of each part that others might be tempted to import. */
const targets: Record<string, string> = {
  common: "common/index",
  components: "components/index",
  apps: "apps/servicenow.app",
  actions: "actions/create-table-record/create-table-record",
  sources: "sources/new-record/new-record",
  host: "host/src/execution/protocol",
  instance: "instance/src/core/instance",
};
const allowed: Record<string, string[]> = {
  common: [],
  components: [],
  apps: ["common", "components"],
  actions: ["apps", "common", "components"],
  sources: ["apps", "common", "components"],
  host: ["components"],
  instance: [],
};
/** Where a file of the part may stand for the linter to look at. */
const folders: Record<string, string> = { host: "host/src", instance: "instance/src" };

describe("the import arrows of docs/design.md", () => {
  const probes = Object.keys(allowed).map((part) => ({
    part,
    file: join(folders[part] ?? part, "__arrow_probe__", "probe.ts"),
  }));

  beforeAll(() => {
    for (const { part, file } of probes) {
      const up = "../".repeat(file.split("/").length - 1);
      const imports = Object.entries(targets)
        .filter(([other]) => other !== part)
        .map(([, target]) => `import "${up}${target}";`);
      mkdirSync(join(root, file, ".."), { recursive: true });
      writeFileSync(join(root, file), `${imports.join("\n")}\n`);
    }
  });
  afterAll(() => {
    for (const { file } of probes) rmSync(join(root, file, ".."), { recursive: true, force: true });
  });

  it("are refused by the linter wherever the design does not draw them, and only there", () => {
    const run = spawnSync(
      process.execPath,
      [
        join(root, "node_modules/eslint/bin/eslint.js"),
        "--format",
        "json",
        ...probes.map(({ file }) => file),
      ],
      { cwd: root, encoding: "utf8", timeout: 110_000 },
    );
    const results = JSON.parse(run.stdout) as {
      filePath: string;
      messages: { ruleId: string; line: number }[];
    }[];
    for (const { part, file } of probes) {
      const others = Object.keys(targets).filter((other) => other !== part);
      const { messages } = present(results.find(({ filePath }) => filePath === join(root, file)));
      const refused = messages
        .filter(({ ruleId }) => ruleId === "import-x/no-restricted-paths")
        .map(({ line }) => others[line - 1]);
      expect({ part, refused: refused.sort() }).toEqual({
        part,
        refused: others.filter((other) => !present(allowed[part]).includes(other)).sort(),
      });
    }
  }, 120_000);
});
