import { basename } from "node:path";
import { readImportGraph, type ImportGraph } from "../check/import-graph";

/** Component processes may write nowhere, so they cannot say what they come across. */
const COMPONENT_PROCESS = "host/src/execution/worker/main.ts";
/** What helpers start as programs of their own, which no import says. */
const STARTED: Record<string, string[]> = {
  "test/helpers/instance.ts": ["instance/src/main.ts"],
  "test/host/host.ts": ["host/src/main.ts", COMPONENT_PROCESS],
};
const STARTERS = ["scripts/programs.ts", ...Object.keys(STARTED)];

/** The suites that reach a file, so many of each kind at most, each list with the nearest first: by a direct import or name, by folder, by imports. */
export interface ReachingSuites {
  inProcess: string[];
  startPrograms: string[];
  /** Whether the faults of the file may be in processes that do not say which of them they come across. */
  uncounted: boolean;
}

/**
 * Suites that reach the file only through a program they start count where they are of the same part: every suite of an action starts an
 * instance, and is no test of the instance.
 */
export function suitesThatReach(root: string, file: string, atMost = Infinity): ReachingSuites {
  const graph = readImportGraph(root);
  const part = file.split("/")[0] ?? "";
  const found: { suite: string; steps: number; inProcess: boolean }[] = [];
  for (const suite of graph.keys()) {
    if (!suite.endsWith(".test.ts") || suite.startsWith("test/browser/")) continue;
    const steps = stepsTo(graph, suite.startsWith(`test/${part}/`) ? STARTED : {}, suite, file);
    if (steps === undefined) continue;
    const inProcess = STARTERS.every((starter) => stepsTo(graph, {}, suite, starter) === undefined);
    found.push({ suite, steps, inProcess });
  }
  const near = ({ suite, steps }: (typeof found)[number]): number =>
    steps === 1 || basename(suite, ".test.ts") === basename(file, ".ts")
      ? Infinity
      : sharedFolders(suite.slice("test/".length), file.replace("/src/", "/"));
  found.sort((a, b) => {
    const [x, y] = [near(a), near(b)];
    return x === y ? a.steps - b.steps || a.suite.localeCompare(b.suite) : y - x;
  });
  const nearest = (kind: (one: (typeof found)[number]) => boolean): string[] =>
    found
      .filter(kind)
      .slice(0, atMost)
      .map(({ suite }) => suite);
  return {
    inProcess: nearest((one) => one.inProcess),
    startPrograms: nearest((one) => !one.inProcess),
    uncounted: stepsTo(graph, {}, COMPONENT_PROCESS, file) !== undefined,
  };
}

function sharedFolders(a: string, b: string): number {
  const [x, y] = [a.split("/").slice(0, -1), b.split("/").slice(0, -1)];
  const differs = x.findIndex((name, at) => name !== y[at]);
  return differs < 0 ? x.length : differs;
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
