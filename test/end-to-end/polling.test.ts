import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HostClient } from "../../scripts/demo/host-client";
import { inParallel, InstanceWriter } from "../../scripts/demo/instance-writer";
import { connectAccount, deployRecordTrigger, pollOnce } from "../../scripts/demo/steps";
import { judge } from "../../scripts/demo/verdict";
import { startProgram, type Program } from "../../scripts/programs";
import { startInstance, type RunningInstance } from "../helpers/instance";
import { countingProxy, type CountingProxy } from "./counting-proxy";

jest.setTimeout(300_000);

describe("a deployed trigger, from the host to the instance", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "end-to-end-"));
  let instance: RunningInstance;
  let proxy: CountingProxy;
  let host: Program;
  let client: HostClient;
  let writer: InstanceWriter;
  let account: { id: string };

  const startHost = async (): Promise<void> => {
    host = await startProgram("host", ["--port", "0"], { DATA_DIR: dataDir });
    client = new HostClient(host);
  };

  beforeAll(async () => {
    instance = await startInstance({ incidents: 100 });
    proxy = await countingProxy(instance.url);
    writer = new InstanceWriter(instance.url);
    await startHost();
    account = await connectAccount(client, proxy.url);
  });

  afterAll(async () => {
    await host?.stop();
    await proxy?.stop();
    await instance?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("asks the instance once when nothing has changed", async () => {
    const trigger = await deployRecordTrigger(client, account.id);
    await pollOnce(client, trigger);
    const before = (await client.events(trigger)).length;
    proxy.forget();
    await pollOnce(client, trigger);
    expect(proxy.seen).toHaveLength(1);
    expect(proxy.seen[0]).toMatch(/^\/api\/now\/table\/incident\?/);
    expect((await client.events(trigger)).length).toBe(before);
  });

  it("drains 10,000 changed records over several polls, a kill -9 between and within them, and loses and doubles none", async () => {
    const trigger = await deployRecordTrigger(client, account.id, {
      responseFields: ["number", "short_description"],
    });
    const creates = Array.from(
      { length: 10_000 },
      (_, at) => () => writer.create({ short_description: `Drained ${at}` }),
    );
    await inParallel(creates, 16);
    const written = new Set(writer.log.map((version) => version.sys_id));
    const arrived = async () =>
      (await client.events(trigger)).filter(({ e }) => written.has(String(e.sys_id)));

    let polls = 0;
    let killed = 0;
    for (let before = -1; polls < 60; polls += 1) {
      if (polls === 1 || polls === 3) {
        // A poll is under way when the host dies; what it had committed stays, what it had not is read again.
        const dying = pollOnce(client, trigger).catch(() => undefined);
        await proxyHasSeen(proxy, 2);
        host.process.kill("SIGKILL");
        await Promise.all([host.exited, dying]);
        await startHost();
        killed += 1;
      } else {
        await pollOnce(client, trigger);
      }
      proxy.forget();
      // What was young settles: the instance's clock, not ours, decides.
      await instance.control("POST", "clock", { advanceSeconds: 90 });
      const now = (await arrived()).length;
      if (now === before && now >= written.size) break;
      before = now;
    }

    expect(killed).toBe(2);
    expect(polls).toBeGreaterThan(2);
    expect(judge(writer.log, await arrived())).toEqual({
      written: 10_000,
      emitted: 10_000,
      coalesced: 0,
      lost: 0,
      doubled: 0,
      unknown: 0,
      outOfOrder: 0,
    });
  });
});

/** Resolves once the proxy has noted that many requests, or the time for a poll has passed. */
async function proxyHasSeen(proxy: CountingProxy, count: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (proxy.seen.length < count && Date.now() < deadline) await new Promise((soon) => setTimeout(soon, 5));
}
