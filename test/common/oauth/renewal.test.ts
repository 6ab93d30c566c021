import { attachments, createClient } from "../../../common";
import { failure, httpServer, stubClient, stubTransport } from "../stub";
import { call, clientFor, fakeInstance, outcome, PASSWORD } from "./signing-in";

/** An instance whose token endpoint answers when told to. */
function gatedInstance(): {
  transport: ReturnType<typeof stubTransport>;
  open: () => void;
  asked: () => number;
} {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let asked = 0;
  const transport = stubTransport(async (request) => {
    if (!request.url.endsWith("/oauth_token.do")) return { json: { result: [] } };
    asked++;
    await gate;
    return { json: { access_token: `t${asked}`, expires_in: 1800 } };
  });
  return { transport, open: () => open(), asked: () => asked };
}

describe("PS-46, AM-29, X8: one renewal", () => {
  it("20 and 1,000 parallel calls without a token: one request", async () => {
    for (const parallel of [20, 1000]) {
      const { fake, client } = clientFor();
      await Promise.all(Array.from({ length: parallel }, () => call(client)));
      expect(fake.asked).toHaveLength(1);
    }
  });
  it("a revoked token, 401s together: one renewal, all calls go through", async () => {
    const { fake, client } = clientFor();
    await call(client);
    fake.revoke();
    await Promise.all(Array.from({ length: 100 }, () => call(client)));
    expect(fake.asked).toHaveLength(2);
  });
  it("X5: a late 401 names the old token and renews nothing", async () => {
    const { fake, transport } = fakeInstance();
    let late: (() => void) | undefined;
    const wrapped: typeof transport = Object.assign(
      async (request: Parameters<typeof transport>[0]) => {
        if (request.url.includes("/table/slow") && request.headers["authorization"] === "Bearer t1") {
          await new Promise<void>((resolve) => (late = resolve));
        }
        return transport(request);
      },
      { requests: transport.requests },
    );
    const { client } = stubClient(wrapped, { auth: PASSWORD, now: () => fake.now });
    await call(client);
    const slow = client.table("slow").page();
    await new Promise((resolve) => setTimeout(resolve, 5));
    fake.revoke();
    await call(client);
    expect(fake.asked).toHaveLength(2);
    late?.();
    await slow;
    expect(fake.asked).toHaveLength(2);
  });
  it("renews once and repeats once, then gives up", async () => {
    const transport = stubTransport((request, n) =>
      request.url.endsWith("oauth_token.do")
        ? { json: { access_token: `t${n}`, expires_in: 1800 } }
        : { status: 401, json: failure("User is not authenticated") },
    );
    await expect(call(stubClient(transport, { auth: PASSWORD }).client)).rejects.toMatchObject({
      kind: "unauthenticated",
    });
    expect(transport.requests.map((r) => new URL(r.url).pathname.split("/").pop())).toEqual([
      "oauth_token.do",
      "incident",
      "oauth_token.do",
      "incident",
    ]);
  });
});

describe("a renewal that many calls wait for", () => {
  it("goes on for the other 19 when one of 20 callers gives up, who is let go at once", async () => {
    const { transport, open, asked } = gatedInstance();
    const { client } = stubClient(transport, { auth: PASSWORD, concurrency: 100 });
    const impatient = new AbortController();
    const first = outcome(client.table("incident").page({ signal: impatient.signal }));
    const others = Array.from({ length: 19 }, () => outcome(client.table("incident").page()));
    impatient.abort();
    expect(await first).toBe("aborted");
    open();
    expect(await Promise.all(others)).toEqual(Array.from({ length: 19 }, () => "done"));
    expect(asked()).toBe(1);
  });

  it("is not waited for beyond the call's own deadline, and serves the next call", async () => {
    const { transport, open, asked } = gatedInstance();
    const { client } = stubClient(transport, { auth: PASSWORD });
    expect(await outcome(client.table("incident").page({ deadlineMs: 20 }))).toBe("timeout");
    open();
    expect(await outcome(client.table("incident").page())).toBe("done");
    expect(asked()).toBe(1);
  });

  it("leaves no unhandled rejection behind when everybody gave up and it fails", async () => {
    const seen: unknown[] = [];
    const watch = (reason: unknown): void => void seen.push(reason);
    process.on("unhandledRejection", watch);
    let fail = (): void => undefined;
    const gate = new Promise<void>((resolve) => (fail = resolve));
    const transport = stubTransport(async () => {
      await gate;
      return { status: 401, json: { error: "server_error", error_description: "access_denied" } };
    });
    const { client } = stubClient(transport, { auth: PASSWORD });
    expect(await outcome(client.table("incident").page({ deadlineMs: 5 }))).toBe("timeout");
    fail();
    // A rejection that nobody takes is told after the next turn of the loop.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", watch);
    expect(seen).toEqual([]);
  });
});

it("a renewal does not disturb a download that is under way, and an upload that met the old token is sent again whole", async () => {
  let good = "";
  let count = 0;
  let finish = (): void => undefined;
  const uploads: string[] = [];
  const server = await httpServer((request, response, body) => {
    const json = (status: number, value: unknown): void =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.url === "/oauth_token.do") {
      good = `t${++count}`;
      return json(200, { access_token: good, expires_in: 1800 });
    }
    if (request.headers.authorization !== `Bearer ${good}`) return json(401, { error: { message: "no" } });
    if (request.method === "POST") {
      uploads.push(body.toString());
      return json(201, { result: { sys_id: "1" } });
    }
    if (request.url?.endsWith("/file")) {
      response.writeHead(200, { "content-type": "text/plain", "content-length": "10" });
      response.write("first");
      finish = () => void response.end(" last");
      return;
    }
    json(200, { result: [] });
  });
  const client = createClient({ instance: server.url, auth: PASSWORD });
  const files = attachments(client);
  const download = await files.stream("a".repeat(32));
  good = "revoked";
  await client.table("incident").page();
  expect(good).toBe("t2");
  good = "revoked again";
  const content = (): ReadableStream<Uint8Array> => new Blob(["all of it"]).stream();
  await files.upload({ table: "incident", record: "b".repeat(32) }, { name: "a.txt", content });
  finish();
  expect(await new Response(download.body).text()).toBe("first last");
  expect(uploads).toEqual(["all of it"]);
  expect(count).toBe(3);
  await server.close();
});
