import { readImportGraph, type ImportGraph } from "../check/import-graph";

/** What helpers start as programs of their own, which no import says. */
const STARTED: Record<string, string[]> = {
  "test/helpers/instance.ts": ["instance/src/main.ts"],
  "test/host/host.ts": ["host/src/main.ts", "host/src/execution/worker/main.ts"],
};

/**
 * The suites that reach the file by imports, the nearest first. Suites that reach it only through a program they start count where they are
 * of the same part: every suite of an action starts an instance, and is no test of the instance.
 */
export function suitesThatReach(root: string, file: string): string[] {
  const graph = readImportGraph(root);
  const part = file.split("/")[0] ?? "";
  const distance = new Map<string, number>();
  for (const suite of graph.keys()) {
    if (!suite.endsWith(".test.ts") || suite.startsWith("test/browser/")) continue;
    const started = suite.startsWith(`test/${part}/`) ? STARTED : {};
    const steps = stepsTo(graph, started, suite, file);
    if (steps !== undefined) distance.set(suite, steps);
  }
  return [...distance].sort(([a, x], [b, y]) => x - y || a.localeCompare(b)).map(([suite]) => suite);
}

function stepsTo(
  graph: ImportGraph,
  started: Record<string, string[]>,
  from: string,
  to: string,
): number | undefined {
  const seen = new Set([from]);
  let front = [from];
  for (let steps = 0; front.length > 0; steps++) {
    if (front.includes(to)) return steps;
    front = front
      .flatMap((file) => [...(graph.get(file) ?? []), ...(started[file] ?? [])])
      .filter((file) => !seen.has(file) && seen.add(file));
  }
  return undefined;
}
