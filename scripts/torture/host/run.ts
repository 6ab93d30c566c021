import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inParallel, until } from "../../figures";
import type { HostClient } from "../../demo/host-client";
import { HostFolder } from "../../hosts/host-folder";
import { recordingReceiver, type RecordingReceiver } from "./receiver";
import { judgeTally, together, type Tally } from "./verdict";
import { Victims } from "./victims";

export interface HostTortureOptions {
  /** At least so long, and until the least number of kills and restarts is reached. */
  seconds: number;
  leastKills: number;
  leastRestarts: number;
  workers: number;
  sources: number;
  killEveryMs: number;
  restartEveryMs: number;
  log?: (line: string) => void;
}

export interface HostTortureResult extends Tally {
  /** Workers that were ended with `kill -9`. */
  kills: number;
  /** The database was ended so often, in order and with `kill -9` in turn. */
  databaseRestarts: number;
  seconds: number;
}

const P = "/v1/connect/local";
const INTERVAL_SECONDS = 2;
const SETTLE_MS = 300_000;

/** A host with its embedded database and further workers run sources with webhooks, while workers are killed and the database is restarted. */
export async function tortureHost(options: HostTortureOptions): Promise<HostTortureResult> {
  const log = options.log ?? (() => undefined);
  const folder = new HostFolder([join(__dirname, "../components")], { SAVE_EVENTS: "1" });
  const receiver = await recordingReceiver();
  const { program, client } = await folder.start();
  const victims = new Victims({ ...folder.env, DATABASE_URL: folder.databaseUrl });
  const began = performance.now();
  try {
    await victims.start(options.workers);
    const triggers = await deployAll(client, receiver, options.sources);
    log(`${triggers.length} sources, ${options.workers} workers beside the host`);
    const databaseRestarts = await trouble(options, folder, victims, log);
    log(
      `${victims.kills} workers killed, database ended ${databaseRestarts} times; waiting for what is left`,
    );
    await settle(client, folder, triggers);
    const tallies = await Promise.all(
      triggers.map((trigger, at) => tallyOf(folder, trigger, receiver.at(`/${at}`))),
    );
    return {
      ...together(tallies),
      kills: victims.kills,
      databaseRestarts,
      seconds: Math.round((performance.now() - began) / 1000),
    };
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    await victims.stop();
    await program.stop();
    await receiver.stop();
    await folder.remove();
  }
}

async function deployAll(client: HostClient, receiver: RecordingReceiver, count: number): Promise<string[]> {
  const ids: string[] = [];
  await inParallel(count, 4, async (at) => {
    const { data } = await client.call<{ data: { id: string } }>("POST", `${P}/triggers/deploy`, {
      id: "torture-tally",
      external_user_id: "local",
      configured_props: { timer: { intervalSeconds: INTERVAL_SECONDS } },
      webhook_url: `${receiver.url}/${at}`,
    });
    ids[at] = data.id;
  });
  return ids;
}

/** @returns how often the database was ended. */
async function trouble(
  options: HostTortureOptions,
  folder: HostFolder,
  victims: Victims,
  log: (line: string) => void,
): Promise<number> {
  const over = performance.now() + options.seconds * 1000;
  const goesOn = (done: number, least: number): boolean => performance.now() < over || done < least;
  let restarts = 0;
  const kill = async (): Promise<void> => {
    for (; goesOn(victims.kills, options.leastKills); await victims.killOne())
      await delay(options.killEveryMs);
  };
  const restart = async (): Promise<void> => {
    for (; goesOn(restarts, options.leastRestarts); restarts += 1) {
      await delay(options.restartEveryMs);
      await endDatabase(folder, restarts % 2 === 0 ? "SIGINT" : "SIGKILL", log);
    }
  };
  await Promise.all([kill(), restart()]);
  return restarts;
}

/** Ends the embedded server and waits until the host has started another. */
async function endDatabase(
  folder: HostFolder,
  signal: NodeJS.Signals,
  log: (line: string) => void,
): Promise<void> {
  const pid = folder.serverPid();
  if (pid === undefined) throw new Error("The embedded database says no process id.");
  process.kill(pid, signal);
  log(`database ended with ${signal}`);
  await until("another server", () => ![undefined, pid].includes(folder.serverPid()), 120_000);
}

/** Pauses all sources, and waits until no run goes on and no delivery waits. */
async function settle(client: HostClient, folder: HostFolder, triggers: string[]): Promise<void> {
  await inParallel(triggers.length, 4, async (at) => {
    const pause = (): Promise<boolean> =>
      client
        .call("PUT", `${P}/deployed-triggers/${triggers[at]}?external_user_id=local`, { active: false })
        .then(
          () => true,
          () => false,
        );
    await until("the pause of a source", pause, SETTLE_MS, 500);
  });
  const left = async (): Promise<boolean> => {
    const [row] = await folder.query<{ n: number }>(
      "select (select count(*) from deliveries)::int + (select count(*) from queue.job where name = 'source-runs' and state = 'active')::int as n",
    );
    return row?.n === 0;
  };
  await until("the last deliveries", left, SETTLE_MS, 500);
  await delay(500);
}

async function tallyOf(folder: HostFolder, trigger: string, received: readonly number[]): Promise<Tally> {
  const rows = await folder.query<{ n: number }>(
    "select (payload::json ->> 'n')::int as n from events where trigger_id = $1 order by seq",
    [trigger],
  );
  const [row] = await folder.query<{ n: number }>(
    "select coalesce((db::json ->> 'n')::int, 0) as n from triggers where id = $1",
    [trigger],
  );
  return judgeTally(
    row?.n ?? 0,
    rows.map(({ n }) => n),
    received,
  );
}
