import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { componentOfFile, runtimeForOne } from "./component/component-file";
import { readCases, runCase, type CaseResult } from "./component-test/cases";
import { lint, type Finding } from "./component-test/rules";

const USAGE = `Usage: servicenow-components-host test FILE … [--cases FILE] [--json]

  Checks each component against the rules of the platform's registry, and runs the cases that stand beside it in NAME.cases.json:
  a list of {"name", "auth", "props", "db", "event", "expect"}. "expect" holds parts of {"result", "summary", "exports"} or {"events"}, or
  {"error": "words"}. Exit code 1 when a rule is broken or a case fails; warnings alone change nothing.`;

/** What came of one component. */
interface Report {
  file: string;
  key: string | null;
  findings: Finding[];
  cases: CaseResult[];
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { cases: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help || positionals.length === 0) {
    console.error(USAGE);
    return values.help ? 0 : 1;
  }
  const reports: Report[] = [];
  for (const path of positionals) reports.push(await reportOn(path, values.cases));
  if (values.json) console.log(JSON.stringify({ passed: reports.every(isFine), components: reports }));
  else for (const report of reports) print(report);
  return reports.every(isFine) ? 0 : 1;
}

async function reportOn(path: string, casesFile: string | undefined): Promise<Report> {
  const file = resolve(path);
  const runtime = runtimeForOne(join(__dirname, "../host/dist/worker.mjs"));
  try {
    const component = await componentOfFile(runtime, file);
    const cases: CaseResult[] = [];
    for (const one of readCases(casesFile ?? file.replace(/\.\w+$/, ".cases.json")))
      cases.push(await runCase(program(), file, one, component.sampleEmit));
    return { file: path, key: component.key, findings: lint(component, file), cases };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { file: path, key: null, findings: [{ rule: "loads", level: "error", message }], cases: [] };
  } finally {
    runtime.stop();
  }
}

/** `component`, as it is in a package and in the repository. */
function program(): string[] {
  const built = join(__dirname, "component.mjs");
  if (existsSync(built)) return [process.execPath, built];
  return [process.execPath, "-r", "ts-node/register/transpile-only", join(__dirname, "component.ts")];
}

const isFine = ({ findings, cases }: Report): boolean =>
  findings.every(({ level }) => level !== "error") && cases.every(({ passed }) => passed);

function print({ file, key, findings, cases }: Report): void {
  console.log(`${key ?? file}`);
  for (const { rule, level, message } of findings) console.log(`  ${level} ${rule}: ${message}`);
  for (const { name, passed, problem } of cases)
    console.log(`  ${passed ? "passed" : "FAILED"} ${name}${problem ? `: ${problem}` : ""}`);
  if (findings.length === 0 && cases.length === 0) console.log("  no finding; it has no cases");
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
