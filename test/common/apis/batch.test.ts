import { batch } from "../../../common";
import { failure, stubClient, stubTransport } from "../stub";
import { failureOf, useInstance } from "./support";

const { as } = useInstance();

it("gives one result a call, in order, and a failure does not stop the others", async () => {
  const results = await batch(as(), [
    { path: "/api/now/table/incident", params: { sysparm_limit: 1, sysparm_fields: "number" } },
    { path: "/api/now/table/no_such_table" },
    { method: "POST", path: "/api/now/table/incident", body: { short_description: "Grüße ✓ from a batch" } },
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual(["ok", "failed", "ok"]);
  expect(results[0]?.data).toMatchObject({ result: [{ number: expect.stringMatching(/^INC/) }] });
  expect(results[1]?.error).toMatchObject({ kind: "invalid-table" });
  expect(results[2]).toMatchObject({
    status: 201,
    data: { result: { short_description: "Grüße ✓ from a batch" } },
  });
});

it("what the instance did not get to is told from what failed", async () => {
  const ok = btoa(JSON.stringify({ result: [] }));
  const transport = stubTransport(() => ({
    json: {
      batch_request_id: "1",
      serviced_requests: [{ id: "2", status_code: 200, body: ok, headers: [], execution_time: 7 }],
      unserviced_requests: ["1"],
    },
  }));
  const results = await batch(stubClient(transport).client, [{ path: "/api/a" }, { path: "/api/b" }]);
  expect(results).toMatchObject([
    { outcome: "unserviced", status: 0, data: null },
    { outcome: "ok", data: { result: [] }, executionMs: 7 },
  ]);
});

it("a batch with a write is not repeated after a lost answer, one of reads is", async () => {
  const transport = stubTransport((_request, count) =>
    count % 2 === 1 ? { status: 503, json: failure("busy") } : { json: { serviced_requests: [] } },
  );
  const { client } = stubClient(transport);
  await failureOf(batch(client, [{ method: "POST", path: "/api/a", body: {} }]));
  expect(transport.requests).toHaveLength(1);
  transport.requests.length = 0;
  const reads = stubTransport((_request, count) =>
    count === 1 ? { status: 503, json: failure("busy") } : { json: { serviced_requests: [] } },
  );
  await batch(stubClient(reads).client, [{ path: "/api/a" }]);
  expect(reads.requests).toHaveLength(2);
});

it("a batch in a batch and a call that is too large are refused before a request", async () => {
  const transport = stubTransport(() => ({ json: {} }));
  const { client } = stubClient(transport);
  expect(await failureOf(batch(client, [{ path: "/api/now/v1/batch" }]))).toMatchObject({ kind: "usage" });
  const raw = new Uint8Array(5 * 1024 * 1024 + 1);
  expect(await failureOf(batch(client, [{ method: "POST", path: "/api/a", raw }]))).toMatchObject({
    kind: "usage",
  });
  expect(await batch(client, [])).toEqual([]);
  expect(transport.requests).toHaveLength(0);
});
