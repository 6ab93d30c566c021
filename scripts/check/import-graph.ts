import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";

/**
 * Gathers all apps, actions and sources, and is imported by no component: it belongs to none of the folders.
 */
const REGISTRY = "components/registry.ts";

/** The parts of the project whose files and folders may not import each other in a circle. */
const PARTS = [
  "common",
  "components",
  "apps",
  "actions",
  "sources",
  "host/src",
  "host/web",
  "instance/src",
  "scripts",
  "test",
];

/** Which files of ours each file imports, type-only imports included. Paths are relative to the root, with `/`. */
export type ImportGraph = Map<string, Set<string>>;

/** Reads the imports of every source file below the parts. Imports of packages are left out. */
export function readImportGraph(root: string, parts: string[] = PARTS): ImportGraph {
  const graph: ImportGraph = new Map();
  for (const file of parts.flatMap((part) => sourceFiles(join(root, part)))) {
    const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
    const targets = importedFiles
      .filter(({ fileName }) => fileName.startsWith("."))
      .map(({ fileName }) => resolveImport(join(dirname(file), fileName)))
      .filter((target) => target !== undefined);
    graph.set(named(root, file), new Set(targets.map((target) => named(root, target))));
  }
  return graph;
}

const named = (root: string, file: string): string => relative(root, file).split(sep).join("/");

function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return /^(node_modules|dist|fixtures|__arrow_probe__)$/.test(entry.name) ? [] : sourceFiles(path);
    return /\.(ts|tsx|mts|mjs)$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

function resolveImport(path: string): string | undefined {
  const candidates = [
    path,
    `${path}.ts`,
    `${path}.tsx`,
    `${path}.mjs`,
    join(path, "index.ts"),
    join(path, "index.tsx"),
  ];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}

/** Groups of nodes that reach each other, each group and each node of it once (Tarjan's strongly connected components). */
function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const own = order.size;
    order.set(node, own);
    lowest.set(node, own);
    open.push(node);
    for (const next of edges.get(node) ?? []) {
      const reached = order.has(next) ? (open.includes(next) ? order.get(next) : undefined) : visit(next);
      if (reached !== undefined) lowest.set(node, Math.min(lowest.get(node) ?? own, reached));
    }
    if (lowest.get(node) === own) {
      const group = open.splice(open.indexOf(node));
      if (group.length > 1) found.push(group.sort());
    }
    return lowest.get(node) ?? own;
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return found.sort();
}

/**
 * The same graph between folders: an import counts for the two folders below the deepest folder that holds both files. A folder's own
 * files and the folders inside of it are not told apart that way, since they are its foundation and its front at once.
 */
function folderGraph(graph: ImportGraph): Map<string, Map<string, string[]>> {
  const folders = new Map<string, Map<string, string[]>>();
  for (const [file, targets] of graph)
    for (const target of file === REGISTRY ? [] : targets) {
      const [from, to] = folderPair(file, target);
      if (from === undefined || to === undefined) continue;
      const imports = folders.get(from) ?? new Map<string, string[]>();
      folders.set(from, imports.set(to, [...(imports.get(to) ?? []), `${file} imports ${target}`]));
    }
  return folders;
}

function folderPair(file: string, target: string): [string?, string?] {
  const from = file.split("/").slice(0, -1);
  const to = target.split("/").slice(0, -1);
  const shared = from.findIndex((name, at) => name !== to[at]);
  if (shared === -1 || to.length <= shared) return [];
  return [from.slice(0, shared + 1).join("/"), to.slice(0, shared + 1).join("/")];
}

/** What is wrong with the imports below `root`: one line for each circle of files and of folders, with an import for each step. */
export function importProblems(root: string, parts: string[] = PARTS): string[] {
  const graph = readImportGraph(root, parts);
  const folders = folderGraph(graph);
  const folderEdges = new Map([...folders].map(([folder, imports]) => [folder, new Set(imports.keys())]));
  return [
    ...circles(graph).map((files) => `These files import each other: ${files.join(", ")}`),
    ...circles(folderEdges).map((group) => {
      const imports = group.flatMap((from) =>
        group.map((to) => folders.get(from)?.get(to)).filter((list) => list !== undefined),
      );
      const shown = imports.map(
        (list) => `${list[0]}${list.length > 1 ? ` and ${list.length - 1} more` : ""}`,
      );
      return `These folders import each other: ${group.join(", ")} (${shown.join("; ")})`;
    }),
  ];
}
