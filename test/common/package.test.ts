import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startInstance } from "../helpers/instance";

const root = join(__dirname, "../..");
const run = promisify(execFile);
let folder: string;

/** A program of somebody else's, with the package as `npm run build` leaves it and nothing beside it. */
beforeAll(async () => {
  await run(process.execPath, [join(root, "node_modules/ts-node/dist/bin.js"), "scripts/build.ts"], {
    cwd: root,
  });
  folder = await mkdtemp(join(tmpdir(), "from-outside-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(join(root, "dist"), join(folder, "node_modules/servicenow-components"), "dir");
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const PROGRAM = `
import { createClient, isServiceNowError, where, type Auth, type Page, type Transport } from "servicenow-components";

const auth: Auth = { type: "basic", username: "admin", password: "admin" };
export const transport: Transport = async () => ({ status: 200, headers: {}, body: "" });
export async function numbers(instance: string): Promise<string[]> {
  await using client = createClient({ instance, auth });
  const page = await client.table("incident").page({ fields: ["number", "caller_id"], displayValue: "all", query: where("active").equals(true) });
  const shown: string | null | undefined = page.rows[0]?.caller_id.display_value;
  const typed: Page<{ number: string }> = await client.table("incident").page({ fields: ["number"] });
  try {
    await client.table<{ sys_id: string; number: string }>("incident").get("x");
  } catch (error) {
    if (isServiceNowError(error)) return [error.kind, shown ?? "", ...typed.rows.map((row) => row.number)];
  }
  // @ts-expect-error there is no such option
  createClient({ instance, auth, nonsense: 1 });
  return page.rows.map((row) => row.number.value);
}
`;

it("can be installed from a checkout, types and all", async () => {
  const checkout = join(folder, "checkout");
  await mkdir(join(checkout, "node_modules"), { recursive: true });
  await symlink(root, join(checkout, "node_modules/servicenow-components"), "dir");
  await writeFile(join(checkout, "main.mts"), PROGRAM);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const args = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--types",
    "node",
  ];
  const lib = ["--lib", "es2023,esnext.disposable", "--typeRoots", join(root, "node_modules/@types")];
  const { stdout } = await run(process.execPath, [tsc, ...args, ...lib, "main.mts"], { cwd: checkout }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe("");
}, 60_000);

it.each([
  ["node16", "node16", "main.ts"],
  ["nodenext", "nodenext", "main.ts"],
  ["nodenext", "nodenext", "main.cts"],
  ["esnext", "bundler", "main.ts"],
])(
  "its types serve a program with module %s and resolution %s (%s), libraries checked too",
  async (module, resolution, file) => {
    await writeFile(join(folder, file), PROGRAM);
    const lib = ["--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--preserveSymlinks"];
    const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noEmit"];
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const args = [tsc, ...lib, ...strict, "--module", module, "--moduleResolution", resolution, file];
    const { stdout } = await run(process.execPath, args, { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe("");
  },
  60_000,
);

it("runs as an ES module and by require, loads no other package, and brings what its components import", async () => {
  const instance = await startInstance({ incidents: 20 });
  const body = `const client = createClient({ instance: process.argv[2], auth: { type: "basic", username: "admin", password: "admin" } });
    client.table("incident").list({ max: 3, fields: ["number"] }).then(({ rows }) => console.log(rows.length));`;
  await writeFile(join(folder, "run.mjs"), `import { createClient } from "servicenow-components";\n${body}`);
  await writeFile(
    join(folder, "run.cjs"),
    `const { createClient } = require("servicenow-components");\n${body}`,
  );
  for (const file of ["run.mjs", "run.cjs"])
    expect((await run(process.execPath, [file, instance.url], { cwd: folder })).stdout.trim()).toBe("3");
  await instance.stop();
  const manifest = JSON.parse(await readFile(join(root, "dist/package.json"), "utf8")) as Record<
    string,
    unknown
  >;
  expect(Object.keys(manifest["dependencies"] as object)).toEqual(["@pipedream/platform"]);
}, 60_000);
