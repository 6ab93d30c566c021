import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duringTests } from "../../helpers/instance";
import { startHost } from "../host";
import type { Run, Workflow } from "./workflow-client";

jest.setTimeout(240_000);

const root = join(__dirname, "../../..");
const host = duringTests(startHost);
const folder = mkdtempSync(join(tmpdir(), "workflow-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `npm run workflow` as its npm script does. */
async function command(...args: string[]): Promise<{ code: number | null; out: string; said: string }> {
  const tokenFile = join(folder, "token.json");
  writeFileSync(tokenFile, JSON.stringify({ token: host.token }), { mode: 0o600 });
  const child = spawn(
    process.execPath,
    [join(root, "scripts/run.mjs"), "workflow", ...args, "--host", host.url, "--token-file", tokenFile],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
  );
  let out = "";
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once("exit", done));
  return { code, out, said };
}

const file = join(folder, "greet.yaml");
const greeting = (word: string): string => `# who is greeted
name: Greet
triggers:
  - uses: http
steps:
  - namespace: greet
    code: |
      export default ({ steps }) => \`${word} \${steps.trigger.event.name}\`
`;
const there = async (): Promise<Workflow> => {
  const { body } = await host.call<Workflow[]>("GET", "/api/workflows");
  const found = body.find(({ name }) => name === "Greet");
  if (!found) throw new Error("The workflow is not there.");
  return found;
};

test("files are checked, applied with their difference, applied again without one, run, and written back", async () => {
  writeFileSync(file, greeting("Hello"));
  expect(await command("validate", file)).toMatchObject({ code: 0, out: `${file}: "Greet" is right.\n` });

  const made = await command("apply", file);
  expect(made).toMatchObject({ code: 0 });
  expect(made.out).toContain("+name: Greet");
  const first = await there();
  expect(first).toMatchObject({ enabled: true, version: 1 });
  expect((await command("apply", file)).out).toBe(`${file}: "Greet" is as it was.\n`);

  const ran = await command("run", file, "--event", '{"name":"Ada"}');
  expect(ran.code).toBe(0);
  expect((JSON.parse(ran.out) as Run).steps[0]?.return_value).toBe("Hello Ada");

  writeFileSync(file, greeting("Good day"));
  const changed = await command("apply", file);
  expect(changed.out).toMatch(/-.*Hello[^]*\+.*Good day/);
  expect(await there()).toMatchObject({ id: first.id, version: 2 });

  writeFileSync(file, "name: Greet\ntriggers: [{ uses: http }]\nsteps: [{ delay: 1s }]\n");
  expect(await command("export", file)).toMatchObject({ code: 0 });
  expect(readFileSync(file, "utf8")).toBe(greeting("Good day"));
});

test("an account or a component that is not there is refused by name, and nothing is applied", async () => {
  const wrong = join(folder, "wrong.yaml");
  writeFileSync(
    wrong,
    [
      "name: Wrong",
      "triggers: [{ uses: http }]",
      "steps:",
      "  - { namespace: a, uses: nobody-knows }",
      "  - { namespace: b, uses: conformance-echo, props: { conformance: { account: nobody }, text: x } }",
    ].join("\n"),
  );
  const { code, said } = await command("apply", wrong);
  expect(code).toBe(1);
  expect(said).toContain("steps[0].uses names nobody-knows, which is not installed here.");
  expect(said).toContain('there is no conformance account "nobody"');
  const { body } = await host.call<Workflow[]>("GET", "/api/workflows");
  expect(body.map(({ name }) => name)).not.toContain("Wrong");
});
