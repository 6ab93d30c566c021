import {
  bulkCreate,
  createClient,
  createWithKey,
  upsert,
  type ServiceNow,
  type Transport,
} from "../../../common";
import { fetchTransport } from "../../../common";
import { duringTests, startInstance } from "../../helpers/instance";

const instance = duringTests(startInstance, { incidents: 10 });
const auth = { type: "basic", username: "admin", password: "admin" } as const;
const clientOf = (transport?: Transport): ServiceNow =>
  createClient({ instance: instance.url, auth, ...(transport ? { transport } : {}) });
let client: ServiceNow;
beforeAll(() => {
  client = clientOf();
});
afterEach(() => instance.control("PUT", "faults", { faults: [], seed: 1 }));

const made = async (text: string, table = "incident") =>
  (await client.table(table).page({ query: `short_description=${text}`, limit: 1 })).total;
const create = (id: string, text = id, options = {}) =>
  createWithKey(client, "incident", id, { short_description: text }, options);

describe("createOnce", () => {
  it("makes one record when it is asked for three times at once", async () => {
    const all = await Promise.all([create("at-once"), create("at-once"), create("at-once")]);
    expect(new Set(all.map(({ record }) => record.sys_id)).size).toBe(1);
    expect(await made("at-once")).toBe(1);
  });

  it("makes one record when the answer is lost and the commit is late", async () => {
    await instance.control("PATCH", "config", { commitDelaySeconds: 3 });
    await instance.control("PUT", "faults", {
      faults: [{ match: { method: "POST", table: "incident" }, reset: "after", count: 1 }],
      seed: 1,
    });
    await create("late");
    await instance.control("PATCH", "config", { commitDelaySeconds: 0 });
    expect(await made("late")).toBe(1);
  });

  it("tells ids apart that differ by case alone", async () => {
    const upper = await create("0015g00000AbCdE");
    const lower = await create("0015g00000aBcDe");
    expect([upper.created, lower.created]).toEqual([true, true]);
    expect((await create("0015g00000aBcDe")).record.sys_id).toBe(lower.record.sys_id);
  });

  it("finds the record whatever the answer is asked to look like", async () => {
    const { record } = await create("shaped");
    for (const options of [{ view: "mobile" }, { fields: ["number"] }, { displayValue: "true" }])
      expect(await create("shaped", "shaped", options)).toMatchObject({ created: false });
    expect(record.number).toMatch(/^INC/);
    expect(await made("shaped")).toBe(1);
  });

  it("refuses an id that is no text", async () => {
    await expect(create(4711 as never)).rejects.toMatchObject({ kind: "usage" });
  });
});

describe("bulkCreate", () => {
  const rows = (name: string, n: number) =>
    Array.from({ length: n }, (_, i) => ({ short_description: name, correlation_id: `${name}-${i}` }));

  it("refuses a correlation column that is not there, and makes nothing", async () => {
    const unknown = [{ short_description: "unknown key", u_nope: "1" }];
    await expect(bulkCreate(client, "incident", unknown, { correlation: "u_nope" })).rejects.toMatchObject({
      kind: "query-rights",
    });
    const long = [{ short_description: "unknown key", correlation_id: "x".repeat(150) }];
    await expect(
      bulkCreate(client, "incident", long, { correlation: "correlation_id" }),
    ).rejects.toMatchObject({ kind: "usage" });
    expect(await made("unknown key")).toBe(0);
  });

  it("reports what was made before the account was refused", async () => {
    const real = fetchTransport();
    let batches = 0;
    const refusing: Transport = async (request) =>
      request.url.endsWith("/batch") && ++batches > 1
        ? { status: 401, headers: { "content-type": "application/json" }, body: '{"error":{"message":"x"}}' }
        : real(request);
    const one = createClient({ instance: instance.url, auth, concurrency: 1, transport: refusing });
    const report = await bulkCreate(one, "incident", rows("refused", 15), { chunk: 5 });
    expect(report.results.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(5).fill("done"),
      ...Array<string>(10).fill("failed"),
    ]);
    expect(report.results[14]?.error).toMatchObject({ kind: "unauthenticated" });
    expect(await made("refused")).toBe(5);
  });

  it("does not send again what the answer of a batch does not name", async () => {
    const real = fetchTransport();
    const forgetful: Transport = async (request) => {
      const answer = await real(request);
      return request.url.endsWith("/batch") ? { ...answer, body: '{"batch_request_id":"1"}' } : answer;
    };
    const report = await bulkCreate(
      clientOf(forgetful),
      "incident",
      rows("unnamed", 3).map(({ short_description }) => ({ short_description })),
    );
    expect(report.results.map(({ outcome }) => outcome)).toEqual(["unknown", "unknown", "unknown"]);
    expect(await made("unnamed")).toBe(3);
    const found = await bulkCreate(clientOf(forgetful), "incident", rows("named", 3), {
      correlation: "correlation_id",
    });
    expect(found.results.map(({ outcome }) => outcome)).toEqual(["done", "done", "done"]);
    expect(await made("named")).toBe(3);
  });
});

it("upsert refuses labels for the values that it looks a record up by", async () => {
  const values = { caller_id: "Abel Tuter", short_description: "by label" };
  await expect(
    upsert(client, "incident", ["caller_id"], values, { inputDisplayValue: true }),
  ).rejects.toMatchObject({ kind: "usage" });
  expect(await made("by label")).toBe(0);
});
