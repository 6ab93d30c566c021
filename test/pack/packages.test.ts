import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import ts from "typescript";
import { releaseProblems, versionProblems } from "../../scripts/check/versions";
import { startPostgres } from "../host/postgres-server";
import { compose, dockerStages } from "./container-files";
import { installPacked, root, type Installed } from "./install";

/** The three packages as somebody gets them who has no repository. */
jest.setTimeout(300_000);
let installed: Installed;
const running: ChildProcess[] = [];
beforeAll(() => void (installed = installPacked()));
afterAll(async () => {
  await Promise.all(running.map((child) => stop(child)));
  installed?.remove();
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await exited;
}

/** The file that a package's bin names. */
function bin(name: "host" | "instance"): string {
  const folder = join(installed.folder, "node_modules/@servicenow-components", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    bin: Record<string, string>;
  };
  return join(folder, manifest.bin[`servicenow-components-${name}`] ?? "");
}

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: installed.folder,
  DATA_DIR: join(installed.folder, "data"),
});

/** The first line that a program prints. */
async function firstLine(child: ChildProcess): Promise<string> {
  running.push(child);
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return await new Promise<string>((resolve, reject) => {
    if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", () => reject(new Error(said)));
  });
}

/** Starts a command of a package and gives its first line of JSON. */
async function start(name: "host" | "instance", ...args: string[]): Promise<Record<string, string>> {
  const child = spawn(process.execPath, [bin(name), ...args], {
    cwd: installed.folder,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return JSON.parse(await firstLine(child)) as Record<string, string>;
}

test("the library is imported and required, and types resolve under node16, bundler and CommonJS", () => {
  writeFileSync(
    join(installed.folder, "use.mjs"),
    'import { createClient } from "servicenow-components";\nconsole.log(typeof createClient);\n',
  );
  writeFileSync(
    join(installed.folder, "use.cjs"),
    'console.log(typeof require("servicenow-components").createClient);\n',
  );
  const polling = 'import("servicenow-components/polling").then((m) => console.log(typeof m.recordSource))';
  expect(
    execFileSync(process.execPath, ["-e", polling], { cwd: installed.folder, encoding: "utf8" }).trim(),
  ).toBe("function");
  for (const file of ["use.mjs", "use.cjs"])
    expect(execFileSync(process.execPath, [file], { cwd: installed.folder, encoding: "utf8" }).trim()).toBe(
      "function",
    );

  const source = (instance: string): string =>
    `import { createClient } from "servicenow-components";\nexport const client = createClient({ instance: ${instance}, auth: { type: "token", token: "t" } });\n`;
  mkdirSync(join(installed.folder, "types"));
  const { ModuleKind, ModuleResolutionKind } = ts;
  for (const [file, module, moduleResolution] of [
    ["a.mts", ModuleKind.Node16, ModuleResolutionKind.Node16],
    ["b.cts", ModuleKind.Node16, ModuleResolutionKind.Node16],
    ["c.ts", ModuleKind.ESNext, ModuleResolutionKind.Bundler],
    ["d.ts", ModuleKind.CommonJS, ModuleResolutionKind.Node10],
  ] as const) {
    const problems = (instance: string): string[] => {
      const path = join(installed.folder, "types", file);
      writeFileSync(path, source(instance));
      const program = ts.createProgram([path], {
        module,
        moduleResolution,
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
        strict: true,
        noEmit: true,
        types: [],
      });
      return ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
    };
    expect([file, problems('"dev1"')]).toEqual([file, []]);
    // A type that is not found would take anything.
    expect([file, problems("5")]).toEqual([file, [expect.stringContaining("number")]]);
  }
});

test("publint and arethetypeswrong have nothing to say", async () => {
  const run = promisify(execFile);
  for (const tarball of installed.tarballs)
    await run(process.execPath, [join(root, "node_modules/publint/src/cli.js"), "run", tarball, "--strict"], {
      env: { ...process.env, NO_COLOR: "1" },
    });
  const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const { stdout } = await run(process.execPath, [attw, installed.tarballs[0] ?? "", "--format", "json"]);
  const { problems, analysis } = JSON.parse(stdout) as {
    problems?: Record<string, unknown>;
    analysis: { problems: unknown[]; entrypoints: object };
  };
  expect({ problems: problems ?? {}, found: analysis.problems }).toEqual({ problems: {}, found: [] });
  expect(Object.keys(analysis.entrypoints)).toContain(".");
});

test("the instance, the host, a component and the tools of an agent run from the packages", async () => {
  const instance = await start("instance", "--port", "0", "--seed", "demo", "--incidents", "20");
  const token = await fetch(`${instance.url}/oauth_token.do`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "password",
      client_id: "demo-client",
      client_secret: "demo-secret",
      username: "admin",
      password: "admin",
    }),
  });
  const { access_token } = (await token.json()) as { access_token: string };
  const host = bin("host");
  const auth = JSON.stringify({ instance_name: instance.url, oauth_access_token: access_token });
  const props = JSON.stringify({ table: "incident", recordData: { short_description: "From a package" } });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [host, "component", "servicenow-create-table-record", "--auth", auth, "--props", props],
    { cwd: installed.folder, env: environment() },
  );
  expect(JSON.parse(stdout)).toMatchObject({ summary: expect.stringContaining("INC") });

  const { url, token_file } = await start("host", "start", "--port", "0");
  const credentials = JSON.parse(readFileSync(token_file ?? "", "utf8")) as { token: string };
  const page = await fetch(`${url}/`);
  expect(await page.text()).toContain("<title>");
  const actions = await fetch(`${url}/v1/connect/actions?limit=1000`, {
    headers: { authorization: `Bearer ${credentials.token}` },
  });
  const { data } = (await actions.json()) as { data: { key: string }[] };
  expect(data.map(({ key }) => key)).toContain("servicenow-create-table-record");

  const mcp = spawn(process.execPath, [host, "mcp", "--token-file", token_file ?? ""], {
    cwd: installed.folder,
    env: environment(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.push(mcp);
  const answer = new Promise<string>((resolve) =>
    createInterface({ input: mcp.stdout }).once("line", resolve),
  );
  mcp.stdin.write(
    `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "pack", version: "1" } } })}\n`,
  );
  expect(JSON.parse(await answer)).toMatchObject({
    id: 1,
    result: { serverInfo: { name: "servicenow-components" } },
  });
  mcp.stdin.end();

  const backup = join(installed.folder, "copy.tar");
  const saved = await promisify(execFile)(process.execPath, [host, "backup", backup], {
    cwd: installed.folder,
    env: environment(),
  });
  expect(JSON.parse(saved.stdout)).toMatchObject({ file: backup });
});

test("what the containers run starts from the packages over a PostgreSQL server, two workers beside the host", async () => {
  const database = await startPostgres();
  try {
    const stage = dockerStages().get("host");
    const { services } = compose();
    const shared = {
      ...environment(),
      ...stage?.env,
      // What belongs to the container alone: its network, its folder and its secrets.
      HOST: "127.0.0.1",
      PORT: "0",
      DATA_DIR: join(installed.folder, "container"),
      COMPONENTS_CACHE: join(installed.folder, "cache"),
      DATABASE_URL: database.url,
      HOST_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64"),
    };
    const [, ...entry] = stage?.entrypoint ?? [];
    const run = (command: string[], env: NodeJS.ProcessEnv = shared): Promise<string> =>
      firstLine(
        spawn(process.execPath, [...entry, ...command], {
          cwd: installed.folder,
          env,
          stdio: ["ignore", "pipe", "pipe"],
        }),
      );
    const { url } = JSON.parse(await run(services.host?.command ?? [])) as { url: string };
    for (let at = 0; at < (services.worker?.deploy?.replicas ?? 0); at += 1)
      expect(
        JSON.parse(
          await run(services.worker?.command ?? [], {
            ...shared,
            DATA_DIR: join(installed.folder, `worker${at}`),
          }),
        ),
      ).toEqual({ worker: true });
    const [, ...check] = stage?.healthCheck ?? [];
    const health = { cwd: installed.folder, env: { ...shared, PORT: new URL(url).port } };
    await promisify(execFile)(process.execPath, check, health);
    await database.halt();
    await expect(promisify(execFile)(process.execPath, check, health)).rejects.toMatchObject({ code: 1 });
    await database.resume();
  } finally {
    await Promise.all(running.splice(0).map((child) => stop(child)));
    await database.stop();
  }
});

test("a command that does not exist shows those that do", async () => {
  const failed = promisify(execFile)(process.execPath, [bin("host"), "strat"], {
    cwd: installed.folder,
    env: environment(),
  });
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("workflow   validate, apply"),
  });
});

test("versions and changelog agree, and a release without its day is refused", () => {
  expect(versionProblems(root)).toEqual([]);
  const folder = join(installed.folder, "release");
  mkdirSync(join(folder, "host/src"), { recursive: true });
  mkdirSync(join(folder, "instance"));
  for (const path of ["package.json", "host/package.json", "instance/package.json"])
    writeFileSync(
      join(folder, path),
      JSON.stringify({ version: path === "package.json" ? "1.1.0" : "1.0.0" }),
    );
  writeFileSync(join(folder, "host/src/version.ts"), 'export const HOST_VERSION = "1.1.0";\n');
  writeFileSync(
    join(folder, "CHANGELOG.md"),
    "# Changelog\n\n## 1.1.0 (unreleased)\n\n## 1.0.0 (2026-01-01)\n",
  );
  expect(versionProblems(folder)).toEqual([
    "host/package.json has version 1.0.0, and package.json 1.1.0",
    "instance/package.json has version 1.0.0, and package.json 1.1.0",
  ]);
  expect(releaseProblems(folder)).toEqual([expect.stringContaining("1.1.0 (unreleased)")]);
});
