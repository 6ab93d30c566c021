import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import newComment from "../../sources/new-comment-or-work-note/test-event";
import newIncident from "../../sources/new-incident/test-event";
import newOrUpdatedRecord from "../../sources/new-or-updated-record/test-event";

const root = join(__dirname, "../..");
const tree = join(__dirname, "tree");

export interface TreeFile {
  /** Below `components/servicenow/` of the registry. */
  path: string;
  text: string;
}

const EVENTS: Record<string, object> = {
  "new-incident": newIncident,
  "new-or-updated-record": newOrUpdatedRecord,
  "new-comment-or-work-note": newComment,
};
export const SOURCES = Object.keys(EVENTS);

/** Everything that a pull request to the registry adds: the sources as they are written, sample events and the manifest made for them. */
export function treeFiles(): TreeFile[] {
  const written = readdirSync(tree, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".mjs"))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(tree, path), "utf8") }));
  const events = SOURCES.map((name) => ({
    path: `sources/${name}/test-event.mjs`,
    text: `export default ${literal(EVENTS[name], "")};\n`,
  }));
  return [...written, ...events, { path: "package.json", text: manifest() }];
}

/** A value as the registry writes it: one entry a line, double quotes, commas after the last. */
function literal(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => `${inner}${literal(item, inner)},\n`);
    return items.length === 0 ? "[]" : `[\n${items.join("")}${indent}]`;
  }
  const names = Object.keys(value);
  const isQuoted = names.some((name) => !/^[A-Za-z_$][\w$]*$/.test(name));
  const entries = Object.entries(value).map(
    ([name, item]) => `${inner}${isQuoted ? JSON.stringify(name) : name}: ${literal(item, inner)},\n`,
  );
  return entries.length === 0 ? "{}" : `{\n${entries.join("")}${indent}}`;
}

function manifest(): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return `${JSON.stringify(
    {
      name: "@pipedream/servicenow",
      main: "servicenow.app.mjs",
      dependencies: { "servicenow-components": `^${version}` },
    },
    null,
    2,
  )}\n`;
}
