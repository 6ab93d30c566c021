import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "../..");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "windmill/README.md",
  ...["docs", "docs/decisions"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
];
const text = (document: string): string => readFileSync(join(root, document), "utf8");

/** The code blocks of a document in this language, in order, with the line of each. */
function blocks(document: string, language: string): { line: number; code: string }[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...text(document).matchAll(fence)].map((match) => ({
    line: text(document).slice(0, match.index).split("\n").length,
    code: match[1] ?? "",
  }));
}

it.each(documents)("%s links to files that are there", (document) => {
  const targets = [...text(document).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(
    ([, target]) => target ?? "",
  );
  expect(targets.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
});

it.each(documents)("%s names commands that there are", (document) => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const named = [...text(document).matchAll(/\bnpm (?:run )?(start|test|(?<=run )[a-z][a-z-]+)/g)].map(
    ([, name]) => name ?? "",
  );
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

describe("samples in TypeScript", () => {
  const samples = documents.flatMap((document) =>
    blocks(document, "ts").map(({ line, code }) => ({ place: `${document}:${line}`, code })),
  );
  const library = join(root, "common/index.ts");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.esnext.disposable.d.ts"],
    types: ["node"],
    paths: { "servicenow-components": [library] },
    baseUrl: root,
  };

  /** What the compiler says of the files of this content, by path. */
  function complaints(files: Map<string, string>): Map<string, ts.Diagnostic[]> {
    const host = ts.createCompilerHost(options);
    const read = host.readFile.bind(host);
    const exists = host.fileExists.bind(host);
    const parse = host.getSourceFile.bind(host);
    host.readFile = (path) => files.get(path) ?? read(path);
    host.fileExists = (path) => files.has(path) || exists(path);
    host.getSourceFile = (path, version) => {
      const code = files.get(path);
      return code === undefined ? parse(path, version) : ts.createSourceFile(path, code, version);
    };
    const program = ts.createProgram([...files.keys(), library], options, host);
    return new Map(
      [...files.keys()].map((path) => [
        path,
        [...ts.getPreEmitDiagnostics(program, program.getSourceFile(path))],
      ]),
    );
  }

  /** The names that a block takes for granted: those of the library are imported, `client` is one, others may be anything. */
  function prelude(code: string, diagnostics: ts.Diagnostic[], exported: Set<string>): string {
    const free = new Set(
      diagnostics
        .filter(({ code: number }) => number === 2304 || number === 18004 || number === 2552)
        .map(({ start = 0, length = 0 }) => code.slice(start, start + length)),
    );
    return [...free]
      .map((name) => {
        if (name !== "client" && exported.has(name))
          return `import { ${name} } from "servicenow-components";`;
        return `declare const ${name}: ${name === "client" ? `ReturnType<typeof import("servicenow-components").createClient>` : "any"};`;
      })
      .join(" ");
  }

  it("fit the library they use", () => {
    const path = (index: number) => join(root, `.sample-${index}.ts`);
    const bare = new Map(samples.map(({ code }, index) => [path(index), `${code}\nexport {};\n`]));
    const first = complaints(bare);
    const exported = new Set(
      [...readFileSync(library, "utf8").matchAll(/\b(\w+)\b/g)].map(([, name]) => name ?? ""),
    );
    const full = new Map(
      [...bare].map(([file, code]) => [file, `${prelude(code, first.get(file) ?? [], exported)}${code}`]),
    );
    const wrong = [...complaints(full)].flatMap(([file, diagnostics]) =>
      diagnostics.map(({ messageText }) => {
        const { place } = samples.find((_, index) => path(index) === file) ?? { place: file };
        return `${place}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
      }),
    );
    expect(wrong).toEqual([]);
    expect(samples.length).toBeGreaterThanOrEqual(6);
  }, 120_000);
});

describe("the README's shell block", () => {
  async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    return port;
  }

  it("creates an incident as it is pasted, on a port that is free here", async () => {
    const block = blocks("README.md", "sh").find(({ code }) => code.includes("npm run component"));
    const script = (block?.code ?? "").replaceAll("3001", String(await freePort()));
    // A terminal keeps what runs in the background; here it ends with the block.
    // A level in the environment would win over the repository's own .npmrc.
    const { npm_config_loglevel: _, ...env } = process.env;
    const shell = spawn("bash", ["-c", script], {
      cwd: root,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    shell.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    shell.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((done) => shell.once("exit", done));
    if (shell.pid) process.kill(-shell.pid, "SIGTERM");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>);
    expect(lines.at(-1)?.result).toMatchObject({ short_description: "Cannot log in" });
  }, 120_000);
});
