import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Runtime } from "../../host/src/execution/runtime";
import { SOURCES, treeFiles } from "../../scripts/registry/tree-files";
import { torture } from "../../scripts/torture/run";
import { SCENES, type Scene } from "../../scripts/torture/scenes";
import { signIn } from "../helpers/components";
import { useInstance } from "../sources/platform";
import { registryFolder } from "./tree";
import { root, runtime, SourceInProcess, type Emitted } from "./source-in-process";

jest.setTimeout(180_000);
const { writer, later, url } = useInstance({ incidents: 60 });
const tree = registryFolder();
let processes: Runtime;
beforeAll(() => void (processes = runtime()));
afterAll(() => {
  processes.stop();
  tree.remove();
});

/** What the registry's lint says of texts in place of New Incident. In a process of its own: jest cannot load the plug-in. */
function lint(texts: string[]): string[] {
  const program = `const { lintTree } = require("./scripts/registry/lint");
    const texts = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const path = "sources/new-incident/new-incident.mjs";
    console.log(JSON.stringify(texts.map((text) => lintTree([{ path, text }]).join("\\n"))));`;
  const printed = execFileSync(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", program], {
    cwd: root,
    encoding: "utf8",
    input: JSON.stringify(texts),
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  return JSON.parse(printed) as string[];
}

/** The same source twice: ours as it is built, and the registry's. */
async function twins(
  name: string,
  props: Record<string, unknown>,
): Promise<{ both(call: "deploy" | "poll"): Promise<Emitted[]> }> {
  const auth = { instance_name: url(), oauth_access_token: await signIn(url()) };
  const ours = new SourceInProcess(processes, join(root, `dist/sources/${name}/${name}.mjs`), auth, props);
  const theirs = new SourceInProcess(processes, tree.source(name), auth, props);
  return {
    /** @returns the events of the registry's, which were compared with ours. */
    both: async (call) => {
      const expected = await ours[call]();
      const emitted = await theirs[call]();
      expect(emitted).toEqual(expected);
      return emitted;
    },
  };
}

test("New Incident emits what ours emits, with filters too", async () => {
  const all = await twins("new-incident", {});
  const chosen = await twins("new-incident", {
    priority: ["1"],
    caller: ["Abel Tuter"],
    fields: ["number", "priority"],
    format: "all",
  });
  expect((await all.both("deploy")).length).toBe(25);
  await chosen.both("deploy");
  const caller = await writer.idOf("sys_user", "Abel Tuter");
  const urgent = { impact: "1", urgency: "1" };
  const made = [
    await writer.create("incident", { short_description: "Of another", ...urgent }),
    await writer.create("incident", { short_description: "Of the caller", caller_id: caller, ...urgent }),
    await writer.create("incident", {
      short_description: "Not urgent",
      caller_id: caller,
      impact: "3",
      urgency: "3",
    }),
  ];
  expect((await all.both("poll")).map(({ id }) => id).sort()).toEqual(
    made.map(({ sys_id }) => sys_id).sort(),
  );
  expect((await chosen.both("poll")).map(({ id }) => id)).toEqual([made[1]?.sys_id]);
  await later(90);
  expect(await all.both("poll")).toEqual([]);
});

test.each(["both", "created", "updated"])(
  "New or Updated Record emits what ours emits: %s",
  async (changes) => {
    const records = await twins("new-or-updated-record", { table: "problem", changes });
    await records.both("deploy");
    const before = await writer.create("problem", { short_description: "Disk is slow" });
    await records.both("poll");
    await later(90);
    await writer.update("problem", before.sys_id, { short_description: "Disk is very slow" });
    const burst = await Promise.all(
      Array.from({ length: 60 }, (_, at) => writer.create("problem", { short_description: `Burst ${at}` })),
    );
    const events = await records.both("poll");
    const expected = changes === "both" ? 61 : changes === "created" ? 60 : 1;
    expect(events).toHaveLength(expected);
    expect(burst).toHaveLength(60);
    await later(90);
    expect(await records.both("poll")).toEqual([]);
  },
);

test("New Comment or Work Note emits what ours emits", async () => {
  const notes = await twins("new-comment-or-work-note", { table: "incident", kind: "work_notes" });
  const both = await twins("new-comment-or-work-note", { table: "incident", fields: ["number"] });
  await notes.both("deploy");
  await both.both("deploy");
  const incident = await writer.create("incident", { short_description: "Noted" });
  await writer.update("incident", incident.sys_id, { comments: "To the caller" });
  await later(2);
  await writer.update("incident", incident.sys_id, { work_notes: "Among us" });
  expect(await notes.both("poll")).toHaveLength(1);
  expect((await both.both("poll")).map(({ data }) => (data as { text: string }).text)).toEqual([
    "To the caller",
    "Among us",
  ]);
});

test("the feed's torture passes on the registry's New or Updated Record", async () => {
  const scene = SCENES.find(({ name }) => name === "clientHourAhead") as Scene;
  const result = await torture({
    scene,
    versions: 400,
    records: 120,
    kills: 1,
    burst: 200,
    faults: 0.02,
    seed: 11,
    source: tree.source("new-or-updated-record"),
    sources: ["all", "filter", "parent", "hidden"],
  });
  expect(result).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0 });
  expect(result.committed).toBeGreaterThanOrEqual(400);
});

test("the tree is small, passes the registry's lint and leaves the app file alone", () => {
  const out = join(tree.folder, "out");
  mkdirSync(out);
  writeFileSync(
    join(out, "package.json"),
    JSON.stringify({ name: "@pipedream/servicenow", dependencies: { there: "^1.0.0" } }),
  );
  execFileSync(process.execPath, [join(root, "scripts/run.mjs"), "registry", out], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeLessThanOrEqual(15);
  expect(files.map(({ name }) => name)).not.toContain("servicenow.app.mjs");
  const lines = files.map(
    (file) => readFileSync(join(file.parentPath, file.name), "utf8").trimEnd().split("\n").length,
  );
  expect(Math.max(...lines)).toBeLessThanOrEqual(150);
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1000);
  expect(JSON.parse(readFileSync(join(out, "package.json"), "utf8"))).toMatchObject({
    dependencies: { there: "^1.0.0", "servicenow-components": expect.stringMatching(/^\^\d/) },
  });
  expect(SOURCES).toHaveLength(3);
});

test("the lint refuses what the registry refuses", () => {
  const text = treeFiles().find(({ path }) => path.endsWith("new-incident.mjs"))?.text ?? "";
  const spoiled: [rule: string, text: string][] = [
    ["semi", text.replace(/;\n/, "\n")],
    ["source-name", text.replace('name: "New Incident"', 'name: "Incident"')],
    ["object-property-newline", text.replace(/default: \[\],\n\s+useQuery/, "default: [], useQuery")],
    ["required-properties-version", text.replace(/ {2}version: .*\n/, "")],
    // A private field is newer than the registry's language level.
    ["parse", `${text}class A {\n  #x = 1;\n}\n`],
  ];
  const [clean, ...said] = lint([text, ...spoiled.map(([, each]) => each)]);
  expect(clean).toBe("");
  expect(said.map((each, at) => each.includes(spoiled[at]?.[0] ?? "-"))).toEqual(spoiled.map(() => true));
});
