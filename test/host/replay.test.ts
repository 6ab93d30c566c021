import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { duringTests } from "../helpers/instance";
import { present } from "../helpers/present";
import { signedInPage } from "./callers";
import { startHost, until } from "./host";

const host = duringTests(startHost);
const received: string[] = [];
let server: Server;
let url: string;
let workflow: string;
let trigger: string;

interface Listed {
  id: string;
  e: { n: number };
}
const connect = "/v1/connect/local/deployed-triggers";
const events = async (query = ""): Promise<Listed[]> =>
  (await host.call<{ data: Listed[] }>("GET", `${connect}/${trigger}/events?${query}`)).body.data;
const runs = async (): Promise<{ id: string; trigger: string | null; status: string }[]> =>
  (
    await host.call<{ id: string; trigger: string; status: string }[]>(
      "GET",
      `/api/workflows/${workflow}/runs`,
    )
  ).body;

beforeAll(async () => {
  server = createServer((request, response) => {
    received.push(String(request.headers["x-pd-emission-id"]));
    request.resume().on("end", () => response.end());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const made = await host.call<{ id: string; triggers: { trigger_id: string }[] }>("POST", "/api/workflows", {
    name: "Counts",
    enabled: true,
    triggers: [{ id: "counter", uses: "conformance-counter", props: { perRun: 3 } }],
    steps: [{ namespace: "n", code: "export default async ({ steps }) => steps.trigger.event.n" }],
  });
  expect(made.status).toBe(201);
  workflow = made.body.id;
  trigger = present(made.body.triggers[0]).trigger_id;
  await host.call("POST", `/api/triggers/${trigger}/run`);
  await until("a run for each event", async () => (await runs()).length >= 3, 60_000);
}, 120_000);
afterAll(() => server?.close());

test("an event is replayed to the workflow that the trigger starts, as a run of its own", async () => {
  const before = await runs();
  const event = present((await events())[0]);
  const answer = await host.call<{ deliveries: number; runs: { id: string; workflow_id: string }[] }>(
    "POST",
    `/api/triggers/${trigger}/replay`,
    { event_ids: [event.id, event.id] },
  );
  expect(answer).toMatchObject({
    status: 202,
    body: { deliveries: 0, runs: [{ workflow_id: workflow }] },
  });
  expect(answer.body.runs).toHaveLength(1);
  const id = present(answer.body.runs[0]).id;
  expect(before.map((run) => run.id)).not.toContain(id);
  const run = await until(
    "the run has ended",
    async () => {
      const { body } = await host.call<{ status: string; steps: { return_value: unknown }[] }>(
        "GET",
        `/api/runs/${id}`,
      );
      return body.status === "succeeded" && body;
    },
    60_000,
  );
  expect(run).toMatchObject({ event: event.e, trigger: "counter", steps: [{ return_value: event.e.n }] });
});

test("events are replayed to receivers under their own ids, in their order", async () => {
  await host.call("PUT", `${connect}/${trigger}/webhooks`, { webhook_urls: [url] });
  const two = (await events()).slice(0, 2).map(({ id }) => id);
  const answer = await host.call<{ deliveries: number }>("POST", `/api/triggers/${trigger}/replay`, {
    event_ids: [...two].reverse(),
  });
  expect(answer).toMatchObject({ status: 202, body: { deliveries: 2 } });
  await until("both arrived", async () => received.length >= 2, 60_000);
  expect(received.slice(0, 2)).toEqual(two);
});

test("an event that is not there is refused, and one that nobody receives too", async () => {
  expect(
    await host.call("POST", `/api/triggers/${trigger}/replay`, { event_ids: ["evt_none"] }),
  ).toMatchObject({ status: 404, body: { error: expect.stringContaining("evt_none") } });
  await host.call("PUT", `${connect}/${trigger}/webhooks`, { webhook_urls: [] });
  await host.call("POST", `/api/workflows/${workflow}/disable`);
  const event = present((await events())[0]).id;
  expect(await host.call("POST", `/api/triggers/${trigger}/replay`, { event_ids: [event] })).toMatchObject({
    status: 409,
    body: { error: expect.stringMatching(/Add a receiver/) },
  });
});

test("events and runs of a trigger are listed page by page, by time and by text", async () => {
  const all = await events();
  const last = present(all.at(-1));
  expect((await events(`n=1`)).map(({ id }) => id)).toEqual([last.id]);
  expect((await events(`n=1&before=${last.id}`)).map(({ id }) => id)).toEqual([present(all.at(-2)).id]);
  const future = encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString());
  expect(await events(`from=${future}`)).toEqual([]);
  expect(await events(`to=${future}`)).toHaveLength(all.length);
  const list = async (query: string) =>
    (await host.call<{ id: string }[]>("GET", `/api/triggers/${trigger}/runs?${query}`)).body.map(
      ({ id }) => id,
    );
  await host.call("POST", `/api/triggers/${trigger}/run`);
  const known = await until("two runs", async () => {
    const found = await list("limit=100");
    return found.length >= 2 && found;
  });
  expect(await list(`limit=1&after=${present(known[0])}`)).toEqual([known[1]]);
  expect(await list("status=error")).toEqual([]);
  expect(await list("q=no such words")).toEqual([]);
  expect(await list(`to=${encodeURIComponent("2020-01-01")}`)).toEqual([]);
});

test("the page is shown a signing key once, when it is new, and a list never has one", async () => {
  const page = await signedInPage(host);
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(host.url + path, {
      method,
      headers: {
        cookie: page.cookie,
        "x-csrf-token": page.csrf,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  };
  interface Answer {
    webhooks: { id: string; signing_key?: string; waiting: number; dead: number }[];
  }
  const path = `${connect}/${trigger}/webhooks`;
  const [first] = (await call<Answer>("PUT", path, { webhook_urls: [url] })).webhooks;
  expect(first?.signing_key).toMatch(/^whk_/);
  const again = await call<Answer>("PUT", path, { webhook_urls: [url, `${url}/two`] });
  expect(again.webhooks.map(({ signing_key }) => signing_key !== undefined)).toEqual([false, true]);
  const listed = await call<Answer>("GET", path);
  expect(listed.webhooks).toMatchObject([
    { id: first?.id, waiting: 0, dead: 0 },
    { waiting: 0, dead: 0 },
  ]);
  expect(JSON.stringify(listed)).not.toContain("whk_");
  const { data: renewed } = await call<{ data: { signing_key?: string } }>(
    "POST",
    `${path}/${first?.id}/regenerate_signing_key`,
  );
  expect(renewed.signing_key).toMatch(/^whk_/);
  expect(renewed.signing_key).not.toBe(first?.signing_key);
});
