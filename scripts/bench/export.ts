import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { withInstance } from "../programs";
import { signIn } from "../torture/client";

const root = join(__dirname, "../..");
const EVERY_MS = 200;

/** What the exporting process says when it is done: its memory over time in bytes, and what the action returned. */
interface Run {
  memory: number[];
  result: { path: string; rows: number };
  ms: number;
}

/** The built action in a process of its own, as a platform runs it, with an eye on its memory. */
const PROGRAM = `
  const [file, props] = process.argv.slice(1);
  const { default: action } = await import(file);
  const servicenow = { $auth: JSON.parse(process.env.EXPORT_AUTH) };
  for (const [name, method] of Object.entries(action.props.servicenow.methods)) servicenow[name] = method.bind(servicenow);
  const memory = [];
  const timer = setInterval(() => memory.push(process.memoryUsage().rss), ${EVERY_MS});
  const start = performance.now();
  const result = await action.run.call({ servicenow, ...JSON.parse(props) }, { $: { export() {} } });
  clearInterval(timer);
  console.log(JSON.stringify({ memory, result, ms: performance.now() - start }));
`;

function exportRun(url: string, token: string, props: Record<string, unknown>): Promise<Run> {
  const action = join(root, "dist/actions/export-records/export-records.mjs");
  const child = spawn(
    process.execPath,
    ["--input-type=module", "-e", PROGRAM, action, JSON.stringify(props)],
    {
      cwd: root,
      env: {
        ...process.env,
        EXPORT_AUTH: JSON.stringify({ instance_name: url, oauth_access_token: token }),
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let said = "";
  child.stdout.on("data", (part: Buffer) => (said += part.toString()));
  return new Promise((resolve, reject) =>
    child.once("close", (code) =>
      code === 0
        ? resolve(JSON.parse(said) as Run)
        : reject(new Error(`The export ended with exit code ${code}.`)),
    ),
  );
}

/** Lines of a file, read as a stream. */
async function linesOf(path: string): Promise<number> {
  let lines = 0;
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>)
    for (const byte of part) if (byte === 10) lines++;
  return lines;
}

const MB = 1024 * 1024;

/**
 * Export Records as CSV and as JSON: rows against lines of the file, rows per second, and the memory of the process, which must not grow with
 * the rows. `BENCH_RECORDS`: default 20,000.
 */
export async function bench(): Promise<Record<string, unknown>> {
  const records = Number(process.env.BENCH_RECORDS ?? 20_000);
  return withInstance(records, async (url) => {
    const figures: Record<string, unknown> = {};
    const token = await signIn(url, "admin");
    // CSV has a line for its head, JSON one for each bracket.
    for (const [format, besides] of [
      ["csv", 1],
      ["json", 2],
    ] as const) {
      const { memory, result, ms } = await exportRun(url, token, {
        table: "incident",
        format,
        fileName: `export-bench.${format}`,
      });
      const half = Math.floor(memory.length / 2);
      const peak = (part: number[]) => Math.round(Math.max(0, ...part) / MB);
      figures[format] = {
        rows: result.rows,
        rows_and_lines_agree:
          (await linesOf(result.path)) === result.rows + besides && result.rows >= records,
        rows_per_second: Math.round((result.rows / ms) * 1000),
        peak_rss_first_half_mb: peak(memory.slice(0, half)),
        peak_rss_second_half_mb: peak(memory.slice(half)),
      };
      await rm(result.path, { force: true });
    }
    return figures;
  });
}
