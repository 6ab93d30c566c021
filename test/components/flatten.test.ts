import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");

// Processes of their own, which a busy machine starts slowly.
jest.setTimeout(120_000);

/** Runs a few lines of an ES module in a process of its own, with the build's modules at hand. */
function inNode(code: string, ...args: string[]): string {
  return execFileSync(process.execPath, ["--input-type=module", "-e", code, "--", ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const component = (object: string, rest = "") =>
  `function defineAction(a) { return a; }\nfunction defineApp(a) { return a; }\nvar app = defineApp({ type: "app" });\n${rest}var x_default = defineAction(${object});\nexport {\n  x_default as default\n};\n`;

type Flat = { code: string; object: string; error?: string };

/** Flattens all texts in one process: the compiler is slow to load. */
const flattenAll = (texts: string[]) =>
  JSON.parse(
    inNode(
      `import { flatten } from "./scripts/build/flatten.mjs";
       const each = (text) => { try { return flatten(text, "x.mjs"); } catch (error) { return { error: error.message }; } };
       console.log(JSON.stringify(JSON.parse(process.argv[1]).map(each)));`,
      JSON.stringify(texts),
    ),
  ) as Flat[];

describe("flattening a bundle", () => {
  const cases = {
    plain: component('{ key: "a-b", props: { app } }'),
    joined: component('{ description: "one " + `two` }'),
    computed: component("{ description: text() }"),
    made: component("make()"),
    selfish: component('{ key: "a" }', "var y = () => x_default;\n"),
  };
  let flat: Record<keyof typeof cases, Flat>;
  beforeAll(() => {
    const results = flattenAll(Object.values(cases));
    flat = Object.fromEntries(Object.keys(cases).map((name, index) => [name, results[index]])) as typeof flat;
  });

  it("takes the define calls away and leaves the component as a literal", () => {
    expect(flat.plain).toEqual({
      object: '{ key: "a-b", props: { app } }',
      code: 'var app = { type: "app" };',
    });
  });

  it("joins literals that were written over several lines", () => {
    expect(flat.joined.object).toBe('{ description: "one two" }');
  });

  it("refuses what the registry could not read", () => {
    expect(flat.computed.error).toMatch(/"description" must be a string literal/);
    expect(flat.made.error).toMatch(/around a plain object/);
    expect(flat.selfish.error).toMatch(/its own default export/);
  });
});

describe("the built components", () => {
  const files = ["actions", "sources"].flatMap((part) =>
    readdirSync(join(root, "dist", part)).map((name) => join(root, "dist", part, name, `${name}.mjs`)),
  );

  /** They bring a reader of HTML, or of Markdown. */
  const FORMATTED =
    /\/(get-article|create-article|update-article|add-comment|add-work-note|list-notes|new-comment-or-work-note)\//;

  it("end with a literal default export, need nothing but the platform, and stay below 190 KB", () => {
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      expect(text).toMatch(/\nexport default \{\n {2}key: "servicenow-[a-z-]+",\n {2}name: "/);
      const imports = [...text.matchAll(/^import[^;]* from ?"([^"]+)"/gm)].map((match) => match[1]);
      expect(imports.filter((name) => name !== "@pipedream/platform" && !name?.startsWith("node:"))).toEqual(
        [],
      );
      expect(statSync(file).size).toBeLessThan((FORMATTED.test(file) ? 270 : 190) * 1024);
    }
  });

  it("load in Node as they are", () => {
    const [file = ""] = files;
    const key = inNode(`console.log((await import(process.argv[1])).default.key);`, file);
    expect(key.trim()).toMatch(/^servicenow-/);
  });
});

describe("a build", () => {
  it("removes what is left of a component that is gone", () => {
    const folder = mkdtempSync(join(tmpdir(), "build-test-"));
    try {
      mkdirSync(join(folder, "actions/one"), { recursive: true });
      mkdirSync(join(folder, "actions/two"), { recursive: true });
      const code = `import { buildComponents } from "./scripts/build/components.mjs"; import fs from "node:fs";
        const at = process.argv[1];
        for (const name of ["one", "two"]) fs.writeFileSync(at + "/actions/" + name + "/" + name + ".ts",
          "const defineAction = (a: object) => a;\\nexport default defineAction({ key: \\"x-" + name + "\\" });");
        await buildComponents(at); fs.rmSync(at + "/actions/two", { recursive: true }); await buildComponents(at);
        console.log(fs.readdirSync(at + "/dist/actions").join());`;
      expect(inNode(code, folder).trim()).toBe("one");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
