import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fixtures, temporaryFolder } from "./host";

const root = join(__dirname, "../..");

/** What `npm run component -- …` does after its set-up. */
function component(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn("npx", ["ts-node", "scripts/component.ts", ...args], {
    cwd: root,
    env: { ...process.env, COMPONENT_PACKAGES: fixtures },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((done) => child.once("exit", (code) => done({ code, out, err })));
}
const AUTH = JSON.stringify({ api_key: "sekret-12345", user: "ann" });
interface Events {
  events: { id: string; summary: string; ts: number; data: { n: number } }[];
}

test("an action prints one JSON line, with logs on stderr and no secret anywhere", async () => {
  const file = join(temporaryFolder(), "auth.json");
  writeFileSync(file, AUTH);
  const { code, out, err } = await component(
    "conformance-echo",
    "--auth",
    `@${file}`,
    "--props",
    '{"text":"hi"}',
  );
  expect(code).toBe(0);
  expect(out.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(out)).toMatchObject({
    result: { text: "hi", count: 3 },
    summary: "Echoed hi",
    exports: { context: true },
  });
  expect(err).toContain("the key is ********");
  expect(out + err).not.toContain("sekret-12345");
});

test("a source goes on from its state file, also after a run that failed", async () => {
  const db = join(temporaryFolder(), "state.json");
  const poll = async (props: object): Promise<{ code: number | null; ids: string[]; err: string }> => {
    const { code, out, err } = await component(
      "conformance-counter",
      "--db",
      db,
      "--props",
      JSON.stringify(props),
    );
    return { code, err, ids: (JSON.parse(out) as Events).events.map(({ id }) => id) };
  };
  expect(await poll({ perRun: 2 })).toMatchObject({ code: 0, ids: ["1", "2"] });
  expect(await poll({ perRun: 9, slice: 2, failAt: 6 })).toMatchObject({
    code: 1,
    ids: ["3", "4", "5"],
    err: expect.stringContaining("no number 6"),
  });
  expect(await poll({ perRun: 3 })).toMatchObject({ code: 0, ids: ["6", "7"] });
  const { out } = await component("conformance-counter", "--db", db, "--hook", "activate");
  expect(JSON.parse(out)).toEqual({ events: [] });
  expect(JSON.parse(readFileSync(db, "utf8"))).toMatchObject({ db: { n: 7, activations: 1 } });
});

test("mistakes are told in words, with exit code 1", async () => {
  const cases: [string[], RegExp][] = [
    [[], /Usage: npm run component/],
    [["conformance-ecco"], /Did you mean conformance-echo/],
    [["conformance-echo", "--auth", "{token: 1}"], /--auth is not valid JSON/],
    [
      ["conformance-echo", "--auth", AUTH, "--props", '{"count":"x","txet":"y"}'],
      /count must be a whole number[^]*txet is not a prop/,
    ],
    [["conformance-echo", "--hook", "activate"], /is an action; only sources have hooks/],
  ];
  for (const [args, words] of cases) {
    const { code, out, err } = await component(...args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(words);
  }
});
