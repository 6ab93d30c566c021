import { startHost, until, type TestHost } from "./host";
import { present } from "../helpers/present";

interface RunRecord {
  status: string;
  emitted: number;
  kind: string;
  error: { name: string; message: string } | null;
  logs: { message: string }[];
}
interface Event {
  e: { n: number; doubled?: boolean; body?: unknown; handshake?: string };
  k: string;
  ts: number;
  sum: string;
}
const P = "/v1/connect/local";

let host: TestHost;
beforeAll(async () => {
  // Each db.set with events pending is a save point, as it is after five seconds or 500 events otherwise.
  host = await startHost({ env: { SOURCE_TIMEOUT_MS: "3000", SAVE_EVENTS: "1" } });
});
afterAll(() => host?.stop());

const deploy = (props: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  host.call<{
    data: { id: string; active: boolean; endpoint_url: string };
    error?: string;
    problems?: unknown;
  }>("POST", `${P}/triggers/deploy`, {
    id: "conformance-counter",
    external_user_id: "local",
    configured_props: props,
    ...more,
  });
const deployed = async (props: Record<string, unknown>, more?: Record<string, unknown>): Promise<string> => {
  const { body, status } = await deploy(props, more);
  expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
  return body.data.id;
};
const runNow = async (id: string): Promise<RunRecord> =>
  (await host.call<RunRecord>("POST", `/api/triggers/${id}/run`)).body;
const events = async (id: string): Promise<Event[]> =>
  (await host.call<{ data: Event[] }>("GET", `${P}/deployed-triggers/${id}/events?n=1000`)).body.data;
const numbers = async (id: string): Promise<number[]> => (await events(id)).map(({ e }) => e.n);
const upTo = (last: number, first = 0): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);
const firstRun = (id: string): Promise<RunRecord> =>
  until("the first poll", async () =>
    (await host.call<RunRecord[]>("GET", `/api/triggers/${id}/runs`)).body.find(
      ({ kind }) => kind === "poll",
    ),
  );

test("a deployed source runs its hooks, then polls at once, and its events come in order as they were emitted", async () => {
  const id = await deployed({});
  const poll = await firstRun(id);
  expect(poll).toMatchObject({ status: "ok", emitted: 10 });
  expect(poll.logs[0]?.message).toContain('"interval_seconds":900');
  expect(poll.logs[0]?.message).toContain(id);
  await runNow(id);
  expect(await numbers(id)).toEqual(upTo(20));
  expect((await events(id))[3]).toMatchObject({
    e: { n: 3, doubled: false },
    k: "emit",
    ts: 3000,
    sum: "Number 3",
  });
});

test("a source that is deployed quietly keeps what its deploy hook stored, and emits nothing of it", async () => {
  const id = await deployed({ perRun: 1 }, { emit_on_deploy: false });
  await firstRun(id);
  expect(await numbers(id)).toEqual([1]);
});

test("a hook that fails leaves nothing behind", async () => {
  const before = (await host.call<unknown[]>("GET", "/api/triggers")).body.length;
  const { status, body } = await deploy({ way: "no-activate" });
  expect({ status, error: body.error }).toEqual({ status: 400, error: "cannot activate" });
  expect((await host.call<unknown[]>("GET", "/api/triggers")).body).toHaveLength(before);
});

test("wrong props and schedules are refused with what they take", async () => {
  expect((await deploy({ perRun: "many" })).body).toMatchObject({
    problems: [{ prop: "perRun", message: 'must be a whole number, and is "many"' }],
  });
  const cron = await deploy({ timer: { cron: "every day" } });
  expect(cron.status).toBe(400);
  expect(cron.body.error).toMatch(/cron expression "every day".*five fields/);
});

test("events before a throw are kept, and the next run goes on after the last saved state", async () => {
  const id = await deployed({ failAt: 8, slice: 3 });
  expect(await firstRun(id)).toMatchObject({ status: "error", error: { message: "no number 8" } });
  // 7 was emitted but not saved: it is kept, and deduped when it is emitted again.
  expect(await numbers(id)).toEqual(upTo(7));
  await host.call("PUT", `${P}/deployed-triggers/${id}?external_user_id=local`, {
    configured_props: { perRun: 4 },
  });
  await until("number 10", async () => (await numbers(id)).includes(10));
  expect(await numbers(id)).toEqual(upTo(10));
});

test.each(["loop", "exit"])(
  "a source that ends by %s keeps each saved slice and loses no number",
  async (way) => {
    const id = await deployed({ way, perRun: 7, slice: 3 });
    expect(await firstRun(id)).toMatchObject({ status: "error" });
    expect(await numbers(id)).toEqual(upTo(7));
  },
);

test("a secret prop is stored encrypted, shown masked, and kept when the mask comes back", async () => {
  const id = await deployed({ perRun: 1, password: "hush-hush-hush" });
  const shown = await host.call<{ data: { configured_props: Record<string, unknown> } }>(
    "GET",
    `${P}/deployed-triggers/${id}`,
  );
  expect(shown.body.data.configured_props).toEqual({ perRun: 1, password: "********" });
  const changed = { ...shown.body.data.configured_props, perRun: 2 };
  await host.call("PUT", `${P}/deployed-triggers/${id}`, { configured_props: changed });
  const run = await runNow(id);
  expect(run.logs.map(({ message }) => message)).toContain("a password of 14 characters");
});

test("two runs of one source never overlap", async () => {
  const id = await deployed({ perRun: 4, slice: 1, pauseMs: 100 });
  const runs = await Promise.all([runNow(id), runNow(id), runNow(id)]);
  expect(runs.map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
  const seen = await numbers(id);
  expect(seen).toEqual(upTo(seen.length - 1));
  expect(seen.length).toBeGreaterThanOrEqual(13);
});

test("a paused source is not polled, a resumed one is polled at once, a deleted one is gone with its events", async () => {
  const id = await deployed({ perRun: 1, timer: { intervalSeconds: 1 } });
  await until("three polls", async () => (await numbers(id)).length > 3);
  const paused = await host.call<{ data: { active: boolean } }>("PUT", `${P}/deployed-triggers/${id}`, {
    active: false,
  });
  expect(paused.body.data.active).toBe(false);
  const list = (await host.call<{ id: string; next_run_at: unknown }[]>("GET", "/api/triggers")).body;
  expect(list.find((trigger) => trigger.id === id)?.next_run_at).toBeNull();
  const polls = async (): Promise<number> =>
    (await host.call<RunRecord[]>("GET", `/api/triggers/${id}/runs?limit=100`)).body.filter(
      ({ kind }) => kind === "poll",
    ).length;
  const settled = await until("no run going on", async () => {
    const count = await polls();
    const row = (
      await host.call<{ id: string; last_run: { status: string } }[]>("GET", "/api/triggers")
    ).body.find((trigger) => trigger.id === id);
    return row?.last_run.status !== "running" && { count };
  });
  await host.call("PUT", `${P}/deployed-triggers/${id}`, { active: true, name: "Renamed" });
  await until("a poll after the pause", async () => (await polls()) > settled.count);
  expect(
    (await host.call<{ data: { name: string } }>("GET", `${P}/deployed-triggers/${id}`)).body.data.name,
  ).toBe("Renamed");
  expect((await host.call("DELETE", `${P}/deployed-triggers/${id}?external_user_id=local`)).status).toBe(204);
  expect((await host.call("GET", `${P}/deployed-triggers/${id}/events`)).status).toBe(404);
});

test("an HTTP source answers while it is being activated, and emits what it is sent", async () => {
  const { body } = await deploy({}, { id: "conformance-webhook" });
  expect(body.error).toBeUndefined();
  const response = await fetch(body.data.endpoint_url, {
    method: "POST",
    body: JSON.stringify({ hello: "there" }),
  });
  expect({ status: response.status, body: await response.json() }).toEqual({
    status: 201,
    body: { got: { hello: "there" } },
  });
  const [event] = await until("the event", async () => {
    const found = await events(body.data.id);
    return found.length > 0 && found;
  });
  expect(event?.e).toMatchObject({ body: { hello: "there" }, handshake: "abc" });
  expect((await fetch(`${host.url}/http/nobody`)).status).toBe(404);
});

test("events and runs are streamed as they happen, to their owner alone", async () => {
  const stream = await fetch(`${host.url}/api/stream`, {
    headers: { authorization: `Bearer ${host.token}` },
  });
  const body: ReadableStream<Uint8Array> = present(stream.body);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const foreign = await deployed({ perRun: 1 }, { external_user_id: "somebody-else" });
  const own = await deployed({ perRun: 2 });
  while (!text.includes('"sum":"Number 2"')) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The stream ended.");
    text += decoder.decode(value);
  }
  await reader.cancel();
  expect(text).toContain(`event: emit\ndata: {"trigger_id":"${own}"`);
  expect(text).toMatch(new RegExp(`event: run\\ndata: .*"${own}"`));
  expect(
    text
      .split("\n")
      .filter((line) => line.startsWith("data") && line.includes(foreign) && line.includes('"sum"')),
  ).toEqual([]);
});

test("a second host on the same data folder is refused with words", async () => {
  await expect(startHost({ dataDir: host.dataDir })).rejects.toThrow(/Another host \(process \d+\) is using/);
});
