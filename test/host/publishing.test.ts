import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { connectionOfRunning } from "../../host/src/db/embedded-server";
import { deployCounter, untilCounted } from "./counting";
import { startHost, temporaryFolder, until, type TestHost } from "./host";
import { present } from "../helpers/present";

const P = "/v1/connect/local/deployed-triggers";
let dataDir: string;
let host: TestHost;
const servers: Server[] = [];
beforeAll(async () => {
  dataDir = temporaryFolder();
  host = await startHost({ dataDir });
});
afterAll(async () => {
  await host?.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** A receiver; what `answer` gives is its status, and undefined never answers. */
async function receiver(answer: (n: number) => number | undefined): Promise<{ url: string; got: number[] }> {
  const got: number[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { n } = JSON.parse(body) as { n: number };
      const status = answer(n);
      if (status === 200) got.push(n);
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got };
}
interface Webhooks {
  webhooks: { id: string; url: string; failures: { count: number; last_error: string } | null }[];
}
const webhooksOf = async (trigger: string): Promise<Webhooks["webhooks"]> =>
  (await host.call<Webhooks>("GET", `${P}/${trigger}/webhooks`)).body.webhooks;

/** As if the time of the next attempts had come. */
async function hurry(attempts: number, webhook: string): Promise<void> {
  const { connection, close } = connectionOfRunning(dataDir);
  const client = new pg.Client({ ...connection });
  await client.connect();
  try {
    await client.query("update webhooks set attempts = $2 where id = $1", [webhook, attempts]);
    await client.query(
      "update queue.job set start_after = now() where name = 'deliveries' and singleton_key = $1 and state < 'active'",
      [webhook],
    );
  } finally {
    await client.end();
    close();
  }
}

test("deliveries come in order to each receiver, and one that hangs keeps no other waiting", async () => {
  const slow = await Promise.all(Array.from({ length: 25 }, () => receiver(() => undefined)));
  await Promise.all(slow.map(({ url }) => deployCounter(host, { perRun: 2 }, { webhook_url: url })));
  const fast = await receiver(() => 200);
  const id = await deployCounter(host, { perRun: 50, slice: 5 }, { webhook_url: fast.url });
  await untilCounted(host, id, 51);
  await until("51 deliveries", async () => fast.got.length >= 51);
  expect(fast.got).toEqual(Array.from({ length: 51 }, (_, n) => n));
}, 240_000);

test("an event that its receiver never takes becomes a dead letter after ten attempts, later ones follow, and it can be replayed", async () => {
  let refusing = true;
  const { url, got } = await receiver((n) => (refusing && n === 1 ? 500 : 200));
  const id = await deployCounter(host, { perRun: 3 }, { webhook_url: url });
  const webhook = (
    await until("the failure", async () => {
      const [only] = await webhooksOf(id);
      return only?.failures ? only : undefined;
    })
  ).id;
  expect(got).toEqual([0]);
  expect((await webhooksOf(id))[0]?.failures).toMatchObject({ count: 1, last_error: "HTTP 500" });
  await hurry(9, webhook);
  await until("the later ones", async () => got.length === 3);
  expect(got).toEqual([0, 2, 3]);
  const dead = await host.call<{ data: { event_id: string; error: string }[] }>(
    "GET",
    `${P}/${id}/webhooks/${webhook}/dead-letters`,
  );
  expect(dead.body.data).toMatchObject([{ error: "HTTP 500" }]);
  refusing = false;
  const replay = await host.call("POST", `${P}/${id}/webhooks/${webhook}/replay`, {
    event_ids: [dead.body.data[0]?.event_id],
  });
  expect({ status: replay.status, body: replay.body }).toEqual({ status: 202, body: { replayed: 1 } });
  await until("the replayed one", async () => got.length === 4);
  expect(got.at(-1)).toBe(1);
  expect((await webhooksOf(id))[0]?.failures).toBeNull();
}, 60_000);

test("a failing receiver is not tried more often because there are more events", async () => {
  let tries = 0;
  const { url } = await receiver(() => {
    tries += 1;
    return 500;
  });
  const id = await deployCounter(host, { timer: { intervalSeconds: 1 }, perRun: 2 }, { webhook_url: url });
  await untilCounted(host, id, 8);
  expect(tries).toBe(1);
  await host.call("DELETE", `${P}/${id}`);
});

test("an event with a delivery_ts is neither listed, nor streamed, nor sent before its time", async () => {
  const { url, got } = await receiver(() => 200);
  const { body } = await host.call<{ data: { id: string } }>("POST", "/v1/connect/local/triggers/deploy", {
    id: "conformance-later",
    external_user_id: "local",
    webhook_url: url,
    configured_props: { delayMs: 4000 },
  });
  const { id } = body.data;
  const stream = await fetch(`${host.url}/api/stream`, {
    headers: { authorization: `Bearer ${host.token}` },
  });
  let streamed = "";
  const reading = (async () => {
    for await (const chunk of present(stream.body)) streamed += Buffer.from(chunk as Uint8Array).toString();
  })().catch(() => undefined);
  await host.call("POST", `/api/triggers/${id}/run`);
  const listed = async (): Promise<number[]> =>
    (await host.call<{ data: { e: { n: number } }[] }>("GET", `${P}/${id}/events`)).body.data.map(
      ({ e }) => e.n,
    );
  await until("the event that is due at once", async () => got.includes(1));
  expect(await listed()).not.toContain(2);
  expect(got).not.toContain(2);
  expect(streamed).not.toContain('"sum":"later"');
  await until("the delayed one", async () => got.includes(2));
  expect(await listed()).toContain(2);
  await until("its live view", async () => streamed.includes('"sum":"later"'));
  void reading;
}, 60_000);
