import { createHmac } from "node:crypto";
import newRecordEventInstant from "../../sources/new-record-event-instant/new-record-event-instant";
import { useInstance } from "./platform";

const { writer, later, onPlatform } = useInstance();

describe("New Record Event (Instant)", () => {
  const secret = "a secret of the administrator";
  const answers: { status: number }[] = [];
  const http = {
    endpoint: "http://127.0.0.1:9/hook",
    respond: (answer: { status: number }) => void answers.push(answer),
  };
  const delivery = (body: object, key = secret, sent = Date.now()) => {
    const bodyRaw = JSON.stringify(body);
    const signature = createHmac("sha256", key).update(`${sent}.${bodyRaw}`).digest("base64");
    return {
      method: "POST",
      path: "/",
      query: {},
      headers: { "x-sent-at": String(sent), "x-signature": signature },
      bodyRaw,
      body,
    };
  };

  test("creates one business rule and removes it again", async () => {
    const rules = async () =>
      (await writer.rows("sys_script", "nameSTARTSWITHEvent source", ["sys_id"])).length;
    const source = await onPlatform(newRecordEventInstant, { table: "incident", http });
    await source.deploy();
    expect(await rules()).toBe(1);
    await source.hook("activate");
    expect(await rules()).toBe(1);
    await source.hook("deactivate");
    await source.hook("deactivate");
    expect(await rules()).toBe(0);
  });

  test("emits once for a delivery that comes twice or not at all, and refuses a wrong signature", async () => {
    const source = await onPlatform(newRecordEventInstant, {
      table: "incident",
      http,
      setup: "manual",
      signingSecret: secret,
    });
    await source.deploy();
    expect(source.logs.join()).toContain("executeRule");
    expect(source.logs.join()).not.toContain(Buffer.from(secret).toString("base64"));
    const a = await writer.create("incident", { short_description: "Bell" });
    const body = { table: "incident", sys_id: a.sys_id, operation: "insert" };
    expect((await source.poll(delivery(body))).map(({ data }) => [data.sys_id, data.change])).toEqual([
      [a.sys_id, "created"],
    ]);
    expect(await source.poll(delivery(body))).toEqual([]);
    expect(await source.poll(delivery(body, "another secret"))).toEqual([]);
    expect(await source.poll(delivery(body, secret, Date.now() - 3_600_000))).toEqual([]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
    const b = await writer.create("incident", { short_description: "No bell" });
    expect((await source.poll()).map(({ data }) => data.sys_id)).toEqual([b.sys_id]);
    const gone = { table: "incident", sys_id: a.sys_id, operation: "delete", display_value: a.number };
    expect((await source.poll(delivery(gone))).map(({ data }) => data.change)).toEqual(["deleted"]);
  });

  test("tells an update of a record that was created since the last poll as well", async () => {
    const values = { table: "incident", http, setup: "manual", signingSecret: secret };
    const updates = await onPlatform(newRecordEventInstant, { ...values, operations: ["update"] });
    const both = await onPlatform(newRecordEventInstant, values);
    await updates.deploy();
    await both.deploy();
    const a = await writer.create("incident", { short_description: "Created" });
    const b = await writer.create("incident", { short_description: "Created only" });
    await later(300);
    await writer.update("incident", a.sys_id, { short_description: "Created, then updated" });
    expect((await updates.poll()).map(({ data, summary }) => [data.change, summary])).toEqual([
      ["updated", `Updated: ${a.number} – Created, then updated`],
    ]);
    expect((await both.poll()).map(({ data }) => [data.sys_id, data.change])).toEqual([
      [b.sys_id, "created"],
      [a.sys_id, "created"],
    ]);
  });

  test("explains what an account that may not create rules can do", async () => {
    const source = await onPlatform(newRecordEventInstant, { table: "incident", http }, "itil");
    await expect(source.deploy()).rejects.toThrow(/Setup to manual/);
  });
});
