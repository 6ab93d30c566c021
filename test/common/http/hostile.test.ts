import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { axios as platformAxios } from "@pipedream/platform";
import axios from "axios";
import {
  axiosTransport,
  bulkCreate,
  createClient,
  fetchTransport,
  platformTransport,
  type ServiceNowError,
  type Transport,
  type TransportRequest,
} from "../../../common";
import { failure, httpServer, stubClient, stubTransport, type StubAnswer, bodyText } from "../stub";

const ok: StubAnswer = { json: { result: { sys_id: "1" } } };

const transports: Array<[string, () => Transport]> = [
  ["fetch", () => fetchTransport()],
  ["plain axios", () => axiosTransport(axios)],
  ["the platform's axios", () => platformTransport(platformAxios, { export: () => undefined, context: {} })],
];

describe.each(transports)("over %s", (_name, make) => {
  const clientFor = (url: string): ReturnType<typeof createClient> =>
    createClient({
      instance: url,
      auth: { type: "token", token: "secret-token" },
      transport: make(),
      retry: { baseMs: 1, maxDelayMs: 1 },
      timeoutMs: 5000,
    });

  it.each([301, 302, 303, 307, 308])(
    "a %i to another host is not followed, so the token stays here",
    async (status) => {
      const strangers: unknown[] = [];
      const stranger = await httpServer((request, response) => {
        strangers.push(request.headers);
        response.end("{}");
      });
      const server = await httpServer((_request, response) => {
        response.writeHead(status, { location: `${stranger.url}/sso?token=1` }).end();
      });
      const error = (await clientFor(server.url)
        .table("incident")
        .page()
        .catch((caught: unknown) => caught)) as ServiceNowError;
      expect(error).toMatchObject({ kind: "login-page", retryable: false });
      expect(error.message).toMatch(/redirected to http:\/\/127\.0\.0\.1/);
      expect(error.message).not.toContain("token=1");
      expect(strangers).toEqual([]);
      await Promise.all([server.close(), stranger.close()]);
    },
  );

  it("a token endpoint that sends elsewhere does not get the password there", async () => {
    const strangers: string[] = [];
    const stranger = await httpServer((_request, response, body) => {
      strangers.push(body.toString());
      response.end("{}");
    });
    const server = await httpServer((_request, response) => {
      response.writeHead(307, { location: `${stranger.url}/oauth_token.do` }).end();
    });
    const app = { type: "oauth", grant: "password", clientId: "c", clientSecret: "s" } as const;
    const client = createClient({
      instance: server.url,
      auth: { ...app, username: "u", password: "hunter2" },
      transport: make(),
    });
    const error: unknown = await client
      .table("incident")
      .page()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: "not-servicenow" });
    expect(JSON.stringify(error)).not.toContain("hunter2");
    expect(strangers).toEqual([]);
    await Promise.all([server.close(), stranger.close()]);
  });

  it.each<[string, boolean]>([
    ["whose connection breaks", true],
    ["that ends as if it were whole", false],
  ])("a gzip body cut in half, %s, is read again and never taken for the answer", async (_how, breaks) => {
    const rows = Array.from({ length: 2000 }, (_, i) => ({ number: `INC${i}`, text: String(Math.sin(i)) }));
    const whole = gzipSync(JSON.stringify({ result: rows }));
    let asked = 0;
    const server = await httpServer((_request, response) => {
      const half = ++asked === 1;
      const headers = { "content-type": "application/json", "content-encoding": "gzip" };
      response.writeHead(200, half && !breaks ? headers : { ...headers, "content-length": whole.length });
      if (!half) return void response.end(whole);
      response.write(whole.subarray(0, whole.length / 2), () => {
        if (breaks) response.destroy();
        else response.end();
      });
    });
    const page = await clientFor(server.url).table("incident").page();
    expect(page.rows).toEqual(rows);
    expect(asked).toBe(2);
    await server.close();
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ["breaks", (response) => response.destroy(), "cut-off"],
    ["falls silent", () => undefined, "timeout"],
    ["is cancelled", (response) => response.emit("cancel"), "aborted"],
    ["outlives its client", (response) => response.emit("close-client"), "aborted"],
  ])("a stream that %s in the middle ends in an error of the family", async (_how, then, kind) => {
    const controller = new AbortController();
    let half: (() => void) | undefined;
    const server = await httpServer((_request, response) => {
      response.on("cancel", () => controller.abort());
      response.on("close-client", () => client.close());
      response.writeHead(200, { "content-type": "application/octet-stream", "content-length": 2000 });
      response.write(Buffer.alloc(1000));
      half = () => then(response);
    });
    const client = clientFor(server.url);
    const answer = await client.request<ReadableStream<Uint8Array>>({
      path: "/api/now/attachment/1/file",
      responseType: "stream",
      timeoutMs: 300,
      signal: controller.signal,
      operation: "download attachment 1",
    });
    const reader = answer.data.getReader();
    let bytes = 0;
    const reading = (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        bytes += value.length;
        half?.();
      }
    })();
    await expect(reading).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(/download attachment 1/),
    });
    expect(bytes).toBe(1000);
    await server.close();
  });

  it("a create whose answer is cut in half is not sent again", async () => {
    let asked = 0;
    const whole = gzipSync(JSON.stringify({ result: { sys_id: "1" } }));
    const server = await httpServer((_request, response) => {
      asked++;
      response.writeHead(201, {
        "content-type": "application/json",
        "content-encoding": "gzip",
        "content-length": whole.length,
      });
      response.write(whole.subarray(0, 12), () => response.destroy());
    });
    const error = await clientFor(server.url)
      .table("incident")
      .create({ short_description: "x" })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: expect.stringMatching(/network|cut-off/) as string });
    expect(asked).toBe(1);
    await server.close();
  });
});

describe("a Retry-After that makes no sense", () => {
  it.each([
    ["a date that has passed", "Sat, 21 Nov 2026 06:00:00 GMT"],
    ["zero", "0"],
    ["words", "later"],
    ["a negative number", "-5"],
    ["nothing", ""],
  ])("%s: the client waits as it would by itself, and does not hammer", async (_name, value) => {
    const limited = {
      status: 429,
      json: failure("Rate limit exceeded"),
      headers: { "retry-after": value },
    };
    const transport = stubTransport((_, n) => (n < 3 ? limited : ok));
    const { client, waits } = stubClient(transport);
    await client.table("incident").get("1");
    expect(waits).toEqual([250, 500]);
  });

  it("a number beyond all calendars fails at once, with its seconds and without an impossible date", async () => {
    const transport = stubTransport(() => ({
      status: 429,
      json: failure("Rate limit exceeded"),
      headers: { "retry-after": "99999999999999", "x-ratelimit-reset": "99999999999999" },
    }));
    const { client, waits } = stubClient(transport);
    const error = (await client
      .table("incident")
      .get("1")
      .catch((caught: unknown) => caught)) as ServiceNowError;
    expect(error).toMatchObject({ kind: "rate-limit", retryAfter: 99999999999999, resetAt: undefined });
    expect(() => JSON.stringify(error)).not.toThrow();
    expect(waits).toEqual([]);
  });
});

describe("a 429 inside of a batch", () => {
  interface Item {
    id: string;
    body: string;
  }
  const items = (request: TransportRequest): Item[] =>
    (JSON.parse(bodyText(request)) as { rest_requests: Item[] }).rest_requests;
  const bodyOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");
  const turnedAway = (id: string, headers: { name: string; value: string }[] = []): unknown => ({
    id,
    status_code: 429,
    headers,
    body: bodyOf(failure("Rate limit exceeded", "Rate limit of 100 requests per hour")),
  });
  const made = (item: Item): unknown => ({
    id: item.id,
    status_code: 201,
    headers: [],
    body: bodyOf({ result: { sys_id: `made-${Buffer.from(item.body, "base64").toString().slice(-5, -2)}` } }),
  });
  const rows = Array.from({ length: 6 }, (_, i) => ({ short_description: `row ${100 + i}` }));

  it("is waited out, and only the records that were turned away are sent again", async () => {
    const sent: number[] = [];
    const transport = stubTransport((request, n) => {
      const list = items(request);
      sent.push(list.length);
      const wait = [{ name: "Retry-After", value: "3" }];
      const serviced_requests = list.map((item, i) =>
        n === 1 && i >= 2 ? turnedAway(item.id, wait) : made(item),
      );
      return { json: { batch_request_id: "1", serviced_requests, unserviced_requests: [] } };
    });
    const { client, waits } = stubClient(transport);
    const report = await bulkCreate(client, "incident", rows);
    expect(report).toMatchObject({ done: 6, failed: 0 });
    expect(new Set(report.results.map(({ sysId }) => sysId)).size).toBe(6);
    expect(waits).toEqual([3150]);
    expect(sent[0]).toBe(6);
    expect(sent.slice(1).reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  it.each<[string, { name: string; value: string }[], number]>([
    ["that asks for most of an hour", [{ name: "Retry-After", value: "2400" }], 0],
    ["that does not end", [], 2],
  ])("%s is reported for each record, with the reason", async (_name, headers, waited) => {
    const transport = stubTransport((request) => ({
      json: { serviced_requests: items(request).map(({ id }) => turnedAway(id, headers)) },
    }));
    const { client, waits } = stubClient(transport);
    const report = await bulkCreate(client, "incident", rows.slice(0, 1));
    expect(report).toMatchObject({ done: 0, failed: 1 });
    expect(report.results[0]).toMatchObject({ outcome: "failed", error: { kind: "rate-limit" } });
    expect(waits).toHaveLength(waited);
  });

  it("a cancelled wait ends the whole with `aborted`", async () => {
    const controller = new AbortController();
    const transport = stubTransport((request) => ({
      json: { serviced_requests: items(request).map(({ id }) => turnedAway(id)) },
    }));
    const { client } = stubClient(transport, {
      sleep: async () => {
        controller.abort();
        throw new Error("cancelled");
      },
    });
    await expect(bulkCreate(client, "incident", rows, { signal: controller.signal })).rejects.toMatchObject({
      kind: "aborted",
    });
  });
});

it("a listener that throws neither fails a call nor has it sent twice", async () => {
  const transport = stubTransport((_, n) => (n === 1 ? { status: 503 } : ok));
  const { client } = stubClient(transport, {
    log: () => {
      throw new Error("the log is full");
    },
  });
  expect(await client.table("incident").get("1")).toEqual({ sys_id: "1" });
  expect(transport.requests).toHaveLength(2);
});

it("a call that waits for its turn is let go at its deadline, and leaves its place to the next", async () => {
  let free = (): void => undefined;
  const hold = new Promise<void>((resolve) => (free = resolve));
  const transport = stubTransport(async (_, n) => {
    if (n === 1) await hold;
    return ok;
  });
  const { client } = stubClient(transport, { concurrency: 1 });
  const first = client.table("incident").get("1");
  const impatient = client.table("incident").get("2", { deadlineMs: 20 });
  const patient = client.table("incident").get("3");
  await expect(impatient).rejects.toMatchObject({ kind: "timeout" });
  free();
  await Promise.all([first, patient]);
  expect(transport.requests.map(({ url }) => /incident\/(\d)/.exec(url)?.[1])).toEqual(["1", "3"]);
});
