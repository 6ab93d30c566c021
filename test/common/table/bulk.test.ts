import { bulkCreate, bulkDelete, TransportError } from "../../../common";
import { failure, stubClient, stubTransport, type StubAnswer, bodyText } from "../stub";

interface Item {
  id: string;
  method: string;
  url: string;
  body?: string;
}

const decode = (text: string): Record<string, string> =>
  JSON.parse(Buffer.from(text, "base64").toString()) as Record<string, string>;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

/** An instance that keeps what batches create, by correlation id; `serve` decides what it gets to. */
function fakeInstance(serve: (batch: number, items: Item[]) => { serve: Item[]; lose?: boolean }) {
  const made = new Map<string, string>();
  let batches = 0;
  const transport = stubTransport((request): StubAnswer | Error => {
    if (request.method === "GET") {
      if (!request.url.includes("sysparm_query"))
        return { json: { result: [{ sys_id: "any", correlation_id: "" }] } };
      const wanted =
        /correlation_idIN([^^]*)/
          .exec(new URL(request.url).searchParams.get("sysparm_query") ?? "")?.[1]
          ?.split(",") ?? [];
      const rows = wanted
        .filter((key) => made.has(key))
        .map((key) => ({ sys_id: made.get(key), number: "INC1", correlation_id: key }));
      return { json: { result: rows }, headers: { "x-total-count": String(rows.length) } };
    }
    const items = (JSON.parse(bodyText(request)) as { rest_requests: Item[] }).rest_requests;
    const { serve: served, lose } = serve(++batches, items);
    const serviced = served.map(({ id, body }) => {
      const key = body ? (decode(body)["correlation_id"] ?? "") : "";
      if (key === "bad")
        return {
          id,
          status_code: 403,
          body: encode(
            failure("Operation Failed", "ACL Exception Insert Failed due to security constraints"),
          ),
        };
      if (made.has(key)) throw new Error(`${key} was created twice`);
      made.set(key, `id-${key}`);
      return {
        id,
        status_code: 201,
        body: encode({ result: { sys_id: `id-${key}`, number: "INC1" } }),
        headers: [{ name: "Content-Type", value: "application/json" }],
      };
    });
    if (lose) return new TransportError("timeout");
    const left = items.filter((item) => !served.includes(item)).map(({ id }) => id);
    return { json: { batch_request_id: "1", serviced_requests: serviced, unserviced_requests: left } };
  });
  return { made, transport, batches: () => batches };
}

const rows = (n: number): Array<Record<string, string>> =>
  Array.from({ length: n }, (_, i) => ({ correlation_id: `k${i}` }));

it("what the instance did not get to is sent again, and nothing twice", async () => {
  const fake = fakeInstance((_n, items) => ({ serve: items.slice(0, 7) }));
  const report = await bulkCreate(stubClient(fake.transport).client, "incident", rows(30), { chunk: 30 });
  expect(report).toMatchObject({ done: 30, failed: 0 });
  expect(report.results.map(({ sysId }) => sysId)).toEqual(
    rows(30).map((row) => `id-${row["correlation_id"]}`),
  );
});

it("a record the instance never gets to fails by itself, and ends the repetition", async () => {
  const fake = fakeInstance(() => ({ serve: [] }));
  const report = await bulkCreate(stubClient(fake.transport).client, "incident", rows(4));
  expect(report).toMatchObject({ done: 0, failed: 4 });
  expect(report.results[0]?.error).toMatchObject({ kind: "cancelled" });
  expect(fake.batches()).toBeLessThan(12);
});

it("a batch whose answer was lost is looked up by its correlation and finished, never doubled", async () => {
  const fake = fakeInstance((n, items) =>
    n === 1 ? { serve: items.slice(0, 5), lose: true } : { serve: items },
  );
  const report = await bulkCreate(stubClient(fake.transport).client, "incident", rows(12), {
    correlation: "correlation_id",
  });
  expect(report).toMatchObject({ done: 12, failed: 0 });
  expect(fake.made.size).toBe(12);
});

it("without a correlation a lost answer is reported as unknown, and not sent again", async () => {
  const fake = fakeInstance((_n, items) => ({ serve: items, lose: true }));
  const report = await bulkCreate(stubClient(fake.transport).client, "incident", rows(3));
  expect(report.results.map(({ outcome }) => outcome)).toEqual(["unknown", "unknown", "unknown"]);
  expect(fake.batches()).toBe(1);
});

it("one failure does not stop the others, and says which it was", async () => {
  const fake = fakeInstance((_n, items) => ({ serve: items }));
  const report = await bulkCreate(stubClient(fake.transport).client, "incident", [
    ...rows(2),
    { correlation_id: "bad" },
  ]);
  expect(report).toMatchObject({ done: 2, failed: 1 });
  expect(report.results[2]).toMatchObject({ index: 2, outcome: "failed", error: { kind: "acl" } });
});

it("chunks by count and by bytes", async () => {
  const sizes: number[] = [];
  const fake = fakeInstance((_n, items) => (sizes.push(items.length), { serve: items }));
  const { client } = stubClient(fake.transport);
  await bulkCreate(client, "incident", rows(25), { chunk: 10 });
  expect(sizes).toEqual([10, 10, 5]);
  sizes.length = 0;
  const long = rows(4).map((row, i) => ({
    ...row,
    correlation_id: `long${i}`,
    description: "x".repeat(1500),
  }));
  await bulkCreate(client, "incident", long, { maxBytes: 5000 });
  expect(sizes).toEqual([2, 2]);
});

it("a sign-in that fails stops everything, and is not reported a thousand times", async () => {
  const transport = stubTransport(() => ({ status: 401, json: failure("User is not authenticated") }));
  await expect(bulkDelete(stubClient(transport).client, "incident", ["a", "b"])).rejects.toMatchObject({
    kind: "unauthenticated",
  });
});

it("a correlation value that comes twice in the input is made once, and both rows say where", async () => {
  const instance = fakeInstance((_batch, items) => ({ serve: items }));
  const { client } = stubClient(instance.transport);
  const twice = [...rows(3), { correlation_id: "k1" }, { correlation_id: "k3" }];
  const report = await bulkCreate(client, "incident", twice, { correlation: "correlation_id" });
  expect(report).toMatchObject({ done: 4, existed: 1, failed: 0 });
  expect(report.results.map(({ index, outcome, sysId }) => [index, outcome, sysId])).toEqual([
    [0, "done", "id-k0"],
    [1, "done", "id-k1"],
    [2, "done", "id-k2"],
    [3, "existed", "id-k1"],
    [4, "done", "id-k3"],
  ]);
});

it("long correlation values with commas are looked up without an address that is too long", async () => {
  const asked: number[] = [];
  const transport = stubTransport((request) => {
    if (request.method !== "GET") {
      const { rest_requests } = JSON.parse(bodyText(request)) as { rest_requests: Item[] };
      const serviced_requests = rest_requests.map(({ id }) => ({
        id,
        status_code: 201,
        headers: [],
        body: encode({ result: { sys_id: id } }),
      }));
      return { json: { serviced_requests } };
    }
    if (!request.url.includes("sysparm_query")) return { json: { result: [{ sys_id: "any", u_key: "" }] } };
    asked.push(request.url.length);
    return { json: { result: [] }, headers: { "x-total-count": "0" } };
  });
  const long = Array.from({ length: 60 }, (_, i) => ({ u_key: `${i}, ${"key ".repeat(45)}` }));
  const { client } = stubClient(transport);
  expect(await bulkCreate(client, "incident", long, { correlation: "u_key" })).toMatchObject({
    done: 60,
  });
  expect(asked.length).toBeGreaterThan(1);
  expect(Math.max(...asked)).toBeLessThanOrEqual(8192);
});
