import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRecord } from "../../components/prop-rules";

/** One run of the component, and what must come of it. */
interface Case {
  name: string;
  auth?: Record<string, unknown>;
  props?: Record<string, unknown>;
  /** What a source finds in its `db`. */
  db?: Record<string, unknown>;
  /** What a source with an endpoint is sent. */
  event?: Record<string, unknown>;
  /** Parts of the answer; of an error, words of its message. */
  expect: { error: string } | Record<string, unknown>;
}

export interface CaseResult {
  name: string;
  passed: boolean;
  /** What is different. */
  problem?: string;
}

/** The cases of a file beside the component: `<name>.cases.json`, or one that was named. @throws Error when it cannot be read */
export function readCases(file: string): Case[] {
  if (!existsSync(file)) return [];
  const value = JSON.parse(readFileSync(file, "utf8")) as unknown;
  if (!Array.isArray(value) || !value.every((item) => isRecord(item) && isRecord(item.expect)))
    throw new Error(`${file} takes a list of cases, each with "name", "props" and "expect".`);
  return value as Case[];
}

/** Runs the component in a process of its own and compares what came. */
export async function runCase(
  program: string[],
  file: string,
  one: Case,
  sample: unknown,
): Promise<CaseResult> {
  const folder = mkdtempSync(join(tmpdir(), "component-test-"));
  try {
    // Secrets do not stand in the list of the machine's processes.
    const given = (name: string, value: unknown): string[] => {
      const path = join(folder, `${name}.json`);
      writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
      return [`--${name}`, `@${path}`];
    };
    const db = join(folder, "db.json");
    if (one.db) writeFileSync(db, JSON.stringify({ db: one.db, dedupe: {} }));
    const { code, stdout, stderr } = await execute([
      ...[...program, file, ...given("auth", one.auth ?? {}), ...given("props", one.props ?? {})],
      ...(one.event ? given("event", one.event) : []),
      ...(one.db ? ["--db", db] : []),
    ]);
    const problem = problemOf(one, code, stdout, stderr, sample);
    return problem === undefined
      ? { name: one.name, passed: true }
      : { name: one.name, passed: false, problem };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function execute(command: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [file = process.execPath, ...args] = command;
  return new Promise((resolve) =>
    execFile(file, args, { maxBuffer: 64_000_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, stdout, stderr }),
    ),
  );
}

function problemOf(
  { expect }: Case,
  code: number,
  stdout: string,
  stderr: string,
  sample: unknown,
): string | undefined {
  if (typeof expect.error === "string") {
    if (code === 0) return `It was to fail with "${expect.error}", and did not.`;
    return stderr.includes(expect.error)
      ? undefined
      : `It failed, but not with "${expect.error}": ${stderr.trim().slice(-500)}`;
  }
  if (code !== 0) return stderr.trim().slice(-1000);
  const answer = JSON.parse(stdout) as Record<string, unknown>;
  return differenceIn(answer, expect, "") ?? sampleProblem(answer.events, sample);
}

/** Where something that is expected is missing or different; what is there beyond it does not count, but in lists. */
function differenceIn(value: unknown, expected: unknown, path: string): string | undefined {
  const at = path === "" ? "The answer" : path.slice(1);
  if (Array.isArray(expected)) {
    if (!Array.isArray(value) || value.length !== expected.length)
      return `${at} is ${shown(value)}, and not a list of ${expected.length}.`;
    return firstOf(expected.map((item, index) => differenceIn(value[index], item, `${path}.${index}`)));
  }
  if (isRecord(expected)) {
    if (!isRecord(value)) return `${at} is ${shown(value)}, and not an object.`;
    return firstOf(
      Object.entries(expected).map(([name, item]) => differenceIn(value[name], item, `${path}.${name}`)),
    );
  }
  return value === expected ? undefined : `${at} is ${shown(value)}, and not ${shown(expected)}.`;
}

/** A source's sample promises the fields of its events. */
function sampleProblem(events: unknown, sample: unknown): string | undefined {
  if (!Array.isArray(events) || !isRecord(sample)) return undefined;
  const names = Object.keys(sample);
  return firstOf(
    events.map((event: unknown, at) => {
      const data = isRecord(event) && isRecord(event.data) ? event.data : {};
      const missing = names.filter((name) => !(name in data));
      return missing.length > 0
        ? `Event ${at} lacks ${missing.join(", ")}, which the source's sample has.`
        : undefined;
    }),
  );
}

const firstOf = (problems: (string | undefined)[]): string | undefined =>
  problems.find((problem) => problem !== undefined);
const shown = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 200);
