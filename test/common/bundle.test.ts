import { build } from "esbuild";
import { join } from "node:path";

const common = join(__dirname, "../../common");

/** Bytes of each of our files in a minified bundle of some code. */
async function bundled(
  code: string,
): Promise<{ files: Map<string, number>; imports: string[]; bytes: number }> {
  const { metafile } = await build({
    stdin: { contents: code, resolveDir: common, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    external: ["node:*"],
    write: false,
    metafile: true,
    outfile: "out.mjs",
    logLevel: "error",
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).map(
    ([path, { bytesInOutput }]) => [path.slice(path.lastIndexOf("common/") + 7), bytesInOutput] as const,
  );
  const imports = (output?.imports ?? []).map(({ path, kind }) => `${kind} ${path}`);
  return { files: new Map(files), imports, bytes: output?.bytes ?? 0 };
}

const client = 'createClient({ instance: "a", auth: { type: "basic", username: "a", password: "b" } })';

it("a program that uses tables only carries none of the other APIs", async () => {
  const { files, bytes } = await bundled(
    `import { createClient } from "./index"; console.log(${client}.table("incident"));`,
  );
  const others = [...files].filter(([name]) => /^(apis|schema|connection-check|change-feed)\b/.test(name));
  expect(others.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(200);
  // The check that every query passes is in it.
  expect(bytes).toBeLessThan(87_000);
});

it("one API brings only what it needs", async () => {
  const { files } = await bundled(
    `import { aggregate, createClient } from "./index"; aggregate(${client}, "incident");`,
  );
  const carried = [...files]
    .filter(([name, size]) => name.startsWith("apis/") && size > 50)
    .map(([name]) => name);
  // A column that an aggregate does not show is looked up, for which the description of a class may be needed.
  expect(carried.sort()).toEqual(["apis/aggregate/aggregate.ts", "apis/aggregate/check-columns.ts"]);
});

it("WM-21: attachments need nothing of Node unless a file of the disk is asked for", async () => {
  const { imports } = await bundled(
    `import { attachments, createClient } from "./index"; attachments(${client}).list();`,
  );
  expect(imports).toEqual([]);
  const withFiles = await bundled(
    `import { createClient, uploadFile } from "./index"; uploadFile(${client});`,
  );
  expect(withFiles.imports).not.toEqual([]);
  expect(withFiles.imports.every((text) => text.startsWith("dynamic-import node:"))).toBe(true);
});
