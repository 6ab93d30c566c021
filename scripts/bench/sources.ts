import { createFeed, type SavedFeedState, type ReadPage } from "../../common/change-feed";
import { createClient, fetchTransport } from "../../common";
import { pageReader } from "../../sources/common/feed";
import { withInstance } from "../programs";
import { Client, signIn } from "../torture/client";
import { median } from "./client/support";
import { deployedSources } from "./deployed/servicenow";

const FIELDS = [
  "sys_id",
  "number",
  "short_description",
  "state",
  "sys_updated_on",
  "sys_created_on",
  "sys_mod_count",
];
const PAGE = 1_000;
const ROUNDS = 7;

/** The bare loop: pages by keyset over the time and sys_id, nothing done with them. */
async function bareLoop(read: ReadPage): Promise<{ rows: number; ms: number }> {
  const began = performance.now();
  let rows = 0;
  let behind = "";
  for (;;) {
    const page = await read({
      query: `${behind}ORDERBYsys_updated_on^ORDERBYsys_id`,
      fields: FIELDS,
      limit: PAGE,
    });
    rows += page.rows.length;
    const last = page.rows.at(-1);
    if (!last || page.rows.length < PAGE) return { rows, ms: performance.now() - began };
    const time = String(last.sys_updated_on);
    behind = `sys_updated_on>=${time}^sys_updated_on>${time}^ORsys_id>${String(last.sys_id)}^`;
  }
}

/**
 * Drain rate of the change feed against the bare page loop, the cost of an idle poll, and deployed sources on one host. `BENCH_RECORDS`:
 * default 100,000; `BENCH_SOURCES`: default 1,000; `BENCH_MS`: how long the deployed ones are watched, default three minutes.
 */
export async function bench(): Promise<Record<string, unknown>> {
  const feed = await benchFeed(Number(process.env.BENCH_RECORDS ?? 100_000));
  const sources = Number(process.env.BENCH_SOURCES ?? 1000);
  if (sources === 0) return feed;
  return { ...feed, deployed: await deployedSources(sources, Number(process.env.BENCH_MS ?? 180_000)) };
}

async function benchFeed(records: number): Promise<Record<string, unknown>> {
  return withInstance(records, async (url) => {
    const admin = await Client.signIn(url, "admin");
    await admin.send("GET", "/api/now/table/incident?sysparm_limit=1");
    let requests = 0;
    let bytes = 0;
    const plain = fetchTransport();
    const client = createClient({
      instance: url,
      auth: { type: "token", token: await signIn(url, "admin") },
      transport: async (request) => {
        requests++;
        const answer = await plain(request);
        bytes +=
          JSON.stringify(answer.headers).length + (typeof answer.body === "string" ? answer.body.length : 0);
        return answer;
      },
    });
    const read = pageReader(client, "incident");

    let state: SavedFeedState | undefined;
    let emitted = 0;
    const feed = createFeed({
      read,
      load: () => (state === undefined ? undefined : structuredClone(state)),
      save: (saved) => void (state = saved),
      emit: (versions) => void (emitted += versions.length),
      instance: url,
      table: "incident",
      column: "sys_updated_on",
      fields: FIELDS,
      budget: { rows: Infinity, requests: Infinity, seconds: Infinity },
    });
    const drain = async () => {
      emitted = 0;
      await feed.start({ first: 0, since: 0 });
      const began = performance.now();
      while ((await feed.poll()).waiting !== 0);
      return performance.now() - began;
    };
    // By turns, and the middle of each: a machine has slow moments, and one run of either says little.
    const bareMs: number[] = [];
    const drainsMs: number[] = [];
    const { rows } = await bareLoop(read);
    await drain();
    for (let round = 0; round < ROUNDS; round++) {
      bareMs.push((await bareLoop(read)).ms);
      drainsMs.push(await drain());
    }
    const [bare, drained] = [median(bareMs), median(drainsMs)];

    [requests, bytes] = [0, 0];
    const cpu = process.cpuUsage();
    const idles = 50;
    for (let round = 0; round < idles; round++) await feed.poll();
    const spent = process.cpuUsage(cpu);
    return {
      drain: {
        records: emitted,
        rowsPerSecond: (emitted / drained) * 1000,
        bareRowsPerSecond: (rows / bare) * 1000,
        ratioToBareLoop: emitted / drained / (rows / bare),
      },
      idlePoll: {
        requests: requests / idles,
        answerBytes: bytes / idles,
        cpuMs: (spent.user + spent.system) / 1000 / idles,
      },
    };
  });
}
