import { createClient, fetchTransport } from "../../../common";
import { rowServer } from "./row-server";
import { AUTH, FIELDS, settledMemory, timed } from "./support";

const DELAY_MS = 200;
const READERS = 8;

/** A full read over a line on which each request takes 200 ms more, by one reader and by eight; both have to see every row once. */
export async function readingInParallel(rows: number): Promise<Record<string, unknown>> {
  const server = await rowServer(rows);
  try {
    return await bothWays(server.url);
  } finally {
    server.stop();
  }
}

async function bothWays(url: string): Promise<Record<string, unknown>> {
  const plain = fetchTransport();
  const client = createClient({
    instance: url,
    auth: AUTH,
    concurrency: READERS,
    transport: async (request) => {
      await new Promise((resolve) => setTimeout(resolve, DELAY_MS));
      return plain(request);
    },
  });
  await client.table("incident").list({ fields: FIELDS, max: 5000 });
  const before = settledMemory();
  const read = async (parallel: number) => {
    const ids = new Set<string>();
    let count = 0;
    let most = 0;
    for await (const page of client.table("incident").pages({ fields: FIELDS, parallel })) {
      for (const { sys_id: id } of page.rows) ids.add(id);
      count += page.rows.length;
      most = Math.max(most, process.memoryUsage().rss);
    }
    return { rows: count, different: ids.size, most };
  };
  const sequential = await timed(() => read(1));
  const cpu = process.cpuUsage();
  const parallel = await timed(() => read(READERS));
  const { user, system } = process.cpuUsage(cpu);
  return {
    delayMs: DELAY_MS,
    readers: READERS,
    rows: sequential.value.rows,
    parallelRows: parallel.value.rows,
    differentRows: parallel.value.different,
    sequentialMs: sequential.ms,
    parallelMs: parallel.ms,
    parallelCpuMs: (user + system) / 1000,
    timesFaster: sequential.ms / parallel.ms,
    memoryGrowthMB: (parallel.value.most - before) / 1e6,
    moreMemoryThanSequentialMB: (parallel.value.most - sequential.value.most) / 1e6,
  };
}
