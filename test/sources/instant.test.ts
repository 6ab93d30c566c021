import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HostClient } from "../../scripts/demo/host-client";
import { connectAccount, pollOnce } from "../../scripts/demo/steps";
import { startProgram, type Program } from "../../scripts/programs";
import { startInstance, type RunningInstance } from "../helpers/instance";
import { DeliveryProxy, type Delivery } from "./delivery-proxy";
import { Writer } from "./platform";

jest.setTimeout(180_000);

// Three processes: the instance, whose business rule calls the host's endpoint; the host, which runs the built source; and this one.
describe("New Record Event (Instant), deployed", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "instant-"));
  let instance: RunningInstance;
  let proxy: DeliveryProxy;
  let host: Program;
  let client: HostClient;
  let writer: Writer;
  let trigger: string;

  const startHost = async () => {
    host = await startProgram("host", ["--port", "0"], { DATA_DIR: dataDir, PUBLIC_URL: proxy.url });
    proxy.target = host.url;
    client = new HostClient(host);
  };

  beforeAll(async () => {
    instance = await startInstance({ incidents: 30 });
    writer = await Writer.at(instance.url);
    proxy = await DeliveryProxy.start();
    await startHost();
    const account = await connectAccount(client, instance.url);
    const answer = await client.call<{ data: { id: string } }>("POST", "/v1/connect/local/triggers/deploy", {
      id: "servicenow-new-record-event-instant",
      external_user_id: "local",
      configured_props: {
        servicenow: { authProvisionId: account.id },
        timer: { intervalSeconds: 86_400 },
        table: "incident",
        query: "short_descriptionSTARTSWITHinstant",
        fields: ["short_description"],
      },
    });
    trigger = answer.data.id;
  });
  afterAll(async () => {
    await host?.stop();
    await proxy?.stop();
    await instance?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const rules = () =>
    writer.rows("sys_script", "nameSTARTSWITHEvent source", ["active", "collection", "when"]);
  const events = async (sysId: string | undefined) =>
    (await client.events(trigger))
      .filter(({ e }) => e.sys_id === sysId)
      .map(({ e }) => `${String(e.change)} ${String(e.short_description ?? e.display_value)}`);
  /** The events of a record, once there are so many. */
  const eventually = async (sysId: string | undefined, count: number) => {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const found = await events(sysId);
      if (found.length >= count || Date.now() > deadline) return found;
      await new Promise((soon) => setTimeout(soon, 50));
    }
  };
  const delivered = async (count: number): Promise<Delivery[]> => {
    const deadline = Date.now() + 20_000;
    while (proxy.deliveries.length < count && Date.now() < deadline)
      await new Promise((soon) => setTimeout(soon, 20));
    return proxy.deliveries;
  };

  test("has made one active rule", async () => {
    expect(await rules()).toEqual([{ active: "true", collection: "incident", when: "async" }]);
  });

  test("emits a creation, a change and a deletion that the rule announces, without a poll", async () => {
    const a = await writer.create("incident", { short_description: "instant one" });
    expect(await eventually(a.sys_id, 1)).toEqual(["created instant one"]);
    await writer.update("incident", a.sys_id, { short_description: "instant one, changed" });
    expect(await eventually(a.sys_id, 2)).toEqual(["created instant one", "updated instant one, changed"]);
    await writer.remove("incident", a.sys_id);
    expect(await eventually(a.sys_id, 3)).toContain(`deleted ${a.number}`);
  });

  test("is not called for records that do not meet the query", async () => {
    const before = proxy.deliveries.length;
    await writer.create("incident", { short_description: "something else" });
    const b = await writer.create("incident", { short_description: "instant two" });
    expect(await eventually(b.sys_id, 1)).toEqual(["created instant two"]);
    expect(await delivered(before + 1)).toHaveLength(before + 1);
  });

  test("emits once what is delivered twice and out of order, and refuses a forged delivery", async () => {
    proxy.mode = "hold";
    const before = proxy.deliveries.length;
    const a = await writer.create("incident", { short_description: "instant late" });
    const b = await writer.create("incident", { short_description: "instant later" });
    const held = (await delivered(before + 2)).slice(before);
    expect(held).toHaveLength(2);
    proxy.mode = "pass";
    expect(await events(a.sys_id)).toEqual([]);
    for (const delivery of [...held].reverse().flatMap((each) => [each, each]))
      expect((await proxy.send(delivery)).status).toBe(200);
    expect(await eventually(a.sys_id, 1)).toEqual(["created instant late"]);
    expect(await eventually(b.sys_id, 1)).toEqual(["created instant later"]);
    const [first] = held;
    if (!first) throw new Error("nothing was held");
    const forged = { ...first, body: first.body.replace(/"operation":"\w+"/, '"operation":"delete"') };
    expect(forged.body).not.toBe(first.body);
    expect((await proxy.send(forged)).status).toBe(401);
    expect(await events(a.sys_id)).toEqual(["created instant late"]);
  });

  test("finds by its sweep, once, what was announced while the host was dead", async () => {
    host.process.kill("SIGKILL");
    await host.exited;
    const before = proxy.deliveries.length;
    const a = await writer.create("incident", { short_description: "instant unheard" });
    expect(await delivered(before + 1)).toHaveLength(before + 1);
    await startHost();
    expect(await events(a.sys_id)).toEqual([]);
    await pollOnce(client, trigger);
    expect(await events(a.sys_id)).toEqual(["created instant unheard"]);
    const late = proxy.deliveries.at(-1);
    if (late) expect((await proxy.send(late)).status).toBe(200);
    await pollOnce(client, trigger);
    expect(await events(a.sys_id)).toEqual(["created instant unheard"]);
  });

  test("takes its rule away when it is paused, makes it again when it goes on, and leaves none behind", async () => {
    const path = `/v1/connect/local/deployed-triggers/${trigger}?external_user_id=local`;
    await client.call("PUT", path, { active: false });
    expect(await rules()).toEqual([]);
    await client.call("PUT", path, { active: true });
    expect(await rules()).toHaveLength(1);
    await client.call("DELETE", path);
    expect(await rules()).toEqual([]);
  });
});
