import { setTimeout as delay } from "node:timers/promises";
import { startHost, temporaryFolder, until, type TestHost } from "./host";

const P = "/v1/connect/local";
let dataDir: string;
let host: TestHost;
beforeAll(async () => {
  dataDir = temporaryFolder();
  host = await startHost({ dataDir });
});
afterAll(() => host?.stop());

interface Deployed {
  id: string;
  endpoint_url: string;
}
const deploy = async (id: string, props: Record<string, unknown> = {}): Promise<Deployed> =>
  (
    await host.call<{ data: Deployed }>("POST", `${P}/triggers/deploy`, {
      id,
      external_user_id: "local",
      configured_props: props,
    })
  ).body.data;
const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: "POST", body: JSON.stringify(body) });
const send = (url: string, count: number): Promise<Response[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => post(url, { n })));
const events = async (id: string): Promise<{ e: { n: number; body?: { n: number } } }[]> =>
  (
    await host.call<{ data: { e: { n: number; body?: { n: number } } }[] }>(
      "GET",
      `${P}/deployed-triggers/${id}/events?n=1000`,
    )
  ).body.data;

test("each request of a burst that was answered 200 becomes an event", async () => {
  const { id, endpoint_url } = await deploy("conformance-inbox");
  const answers = await send(endpoint_url, 100);
  expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
  await until("100 events", async () => (await events(id)).length >= 100, 60_000);
  const seen = (await events(id)).map(({ e }) => e.n).sort((a, b) => a - b);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test("each request of a burst gets the answer of its own run", async () => {
  const { id, endpoint_url } = await deploy("conformance-webhook");
  const answers = await send(endpoint_url, 40);
  const got = await Promise.all(answers.map(async (answer) => await answer.json()));
  expect(got).toEqual(Array.from({ length: 40 }, (_, n) => ({ got: { n } })));
  await until("40 events", async () => (await events(id)).length === 40, 60_000);
});

test("requests to a source that keeps no state run at a time: ten of 1.5 s are answered long before 15 s", async () => {
  const { id, endpoint_url } = await deploy("conformance-answer", { pauseMs: 1500 });
  // The first ones start the processes.
  await send(endpoint_url, 10);
  const began = performance.now();
  const answers = await send(endpoint_url, 10);
  const tookMs = performance.now() - began;
  expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(
    Array.from({ length: 10 }, (_, n) => ({ got: n })),
  );
  expect(tookMs).toBeGreaterThanOrEqual(1500);
  expect(tookMs).toBeLessThan(7000);
  await until("20 events", async () => (await events(id)).length === 20);
});

test("requests that overlap give their events in the order they came, whichever ends first", async () => {
  const { id, endpoint_url } = await deploy("conformance-answer");
  await send(endpoint_url, 4);
  await until("the first events", async () => (await events(id)).length === 4);
  const slow = post(endpoint_url, { n: 100, pauseMs: 1500 });
  // It is stored before the next one.
  await delay(300);
  const answered: number[] = [];
  const noting = async (answer: Promise<Response>): Promise<void> => {
    answered.push(((await (await answer).json()) as { got: number }).got);
  };
  await Promise.all([noting(slow), noting(post(endpoint_url, { n: 101 }))]);
  expect(answered).toEqual([101, 100]);
  await until("6 events", async () => (await events(id)).length === 6);
  expect((await events(id)).slice(4).map(({ e }) => e.n)).toEqual([100, 101]);
});

test("requests to a source that keeps state run one after the other", async () => {
  const { id, endpoint_url } = await deploy("conformance-tally");
  await send(endpoint_url, 60);
  await until("60 events", async () => (await events(id)).length === 60, 60_000);
  expect((await events(id)).map(({ e }) => e.n)).toEqual(Array.from({ length: 60 }, (_, n) => n));
});

test("what was answered 200 is run after the host was killed", async () => {
  const { id, endpoint_url } = await deploy("conformance-inbox", { pauseMs: 300 });
  expect((await send(endpoint_url, 6)).map(({ status }) => status)).toEqual(Array(6).fill(200));
  await host.kill();
  host = await startHost({ dataDir });
  await until("6 numbers", async () => new Set((await events(id)).map(({ e }) => e.n)).size === 6, 60_000);
});
