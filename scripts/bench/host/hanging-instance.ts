import { setTimeout as delay } from "node:timers/promises";
import { deploy, deployCounter, withHost, type BenchHost } from "./bench-host";
import { until } from "../../figures";

const HANGING = 5;
const INTERVAL_SECONDS = 2;
const WATCHED_MS = 40_000;

/** Five triggers of one account wait for an instance that never answers; another user's trigger polls each two seconds. */
export function measureHangingInstance(): Promise<Record<string, unknown>> {
  return withHost(async ({ client, query }) => {
    const { id } = await client.call<{ id: string }>(
      "POST",
      "/v1/connect/local/accounts?external_user_id=slow",
      {
        app_slug: "conformance",
        cfmap_json: { api_key: "k-123456" },
      },
    );
    for (let at = 0; at < HANGING; at += 1)
      await deploy(
        client,
        "conformance-hanging",
        { conformance: { authProvisionId: id }, timer: { intervalSeconds: 1 } },
        { external_user_id: "slow" },
      );
    const trigger = await deployCounter(
      client,
      { perRun: 1, timer: { intervalSeconds: INTERVAL_SECONDS } },
      { external_user_id: "quick" },
    );
    await until("the first poll", async () => (await pollTimes(query, trigger)).length > 0);
    await delay(WATCHED_MS);
    const times = await pollTimes(query, trigger);
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
    return {
      paceBesideHangingInstance: {
        polls: times.length,
        expectedPolls: Math.floor(WATCHED_MS / 1000 / INTERVAL_SECONDS) + 1,
        longestGapMs: Math.max(...gaps),
      },
    };
  });
}

async function pollTimes(query: BenchHost["query"], trigger: string): Promise<number[]> {
  const rows = await query<{ at: string }>(
    "select started_at as at from runs where trigger_id = $1 and kind = 'poll' order by 1",
    [trigger],
  );
  return rows.map(({ at }) => Number(at));
}
