import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Pool } from "undici";
import { attachments, bulkCreate, createClient, fetchTransport, type ServiceNow } from "../../common";
import { withInstance } from "../programs";
import { signIn } from "../torture/client";
import { otherClients } from "./client/other-clients";
import { readingInParallel } from "./client/parallel";
import { AUTH, FIELDS, lastToFirst, median, settledMemory, sum, timed } from "./client/support";
import { tokenServer, type TokenServer } from "./client/token-server";

const PAGE = 2000;

/** The client against the local instance in its own process: reading, renewing tokens, bulk writing, attachments, loading. */
export async function bench(options: { otherClients: boolean }): Promise<Record<string, unknown>> {
  const large = Number(process.env["BENCH_LARGE"] ?? 1_000_000);
  if (process.env["BENCH_PART"] === "parallel")
    return { parallel: await readingInParallel(Number(process.env["BENCH_PARALLEL_ROWS"] ?? 100_000)) };
  return {
    read100k: await reading(100_000),
    parallel: await readingInParallel(Number(process.env["BENCH_PARALLEL_ROWS"] ?? 100_000)),
    ...(large > 0 ? { readLarge: await reading(large) } : {}),
    renewal: await renewal(),
    bulk: await bulk(),
    attachment: await attachment(),
    load: await load(),
    ...(options.otherClients ? { otherClients: await otherClients() } : {}),
  };
}

/** A full read with 12 columns, beside a bare loop that asks for the same pages and parses them. */
async function reading(rows: number): Promise<Record<string, unknown>> {
  return withInstance(rows, async (url) => {
    const client = createClient({ instance: url, auth: AUTH });
    const warm = await client.table("incident").list({ fields: FIELDS, max: 5 * PAGE, pageSize: PAGE });
    const bare = await bareReader(url);
    const memoryBefore = settledMemory();
    let most = memoryBefore;
    let count = 0;
    const ours: number[] = [];
    const theirs: number[] = [];
    const pages = client.table("incident").pages({ fields: FIELDS, pageSize: PAGE });
    // Page by page in turns, so that whatever else the machine does falls on both alike.
    for (let key = ""; ;) {
      const begun = performance.now();
      const step = await pages.next();
      const between = performance.now();
      if (step.done) break;
      const { rows: got } = step.value;
      await bare.page(key, ours.length === 0);
      ours.push(between - begun);
      theirs.push(performance.now() - between);
      count += got.length;
      key = got[got.length - 1]?.sys_id ?? "";
      if (ours.length % 20 === 0) most = Math.max(most, process.memoryUsage().rss);
    }
    await bare.close();
    const total = sum(ours);
    const full = ours.slice(1, -1);
    return {
      rows: count,
      warmedRows: warm.rows.length,
      oursMs: total,
      bareMs: sum(theirs),
      ratioToBare: total / sum(theirs),
      ratioToBareMedianPage: median(full) / median(theirs.slice(1, -1)),
      rowsPerSecond: Math.round((count / total) * 1000),
      memoryGrowthMB: (most - memoryBefore) / 1e6,
      lastPagesToFirstPagesRatio: lastToFirst(full),
      bareLastPagesToFirstPagesRatio: lastToFirst(theirs.slice(1, -1)),
    };
  });
}

interface BareReader {
  page(key: string, counted: boolean): Promise<number>;
  close(): Promise<void>;
}

/** What is left when nothing is checked: ask for a page, parse it. */
async function bareReader(url: string): Promise<BareReader> {
  const pool = new Pool(url, { connections: 1 });
  const headers = { authorization: `Bearer ${await signIn(url, "admin")}`, accept: "application/json" };
  return {
    async page(key, counted) {
      const params = new URLSearchParams({
        sysparm_exclude_reference_link: "true",
        sysparm_fields: FIELDS.join(","),
        sysparm_query: `${key ? `sys_id>${key}^` : ""}ORDERBYsys_id`,
        sysparm_limit: String(PAGE),
        ...(counted ? {} : { sysparm_no_count: "true" }),
      });
      const { body } = await pool.request({
        method: "GET",
        path: `/api/now/table/incident?${params.toString()}`,
        headers,
      });
      return ((await body.json()) as { result: unknown[] }).result.length;
    },
    close: () => pool.close(),
  };
}

/** Token requests made by parallel calls, and by processes that share a store. */
async function renewal(): Promise<Record<string, unknown>> {
  const server = await tokenServer();
  const make = (): ServiceNow => createClient({ instance: server.url, auth: AUTH, concurrency: 1000 });
  const figures: Record<string, unknown> = {};
  for (const parallel of [20, 1000]) {
    const client = make();
    await client.table("incident").page();
    server.expire();
    server.asked = 0;
    await Promise.all(Array.from({ length: parallel }, () => client.table("incident").page()));
    figures[`tokenRequestsFor${parallel}ParallelCalls`] = server.asked;
  }
  const client = make();
  await client.table("incident").page();
  server.asked = 0;
  const spread = Array.from({ length: 20 }, async (_, i) => {
    await new Promise((resolve) => setTimeout(resolve, i * 30));
    await client.table("incident").page();
  });
  setTimeout(() => server.expire(), 150);
  await Promise.all(spread);
  figures["tokenRequestsAfterRevocationSpread600Ms"] = server.asked;
  figures["tokenRequestsFor6Processes"] = await processes(server);
  await server.close();
  return figures;
}

async function processes(server: TokenServer): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "client-bench-"));
  try {
    await bundle(folder);
    writeFileSync(
      join(folder, "run.mjs"),
      `import { createClient, fileStore } from "./library.mjs";
const client = createClient({ instance: process.argv[2], auth: { ...${JSON.stringify(AUTH)}, store: fileStore({ folder: ${JSON.stringify(join(folder, "tokens"))} }) } });
await Promise.all(Array.from({ length: 20 }, () => client.table("incident").page()));`,
    );
    server.expire();
    server.asked = 0;
    const run = promisify(execFile);
    await Promise.all(
      Array.from({ length: 6 }, () => run(process.execPath, [join(folder, "run.mjs"), server.url])),
    );
    return server.asked;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 1,000 creates, one by one and by batches, with 50 ms of delay on the way. */
async function bulk(): Promise<Record<string, unknown>> {
  return withInstance(100, async (url) => {
    let requests = 0;
    const plain = fetchTransport();
    const slow = createClient({
      instance: url,
      auth: AUTH,
      transport: async (request) => {
        requests++;
        await new Promise((resolve) => setTimeout(resolve, 50));
        return plain(request);
      },
    });
    await slow.table("incident").page({ limit: 1 });
    const rows = Array.from({ length: 1000 }, (_, i) => ({ short_description: `Bench ${i}` }));
    const sample = await timed(async () => {
      for (const row of rows.slice(0, 100)) await slow.table("incident").create(row);
    });
    requests = 0;
    const batched = await timed(() => bulkCreate(slow, "incident", rows));
    return {
      oneByOneMsFor1000: sample.ms * 10,
      bulkMs: batched.ms,
      timesFaster: (sample.ms * 10) / batched.ms,
      httpRequests: requests,
      created: batched.value.done,
    };
  });
}

/** 100 MB up from a stream and down into nothing. */
async function attachment(): Promise<Record<string, unknown>> {
  return withInstance(20, async (url) => {
    const client = createClient({ instance: url, auth: AUTH, timeoutMs: 300_000 });
    const record = await client.table("incident").first({ fields: ["sys_id"] });
    const files = attachments(client);
    const target = { table: "incident", record: record?.sys_id ?? "" };
    const before = settledMemory();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
    const up = await timed(() =>
      files.upload(target, { content: zeros(100 * 1024 * 1024), name: "large.bin" }),
    );
    const upGrowth = (most - before) / 1e6;
    most = before;
    const down = await timed(async () => {
      const { body } = await files.stream(up.value.sys_id);
      const reader = body.getReader();
      let bytes = 0;
      for (let next = await reader.read(); !next.done; next = await reader.read())
        bytes += next.value.byteLength;
      return bytes;
    });
    clearInterval(watch);
    return {
      upMs: up.ms,
      upMemoryMB: upGrowth,
      downMs: down.ms,
      downMemoryMB: (most - before) / 1e6,
      bytesBack: down.value,
    };
  });
}

function zeros(bytes: number): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(64 * 1024);
  let left = bytes;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(left >= chunk.length ? chunk : chunk.subarray(0, left));
      left -= chunk.length;
    },
  });
}

/** Time to import the library and the app, in a fresh process, best of five. */
async function load(): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "client-bench-"));
  try {
    await bundle(folder);
    const time = async (file: string): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const code = `const t = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - t);`;
        const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
          cwd: join(__dirname, "../.."),
        });
        times.push(Number(stdout));
      }
      return Math.min(...times);
    };
    return {
      libraryMs: await time(join(folder, "library.mjs")),
      appMs: await time(join(__dirname, "../../dist/apps/servicenow.app.mjs")),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: [join(__dirname, "../../common/index.ts")],
    outfile: join(folder, "library.mjs"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    external: ["node:*"],
    logLevel: "error",
  });
}
