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
const send = (url: string, count: number): Promise<Response[]> =>
  Promise.all(
    Array.from({ length: count }, (_, n) => fetch(url, { method: "POST", body: JSON.stringify({ n }) })),
  );
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

test("what was answered 200 is run after the host was killed", async () => {
  const { id, endpoint_url } = await deploy("conformance-inbox", { pauseMs: 300 });
  expect((await send(endpoint_url, 6)).map(({ status }) => status)).toEqual(Array(6).fill(200));
  await host.kill();
  host = await startHost({ dataDir });
  await until("6 numbers", async () => new Set((await events(id)).map(({ e }) => e.n)).size === 6, 60_000);
});
