import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One small fault. `original` and `replacement` are code, with white space as single spaces. */
export interface Mutant {
  id: string;
  file: string;
  line: number;
  kind: string;
  original: string;
  replacement: string;
}

/** The instrumented text of each file, by path, and the faults in them. All faults are there at once and off until one is named. */
export interface Planted {
  sources: Map<string, string>;
  mutants: Mutant[];
}

/** The environment variable that switches a fault on by its id. The name is the instrumenter's. */
export const ACTIVE = "__STRYKER_ACTIVE_MUTANT__";
/** Where the instrumented code notes which faults it came across, one id a line. */
export const COVERAGE = "MUTATION_COVERAGE_FILE";
/** Names the fault for processes whose environment the host cleans. Component processes may read the folder of their program. */
export const ACTIVE_FILE = "host/dist/active-mutant";

const silent = { debug: none, info: none, warn: none, error: none, trace: none, fatal: none };
function none(): void {
  // The instrumenter reports through its logger; what it finds is in its result.
}

/** Plants StrykerJS's faults into the files. Throws when a file is not there or cannot be parsed. */
export async function plantMutants(root: string, files: string[]): Promise<Planted> {
  const { Instrumenter } = await import("@stryker-mutator/instrumenter");
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  const instrumenter = new Instrumenter({
    ...silent,
    isDebugEnabled: () => false,
    isInfoEnabled: () => false,
    isWarnEnabled: () => false,
    isErrorEnabled: () => false,
    isTraceEnabled: () => false,
    isFatalEnabled: () => false,
  });
  const result = await instrumenter.instrument(
    [...texts].map(([name, content]) => ({ name, content, mutate: true })),
    // Words of messages are for people; a test that compares each of them would only repeat them.
    { plugins: null, excludedMutations: ["StringLiteral"], ignorers: [] },
  );
  return {
    sources: new Map(result.files.map(({ name, content }) => [name, withOwnSwitch(content)])),
    mutants: result.mutants
      .filter(({ status }) => status === undefined)
      .map(({ id, fileName, location, mutatorName, replacement }) => ({
        id,
        file: fileName,
        line: location.start.line + 1,
        kind: mutatorName,
        original: plain(cut(texts.get(fileName) ?? "", location)),
        replacement: plain(replacement),
      })),
  };
}

interface Location {
  start: { line: number; column: number };
  end: { line: number; column: number };
}

function cut(text: string, { start, end }: Location): string {
  const lines = text.split("\n").slice(start.line, end.line + 1);
  lines[lines.length - 1] = (lines.at(-1) ?? "").slice(0, end.column);
  lines[0] = (lines[0] ?? "").slice(start.column);
  return lines.join("\n");
}

const plain = (code: string): string => code.replace(/\s+/g, " ").trim();

/**
 * The instrumenter's own switch reads the environment alone and counts in memory. This one also looks into the file, and writes what is
 * covered at once, since many of the processes are killed.
 */
function withOwnSwitch(content: string): string {
  const end = content.indexOf("return isActive(id);");
  const start = content.indexOf("function stryNS_9fa48");
  if (start < 0 || end < 0)
    throw new Error("The instrumenter's header is not as expected: look at scripts/mutate/plant.ts.");
  const after = content.indexOf("}", end) + 1;
  return content.slice(0, start) + SWITCH + content.slice(after);
}

const SWITCH = `
function mutation_9fa48() {
  const known = globalThis.__mutation_9fa48__;
  if (known) return known;
  const fs = process.getBuiltinModule("node:fs");
  const read = (file) => { try { return fs.readFileSync(file, "utf8").trim(); } catch { return undefined; } };
  const program = process.argv[1] ?? "";
  const active = process.env.${ACTIVE} || read(program.slice(0, program.lastIndexOf("/")) + "/active-mutant") || undefined;
  return (globalThis.__mutation_9fa48__ = { active, file: process.env.${COVERAGE}, covered: new Set(), fs });
}
function stryCov_9fa48(...ids) {
  const { file, covered, fs } = mutation_9fa48();
  if (!file) return;
  for (const id of ids) {
    if (covered.has(id)) continue;
    covered.add(id);
    try { fs.appendFileSync(file, id + "\\n"); } catch {}
  }
}
function stryMutAct_9fa48(id) {
  return mutation_9fa48().active === id;
}
`;
