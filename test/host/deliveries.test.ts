import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startHost, until } from "./host";
import { present } from "../helpers/present";

interface Received {
  body: string;
  signature: string;
  id: string;
}

test("events are sent to a trigger's webhooks, signed with the key of the webhook", async () => {
  const received: Received[] = [];
  let refusing = true;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      if (!refusing)
        received.push({
          body,
          signature: String(request.headers["x-pd-signature"]),
          id: String(request.headers["x-pd-emission-id"]),
        });
      response.writeHead(refusing ? 503 : 200).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const host = await startHost();
  try {
    const deployed = await host.call<{ data: { id: string } }>("POST", "/v1/connect/local/triggers/deploy", {
      id: "conformance-counter",
      external_user_id: "local",
      configured_props: { perRun: 3 },
      emit_on_deploy: false,
    });
    const base = `/v1/connect/local/deployed-triggers/${deployed.body.data.id}`;
    await until(
      "the first events",
      async () => (await host.call<{ data: unknown[] }>("GET", `${base}/events`)).body.data.length === 3,
    );
    refusing = false;
    const set = await host.call<{ webhooks: { id: string; signing_key: string }[] }>(
      "PUT",
      `${base}/webhooks`,
      { webhook_urls: [url] },
    );
    const key = present(set.body.webhooks[0]).signing_key;
    await host.call("POST", `/api/triggers/${deployed.body.data.id}/run`);
    await until("three deliveries", async () => received.length === 3, 30_000);
    expect(received.map(({ body }) => (JSON.parse(body) as { n: number }).n).sort()).toEqual([4, 5, 6]);
    for (const { body, signature } of received) {
      const [, seconds, hash] = present(/^t=(\d+),v1=([0-9a-f]+)$/.exec(signature));
      expect(hash).toBe(createHmac("sha256", key).update(`${seconds}.${body}`).digest("hex"));
    }
    const events = await host.call<{ data: { id: string }[] }>("GET", `${base}/events`);
    expect(received.map(({ id }) => id).sort()).toEqual(
      events.body.data
        .slice(3)
        .map(({ id }) => id)
        .sort(),
    );
    const renewed = await host.call<{ data: { signing_key: string } }>(
      "POST",
      `${base}/webhooks/${present(set.body.webhooks[0]).id}/regenerate_signing_key`,
    );
    expect(renewed.body.data.signing_key).not.toBe(key);
  } finally {
    await host.stop();
    server.close();
  }
});

test("a webhook that cannot be delivered to is named in the log, with its reason in the list of webhooks", async () => {
  const host = await startHost();
  try {
    const { body } = await host.call<{ data: { id: string } }>("POST", "/v1/connect/local/triggers/deploy", {
      id: "conformance-counter",
      external_user_id: "local",
      configured_props: { perRun: 2 },
      webhook_url: "http://127.0.0.1:9/closed",
    });
    interface Webhooks {
      webhooks: { id: string; failures: { count: number; last_error: string } | null }[];
    }
    const [webhook] = await until("the failures", async () => {
      const path = `/v1/connect/local/deployed-triggers/${body.data.id}/webhooks`;
      const { webhooks } = (await host.call<Webhooks>("GET", path)).body;
      return webhooks[0]?.failures ? webhooks : undefined;
    });
    expect(present(present(webhook).failures).last_error).not.toBe("");
    expect(present(present(webhook).failures).count).not.toBe(0);
    await until("the line in the log", async () => host.said().includes(present(webhook).id));
    expect(host.said().split(present(webhook).id)).toHaveLength(2);
  } finally {
    await host.stop();
  }
});
