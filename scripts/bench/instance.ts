import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../programs";

const incidents = Number(process.env.BENCH_INCIDENTS ?? 1_000_000);
const authorization = `Basic ${Buffer.from("admin:admin").toString("base64")}`;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

interface Answer {
  milliseconds: number;
  bytes: number;
  text: string;
}

/** Seeds a million incidents into a file and measures what the instance does with them. */
export async function bench(): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "instance-bench-"));
  const file = join(folder, "instance.sqlite");
  const args = ["--port", "0", "--seed", "demo", "--incidents", String(incidents), "--data", file];
  try {
    const started = performance.now();
    const seeding = await startProgram("instance", args);
    const seedSeconds = (performance.now() - started) / 1000;
    await seeding.stop();
    const fileBytes = statSync(file).size;

    const instance = await startProgram("instance", args);
    const peak = watchMemory(instance.process.pid!);
    const send = (path: string, method = "GET", body?: string) => call(instance.url, path, method, body);
    try {
      return {
        incidents,
        seedSeconds,
        fileBytes,
        ...(await pages(send, () => cpuSeconds(instance.process.pid!))),
        ...(await singles(send, () => cpuSeconds(instance.process.pid!))),
        peakMemoryBytes: peak(),
      };
    } finally {
      await instance.stop();
    }
  } finally {
    agent.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Send = (path: string, method?: string, body?: string) => Promise<Answer>;

/** Pages of 1,000 full incidents: keyset at both ends of the table, and by offset; then a run of 50 pages. */
async function pages(send: Send, cpu: () => number): Promise<Record<string, unknown>> {
  const page = (after: string, more = "") =>
    send(
      `/api/now/table/incident?sysparm_limit=1000&sysparm_query=sys_id>${after}^ORDERBYsys_id&sysparm_no_count=true${more}`,
    );
  const median = async (make: () => Promise<Answer>): Promise<number> => {
    await make();
    const times: number[] = [];
    for (let at = 0; at < 9; at += 1) times.push((await make()).milliseconds);
    return times.sort((a, b) => a - b)[4]!;
  };
  // sys_ids are evenly spread, so this leaves about two pages.
  const nearEnd = Math.floor((1 - 2000 / incidents) * 0xffffff)
    .toString(16)
    .padStart(6, "0");
  const keysetStartMs = await median(() => page("0"));
  const keysetEndMs = await median(() => page(nearEnd));
  const updated = (from: string) =>
    send(
      `/api/now/table/incident?sysparm_limit=1000&sysparm_no_count=true&sysparm_query=${encodeURIComponent(`sys_updated_on=${from}^sys_id>5^NQsys_updated_on>${from}^ORDERBYsys_updated_on^ORDERBYsys_id`)}`,
    );
  const feedStartMs = await median(() => updated("2024-01-03 08:00:00"));
  const feedEndMs = await median(() => updated("2025-11-01 08:00:00"));
  const offsetStartMs = await median(() => page("0", "&sysparm_offset=0"));
  const offsetEndMs = await median(() => page("0", `&sysparm_offset=${Math.floor(incidents * 0.95)}`));

  let after = "0";
  let rows = 0;
  const started = performance.now();
  const cpuBefore = cpu();
  for (let at = 0; at < 50; at += 1) {
    const { text } = await page(after);
    rows += 1000;
    after = /"sys_id":"([0-9a-f]{32})"/.exec(text.slice(text.lastIndexOf('{"sys_id":')))?.[1] ?? "g";
  }
  const rowsPerSecond = rows / ((performance.now() - started) / 1000);
  const rowsPerCpuSecond = rows / (cpu() - cpuBefore);
  const counted = await send("/api/now/table/incident?sysparm_limit=1&sysparm_query=active=true^priority=2");
  return {
    keysetStartMs,
    keysetEndMs,
    keysetRatio: Math.max(keysetStartMs, keysetEndMs) / Math.min(keysetStartMs, keysetEndMs),
    feedStartMs,
    feedEndMs,
    offsetStartMs,
    offsetEndMs,
    rowsPerSecond,
    rowsPerCpuSecond,
    filteredCountMs: counted.milliseconds,
  };
}

/** Reads and inserts of single records, eight at a time. */
async function singles(send: Send, cpu: () => number): Promise<Record<string, unknown>> {
  const { text } = await send(
    "/api/now/table/incident?sysparm_limit=500&sysparm_fields=sys_id&sysparm_no_count=true",
  );
  const ids = (JSON.parse(text) as { result: { sys_id: string }[] }).result.map((row) => row.sys_id);
  const rates = async (
    name: string,
    count: number,
    make: (at: number) => Promise<Answer>,
  ): Promise<Record<string, number>> => {
    let next = 0;
    const started = performance.now();
    const cpuBefore = cpu();
    const lane = async (): Promise<void> => {
      for (let at = next++; at < count; at = next++) await make(at);
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    return {
      [`${name}PerSecond`]: count / ((performance.now() - started) / 1000),
      [`${name}PerCpuSecond`]: count / (cpu() - cpuBefore),
    };
  };
  const read = (at: number) => send(`/api/now/table/incident/${ids[at % ids.length]}`);
  const insert = (at: number) =>
    send(
      "/api/now/table/incident",
      "POST",
      JSON.stringify({ short_description: `Measured ${at}`, urgency: "2" }),
    );
  await rates("warmUp", 500, read);
  return { ...(await rates("reads", 5000, read)), ...(await rates("inserts", 3000, insert)) };
}

/** Processor time the instance has used: what a figure would be on a machine with nothing else to do. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function call(url: string, path: string, method: string, body?: string): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(
      url + path,
      {
        method,
        agent,
        headers: {
          authorization,
          accept: "application/json",
          ...(body ? { "content-type": "application/json" } : {}),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const milliseconds = performance.now() - started;
          const bytes = Buffer.concat(chunks);
          if (response.statusCode! >= 300)
            reject(new Error(`${method} ${path}: HTTP ${response.statusCode}`));
          else resolve({ milliseconds, bytes: bytes.length, text: bytes.toString("utf8") });
        });
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

/** The most memory the process ever held, from the system's own account. */
function watchMemory(pid: number): () => number {
  return () => {
    const status = `/proc/${pid}/status`;
    if (existsSync(status))
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, "utf8"))?.[1] ?? 0) * 1024;
    return (
      Number(
        execFileSync("ps", ["-o", "rss=", "-p", String(pid)])
          .toString()
          .trim(),
      ) * 1024
    );
  };
}
