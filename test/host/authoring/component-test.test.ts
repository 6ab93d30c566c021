import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../host";

/** What a component's author runs in CI. */

const root = join(__dirname, "../../..");
let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
function check(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", "scripts/component-test.ts", ...args],
      { cwd: root },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

const APP = 'export default { type: "app", app: "acme", methods: { name() { return this.$auth.name; } } };\n';
const ACTION = `import acme from "../../acme.app.mjs";
export default {
  key: "acme-greet", name: "Greet", version: "0.0.1", type: "action",
  description: "Greets somebody. [See the documentation](https://acme.example/docs)",
  annotations: { destructiveHint: false, openWorldHint: false, readOnlyHint: true },
  props: { acme, whom: { type: "string", label: "Whom", description: "Who is greeted" } },
  run({ $ }) {
    if (this.whom === "nobody") throw new Error("Nobody is not greeted.");
    $.export("$summary", "Greeted " + this.whom);
    return { from: this.acme.name(), to: this.whom, at: 1 };
  },
};
`;
const SOURCE = `import acme from "../../acme.app.mjs";
export default {
  key: "acme-new-note", name: "Notes", version: "{{ts}}", type: "source", description: "Notes that come",
  props: { acme, db: "$.service.db", http: "$.interface.http" },
  sampleEmit: { id: 1, text: "hello" },
  run(event) { this.$emit({ id: (this.db.get("last") ?? 0) + 1, words: event.body.words }); },
};
`;

test("what is as the registry asks and does as its cases say passes, with exit code 0 and JSON for programs", async () => {
  write("acme.app.mjs", APP);
  const file = write("actions/greet/greet.mjs", ACTION);
  write(
    "actions/greet/greet.cases.json",
    JSON.stringify([
      {
        name: "greets",
        auth: { name: "Ann" },
        props: { whom: "Bo" },
        expect: { summary: "Greeted Bo", result: { from: "Ann" } },
      },
      { name: "refuses", props: { whom: "nobody" }, expect: { error: "Nobody is not greeted." } },
    ]),
  );
  const { code, stdout } = await check(file, "--json");
  expect({ code, report: JSON.parse(stdout) as unknown }).toEqual({
    code: 0,
    report: {
      passed: true,
      components: [
        {
          file,
          key: "acme-greet",
          findings: [],
          cases: [
            { name: "greets", passed: true },
            { name: "refuses", passed: true },
          ],
        },
      ],
    },
  });
});

test("each broken rule and each difference is named, and the exit code is 1", async () => {
  const file = write("sources/new-note/new-note.mjs", SOURCE);
  write(
    "sources/new-note/new-note.cases.json",
    JSON.stringify([
      {
        name: "numbers go on",
        db: { last: 4 },
        event: { body: { words: "x" } },
        expect: { events: [{ data: { id: 6 } }] },
      },
      {
        name: "has what its sample has",
        event: { body: { words: "x" } },
        expect: { events: [{ data: { id: 1 } }] },
      },
    ]),
  );
  const { code, stdout } = await check(file);
  expect(code).toBe(1);
  expect(stdout.split("\n").map((line) => line.trim())).toEqual([
    "acme-new-note",
    'error version: The version "{{ts}}" is not of the form 0.0.1.',
    'warning description-link: The description has no link such as "[See the documentation](https://…)".',
    'error source-name: A source\'s name begins with "New ", and this is "Notes".',
    'error source-description: A source\'s description begins with "Emit new ".',
    "FAILED numbers go on: events.0.data.id is 5, and not 6.",
    "FAILED has what its sample has: Event 0 lacks text, which the source's sample has.",
    "",
  ]);
});

test("a file that cannot be loaded says where, and no file is a mistake of the caller", async () => {
  const file = write("actions/broken/broken.mjs", "export default {\n  oops oops\n};\n");
  const { code, stdout } = await check(file, "--json");
  expect(code).toBe(1);
  expect(stdout).toMatch(/could not be loaded: /);
  const none = await check();
  expect({ code: none.code, said: none.stderr.includes("Usage:") }).toEqual({ code: 1, said: true });
});
