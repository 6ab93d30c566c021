import { createHmac } from "node:crypto";
import newRecordEventInstant from "../../sources/new-record-event-instant/new-record-event-instant";
import { useInstance } from "./platform";

const { writer, control, later, onPlatform } = useInstance();

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

  beforeEach(() => void answers.splice(0));

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

  test("removes a rule whose creation was not answered, and no other", async () => {
    const rules = () => writer.rows("sys_script", "nameSTARTSWITHEvent source", ["sys_id"]);
    const other = await onPlatform(newRecordEventInstant, {
      table: "incident",
      http: { ...http, endpoint: `${http.endpoint}2` },
    });
    await other.deploy();
    const source = await onPlatform(newRecordEventInstant, { table: "incident", http });
    await control("PUT", "faults", {
      faults: [{ match: { path: "/table/sys_script$", method: "POST" }, reset: "after", count: 1 }],
    });
    await source.deploy().catch(() => undefined);
    await control("PUT", "faults", { faults: [] });
    await source.hook("activate");
    expect(await rules()).toHaveLength(2);
    source.db.clear();
    await source.hook("deactivate");
    expect(await rules()).toHaveLength(1);
    await other.hook("deactivate");
    expect(await rules()).toEqual([]);
  });

  test("refuses a manual setup without a secret, since every delivery would be refused", async () => {
    const source = await onPlatform(newRecordEventInstant, { table: "incident", http, setup: "manual" });
    await expect(source.deploy()).rejects.toThrow(/Signing Secret is missing/);
  });

  test("takes a delivery of an instance whose clock is an hour ahead", async () => {
    const values = { table: "incident", http, setup: "manual", signingSecret: secret };
    await later(3_600);
    await writer.signIn();
    const source = await onPlatform(newRecordEventInstant, values);
    await source.deploy();
    const a = await writer.create("incident", { short_description: "Another clock" });
    const body = { table: "incident", sys_id: a.sys_id, operation: "insert" };
    const { milliseconds } = await control("GET", "state");
    expect(await source.poll(delivery(body, secret, Number(milliseconds)))).toHaveLength(1);
    expect(answers.at(-1)?.status).toBe(200);
    await source.poll(delivery(body, secret, Number(milliseconds) + 3_600_000));
    expect(answers.at(-1)?.status).toBe(401);
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
