import { createClient, fetchTransport } from "../../../common";
import { withInstance } from "../../programs";
import { AUTH, FIELDS, settledMemory, timed } from "./support";

const DELAY_MS = 200;
const PAGE = 2000;
const READERS = 8;

/** A full read over a line on which each request takes 200 ms more, by one reader and by eight; both have to see every row once. */
export async function readingInParallel(rows: number): Promise<Record<string, unknown>> {
  return withInstance(rows, async (url) => {
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
    await client.table("incident").list({ fields: FIELDS, max: 5 * PAGE, pageSize: PAGE });
    const before = settledMemory();
    const read = async (parallel: number) => {
      const ids = new Set<string>();
      let count = 0;
      let most = 0;
      for await (const page of client.table("incident").pages({ fields: FIELDS, pageSize: PAGE, parallel })) {
        for (const { sys_id: id } of page.rows) ids.add(id);
        count += page.rows.length;
        most = Math.max(most, process.memoryUsage().rss);
      }
      return { rows: count, different: ids.size, most };
    };
    const sequential = await timed(() => read(1));
    const parallel = await timed(() => read(READERS));
    return {
      delayMs: DELAY_MS,
      readers: READERS,
      rows: sequential.value.rows,
      parallelRows: parallel.value.rows,
      differentRows: parallel.value.different,
      sequentialMs: sequential.ms,
      parallelMs: parallel.ms,
      timesFaster: sequential.ms / parallel.ms,
      memoryGrowthMB: (parallel.value.most - before) / 1e6,
      moreMemoryThanSequentialMB: (parallel.value.most - sequential.value.most) / 1e6,
    };
  });
}
