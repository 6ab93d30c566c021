import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { startHost, temporaryFolder, type TestHost } from "../host";

/** Somebody writes components while the host runs. */

let folder: string;
let host: TestHost;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const action = (imports: string, body: string, key = "written-say"): string => `${imports}
export default {
  key: "${key}", name: "Say", description: "Says", version: "0.0.1", type: "action",
  props: {}, run() { return ${body}; },
};
`;
const run = async (id = "written-say"): Promise<unknown> => {
  const { body } = await host.call<{ ret?: unknown; error?: string }>(
    "POST",
    "/v1/connect/local/actions/run",
    {
      id,
      external_user_id: "local",
      configured_props: {},
    },
  );
  return body.ret ?? body.error;
};
/** Looks until the answer is the one expected, for at most 20 seconds, and gives the last. */
async function soon(expected: (value: unknown) => boolean, ask: () => Promise<unknown>): Promise<unknown> {
  let value: unknown;
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((done) => setTimeout(done, 200)))
    if (expected((value = await ask()))) return value;
  return value;
}

beforeAll(async () => {
  folder = temporaryFolder();
  write("common/words.mjs", 'export const word = "first";\n');
  write("actions/say/say.mjs", action('import { word } from "../../common/words.mjs";', "word"));
  host = await startHost({ env: { COMPONENT_PACKAGES: folder, FOLLOW_PACKAGES: "on" } });
});
afterAll(async () => {
  await host?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a changed helper and a changed component are used by the next run", async () => {
  expect(await run()).toBe("first");
  write("common/words.mjs", 'export const word = "the second word";\n');
  expect(
    await soon(
      (value) => value === "the second word",
      () => run(),
    ),
  ).toBe("the second word");
  write("actions/say/say.mjs", action('import { word } from "../../common/words.mjs";', "`${word} of mine`"));
  expect(
    await soon(
      (value) => value === "the second word of mine",
      () => run(),
    ),
  ).toBe("the second word of mine");
});

test("a syntax error is told with file and line, where the component is asked for, and mended by the next save", async () => {
  write("actions/say/say.mjs", "export default {\n  key: 'written-say',\n  oops oops\n};\n");
  const told = await soon(
    (value) => /line 3/.test(String(value)),
    () => run(),
  );
  expect(told).toMatch(/written-say could not be loaded: .*say\.mjs, line 3/);
  write("common/words.mjs", "export const word = 'fine';\n\nexport const = 1;\n");
  write("actions/say/say.mjs", action('import { word } from "../../common/words.mjs";', "word"));
  const inHelper = (value: unknown): boolean => /words\.mjs, line 3/.test(String(value));
  expect(await soon(inHelper, () => run())).toMatch(/words\.mjs, line 3/);
  const { body } = await host.call<{ data: { key: string; message: string }[] }>(
    "GET",
    "/api/component-problems",
  );
  expect(body.data.map(({ key }) => key)).toEqual(["written-say"]);
  write("actions/say/say.mjs", action("", '"mended"'));
  expect(
    await soon(
      (value) => value === "mended",
      () => run(),
    ),
  ).toBe("mended");
  expect((await host.call<{ data: unknown[] }>("GET", "/api/component-problems")).body.data).toEqual([]);
});

test("a component whose package is missing says so, and is there once it is installed", async () => {
  write("actions/greet/greet.mjs", action('import { hello } from "greeter";', "hello", "written-greet"));
  const told = await soon(
    (value) => /greeter/.test(String(value)),
    () => run("written-greet"),
  );
  expect(told).toMatch(/imports the package "greeter", which is not installed/);
  write(
    "node_modules/greeter/package.json",
    '{"name": "greeter", "type": "module", "exports": "./index.js"}',
  );
  write("node_modules/greeter/index.js", 'export const hello = "hello";\n');
  expect(
    await soon(
      (value) => value === "hello",
      () => run("written-greet"),
    ),
  ).toBe("hello");
});

test("TypeScript runs as it is written, with imports that name no extension", async () => {
  write(
    "common/typed.ts",
    "export interface Word { text: string }\nexport const typed: Word = { text: 'typed' };\n",
  );
  write(
    "actions/type/type.ts",
    action('import { typed, type Word } from "../../common/typed";', "(typed as Word).text", "written-type"),
  );
  expect(
    await soon(
      (value) => value === "typed",
      () => run("written-type"),
    ),
  ).toBe("typed");
});

test("one file is run from the command line by its path", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["-r", "ts-node/register", "scripts/component.ts", join(folder, "actions/type/type.ts")],
    { cwd: join(__dirname, "../../..") },
  );
  expect(JSON.parse(stdout)).toEqual({ result: "typed", summary: null, exports: {} });
});
