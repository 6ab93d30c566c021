import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Metafile } from "esbuild";
import { bundleWindmillScripts } from "../../scripts/build/windmill";
import { startInstance, type RunningInstance } from "../helpers/instance";

const root = join(__dirname, "../..");
const scripts = readdirSync(join(root, "windmill")).filter((name) => name.endsWith(".ts"));
const bun = join(root, "node_modules/@oven/bun-linux-x64/bin/bun");

let folder: string;
let instance: RunningInstance;
let meta: Metafile;
let servicenow: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "windmill-"));
  cpSync(join(root, "windmill"), folder, { recursive: true });
  const library = join(folder, "node_modules/servicenow-components@0.1.0");
  mkdirSync(library, { recursive: true });
  symlinkSync(join(root, "node_modules/windmill-client"), join(folder, "node_modules/windmill-client"));
  const built = await build({
    entryPoints: [join(root, "common/index.ts")],
    outfile: join(library, "index.mjs"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    external: ["node:*"],
    metafile: true,
    logLevel: "error",
  });
  meta = built.metafile;
  writeFileSync(
    join(library, "package.json"),
    JSON.stringify({ name: "servicenow-components", version: "0.1.0", type: "module", main: "index.mjs" }),
  );
  writeFileSync(
    join(folder, "run.ts"),
    `const results: unknown[] = [];
for (const [script, ...args] of JSON.parse(process.env.STEPS ?? "[]")) {
  try {
    const { main } = await import(\`./\${script}.ts\`);
    results.push({ result: (await main(...args)) ?? null });
  } catch (error) {
    results.push({ error: String(error) });
  }
}
console.log("RESULTS " + JSON.stringify(results));`,
  );
  writeFileSync(join(folder, "mock.json"), JSON.stringify({ resources: {}, variables: {} }));
  instance = await startInstance({ incidents: 20 });
  servicenow = {
    instance_url: `${instance.url}/`,
    client_id: "demo-client",
    client_secret: "demo-secret",
    username: "admin",
    password: "admin",
  };
}, 120_000);

afterAll(async () => {
  await instance?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  results: Array<{ result?: unknown; error?: string }>;
  output: string;
}

/** Runs scripts one after the other in one bun process, with Windmill's client in mock mode. */
const run = (...steps: unknown[][]): Promise<Ran> => runIn(folder, ...steps);

async function runIn(place: string, ...steps: unknown[][]): Promise<Ran> {
  const { stdout, stderr } = await promisify(execFile)(bun, ["run", "run.ts"], {
    cwd: place,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      STEPS: JSON.stringify(steps),
      WM_MOCKED_API_FILE: join(folder, "mock.json"),
      WM_STATE_PATH: "u/test/state",
      WM_WORKSPACE: "test",
      WM_TOKEN: "none",
      BASE_INTERNAL_URL: "http://127.0.0.1:9",
    },
  });
  const line = stdout.split("\n").find((text) => text.startsWith("RESULTS ")) ?? "RESULTS []";
  return {
    results: JSON.parse(line.slice("RESULTS ".length)) as Array<{ result?: unknown; error?: string }>,
    output: stdout + stderr,
  };
}

it("bun is there", () => expect(existsSync(bun)).toBe(true));

it("WM-21, WM-22: the library's main path imports nothing of Node", () => {
  const output = Object.entries(meta.outputs).find(([name]) => name.endsWith("index.mjs"))?.[1];
  expect(output?.imports.filter(({ kind }) => kind === "import-statement")).toEqual([]);
  expect(
    output?.imports.every(({ kind, path }) => kind === "dynamic-import" && path.startsWith("node:")),
  ).toBe(true);
});

/** What Windmill's own parser makes of the scripts of a folder. */
async function parse(
  place: string,
): Promise<Record<string, { args: Array<{ name: string; typ: unknown; has_default: boolean }> }>> {
  const code = `
      import { readFileSync } from "node:fs";
      import * as parser from "${join(root, "node_modules/windmill-parser-wasm-ts/windmill_parser_wasm.js")}";
      parser.initSync({ module: readFileSync("${join(root, "node_modules/windmill-parser-wasm-ts/windmill_parser_wasm_bg.wasm")}") });
      const out = {};
      for (const name of ${JSON.stringify(scripts)}) out[name] = JSON.parse(parser.parse_deno(readFileSync("${place}/" + name, "utf8")));
      console.log(JSON.stringify(out));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
  return JSON.parse(stdout) as Awaited<ReturnType<typeof parse>>;
}

describe("WM-23, WM-24: Windmill's own parser understands every signature", () => {
  it("and no parameter is unknown", async () => {
    const parsed = await parse(join(root, "windmill"));
    expect(Object.keys(parsed).sort()).toEqual([...scripts].sort());
    for (const [name, { args }] of Object.entries(parsed)) {
      // An object of a named type is offered as a resource of that type.
      expect([name, args[0]]).toEqual([
        name,
        expect.objectContaining({
          name: "servicenow",
          typ: {
            object: {
              name: "servicenow",
              props: expect.arrayContaining([{ key: "instance_url", typ: { str: null } }]),
            },
          },
        }),
      ]);
      for (const { typ } of args.slice(1))
        expect(JSON.stringify(typ)).not.toMatch(/unknown|"name":"record"|"resource"/);
    }
    const choice = parsed["query.ts"]?.args.find(({ name }) => name === "display_value")?.typ;
    expect(choice).toEqual({ str: ["false", "true", "all"] });
  });
});

describe("WM-22: each script as a single file", () => {
  let alone: string;
  beforeAll(async () => {
    alone = join(folder, "single");
    await bundleWindmillScripts(alone);
    cpSync(join(folder, "run.ts"), join(alone, "run.ts"));
    // Nothing but Windmill's own client is there.
    mkdirSync(join(alone, "node_modules"));
    symlinkSync(join(root, "node_modules/windmill-client"), join(alone, "node_modules/windmill-client"));
    writeFileSync(join(alone, "package.json"), "{}");
  });

  it("imports windmill-client and nothing else", () => {
    for (const name of scripts) {
      const found = readFileSync(join(alone, name), "utf8").matchAll(/\b(?:from|import)\s*"([^"]+)"/g);
      expect([name, ...new Set([...found].map(([, path]) => path))]).toEqual([name, "windmill-client"]);
    }
  });

  it("has the form of its source, to Windmill's own parser", async () => {
    const sources = await parse(join(root, "windmill"));
    const singles = await parse(alone);
    for (const name of scripts) expect([name, singles[name]?.args]).toEqual([name, sources[name]?.args]);
  });

  it("signs in, writes, reads and follows a table", async () => {
    const { results } = await runIn(
      alone,
      ["get_token", servicenow],
      ["new_or_updated_record", servicenow, "incident"],
      ["create_record", servicenow, "incident", { short_description: "From a single file" }],
      ["query", servicenow, "incident", "short_description=From a single file", ["short_description"]],
      ["new_or_updated_record", servicenow, "incident"],
    );
    expect(results.filter(({ error }) => error)).toEqual([]);
    expect(results[3]?.result).toMatchObject({
      rows: [{ short_description: "From a single file" }],
      total: 1,
    });
    expect(results[4]?.result).toEqual([
      expect.objectContaining({ short_description: "From a single file", _event: "created" }),
    ]);
  }, 60_000);
});

it("WM-31: every script has its kind and its texts", () => {
  const texts = JSON.parse(readFileSync(join(root, "windmill/scripts.json"), "utf8")) as Record<
    string,
    { kind: string; summary: string; description: string }
  >;
  expect(
    Object.keys(texts)
      .map((name) => `${name}.ts`)
      .sort(),
  ).toEqual([...scripts].sort());
  for (const { kind, summary, description } of Object.values(texts)) {
    expect(["script", "trigger"]).toContain(kind);
    expect([summary, description]).not.toContain("");
  }
});

it("WM-02, WM-25: the resource type keeps the five names and marks the secrets", () => {
  const { schema } = JSON.parse(
    readFileSync(join(root, "windmill/servicenow.resource-type.json"), "utf8"),
  ) as { schema: { properties: Record<string, { password?: boolean }> } };
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(["instance_url", "client_id", "client_secret", "username", "password"]),
  );
  expect(
    Object.entries(schema.properties)
      .filter(([, { password }]) => password)
      .map(([name]) => name),
  ).toEqual(["client_secret", "password"]);
});

it("WM-07, WM-08, WM-15, WM-16, WM-17, WM-23, WM-29: the scripts run under bun, and no token is seen", async () => {
  const { results, output } = await run(
    ["get_token", servicenow],
    ["test_connection", servicenow],
    ["create_record", servicenow, "incident", { short_description: "From Windmill" }, "wm-1"],
    ["create_record", servicenow, "incident", { short_description: "From Windmill" }, "wm-1"],
    ["create_record", servicenow, "incident", { short_description: "Plain" }],
    ["query", servicenow, "incident", "correlation_id=wm-1", ["sys_id", "number"]],
  );
  expect(results.filter(({ error }) => error)).toEqual([]);
  // The second run with one correlation id gives the record of the first.
  expect(results[3]?.result).toMatchObject({ sys_id: (results[2]?.result as { sys_id: string }).sys_id });
  expect(results[0]?.result).toEqual({ ok: true, expires_at: expect.any(String) });
  expect(results[5]?.result).toMatchObject({
    rows: [{ number: expect.stringMatching(/^INC/) }],
    total: 1,
    complete: true,
  });
  expect(output).not.toMatch(/[A-Za-z0-9_-]{86}/);
  const id = (results[5]?.result as { rows: Array<{ sys_id: string }> }).rows[0]?.sys_id;
  const next = await run(
    ["update_record", servicenow, "incident", id, { short_description: "Changed" }],
    ["get_record", servicenow, "incident", id, "number, short_description"],
    ["get_record", servicenow, "incident", "0".repeat(32)],
  );
  expect(next.results[1]?.result).toMatchObject({ short_description: "Changed", number: expect.any(String) });
  // WM-19
  expect(next.results[2]?.error).toBe(`Error: record not found: incident, ${"0".repeat(32)}`);
  const refused = await run(["get_token", { ...servicenow, password: "wrong" }]);
  expect(refused.results[0]?.error).toMatch(/sign-in was refused/);
}, 60_000);

it("WM-28: a file goes up and comes down unchanged, as base64", async () => {
  const made = await run(["create_record", servicenow, "incident", { short_description: "With a file" }]);
  const record = (made.results[0]?.result as { sys_id: string }).sys_id;
  const base64 = Buffer.from(Uint8Array.from({ length: 70_000 }, (_, i) => i % 256)).toString("base64");
  const up = await run(["attach_file", servicenow, "incident", record, "a.bin", base64]);
  const file = (up.results[0]?.result as { sys_id: string }).sys_id;
  const down = await run(["get_attachment", servicenow, file]);
  expect(down.results[0]?.result).toMatchObject({ name: "a.bin", bytes: 70_000, base64 });
}, 60_000);

it("WM-20: the guide says how to set up the application, the resource and the scripts", () => {
  const text = readFileSync(join(root, "windmill/README.md"), "utf8");
  for (const word of ["Application Registry", "resource type", "Deploy", "test_connection", "Security"])
    expect(text).toContain(word);
  for (const name of scripts) expect(text).toContain(`\`${name.replace(".ts", "")}\``);
});

it("WM-27: the trigger gives each record version once, and none at the first run", async () => {
  const { results } = await run(
    ["new_or_updated_record", servicenow, "incident", "active=true"],
    ["create_record", servicenow, "incident", { short_description: "Seen once" }],
    ["new_or_updated_record", servicenow, "incident", "active=true"],
    ["new_or_updated_record", servicenow, "incident", "active=true"],
  );
  expect(results.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
  expect(results[0]?.result).toEqual([]);
  expect(results[2]?.result).toEqual([
    expect.objectContaining({ short_description: "Seen once", _event: "created" }),
  ]);
  expect(results[3]?.result).toEqual([]);
}, 60_000);

it("WM-26: the token is fetched once and then comes from the variable", async () => {
  const { results } = await run(["get_token", servicenow], ["get_token", servicenow]);
  expect(results[0]?.result).toEqual(results[1]?.result);
}, 60_000);

it("WM-29: the same scripts run under node", async () => {
  const outfile = join(folder, "node.mjs");
  await build({
    stdin: {
      contents: `import { main as token } from "./get_token.ts";
import { main as query } from "./query.ts";
const servicenow = JSON.parse(process.env.RESOURCE);
const { ok } = await token(servicenow);
const { rows } = await query(servicenow, "incident", "active=true", ["number"], "false", 2);
console.log(JSON.stringify({ ok, rows }));`,
      resolveDir: join(root, "windmill"),
      loader: "ts",
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    alias: { "servicenow-components@0.1.0": join(root, "common/index.ts") },
    external: ["windmill-client"],
    logLevel: "error",
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      RESOURCE: JSON.stringify(servicenow),
      WM_MOCKED_API_FILE: join(folder, "mock.json"),
      WM_WORKSPACE: "test",
      WM_TOKEN: "none",
      BASE_INTERNAL_URL: "http://127.0.0.1:9",
    },
  });
  const line = stdout.split("\n").find((text) => text.startsWith("{")) ?? "{}";
  expect(JSON.parse(line)).toEqual({
    ok: true,
    rows: [{ number: expect.stringMatching(/^INC/) }, { number: expect.stringMatching(/^INC/) }],
  });
}, 60_000);
