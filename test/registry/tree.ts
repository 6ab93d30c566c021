import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { treeFiles } from "../../scripts/registry/tree-files";
import { root } from "./source-in-process";

/** An app file as the registry has one: its own, with the prop definitions that the sources take from it. */
const APP = `export default {
  type: "app",
  app: "servicenow",
  propDefinitions: {
    table: { type: "string", label: "Table", description: "The table" },
  },
  methods: {},
};
`;

/** The tree of a pull request in the place it is for: beside the registry's app file, with the one package it depends on. */
export function registryFolder(): { folder: string; source(name: string): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "registry-"));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const { path, text } of treeFiles()) write(path, text);
  write("servicenow.app.mjs", APP);
  const library = "node_modules/servicenow-components";
  write(
    `${library}/package.json`,
    JSON.stringify({ type: "module", exports: { "./polling": "./polling.mjs" } }),
  );
  copyFileSync(join(root, "dist/polling.mjs"), join(folder, library, "polling.mjs"));
  mkdirSync(join(folder, "node_modules/@pipedream"));
  symlinkSync(
    join(root, "node_modules/@pipedream/platform"),
    join(folder, "node_modules/@pipedream/platform"),
  );
  return {
    folder,
    source: (name) => join(folder, `sources/${name}/${name}.mjs`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
