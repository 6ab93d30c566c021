import { isServiceNowError, TransportError, type ServiceNowError } from "../../../common";
import { createLimiter } from "../../../common/http/limiter";
import { failure, stubClient, stubTransport, type StubAnswer } from "../stub";

const ok: StubAnswer = { json: { result: { sys_id: "1" } } };
const busy: StubAnswer = { status: 503, text: "busy" };

describe("PS-55, AM-24: retries by kind of call", () => {
  it("repeats a read after 503 with growing, random waits", async () => {
    const transport = stubTransport((_, n) => (n < 4 ? busy : ok));
    const { client, waits } = stubClient(transport);
    await client.table("incident").get("1");
    expect(transport.requests).toHaveLength(4);
    expect(waits).toEqual([250, 500, 1000]);
  });

  it.each([
    ["a create", (c: ReturnType<typeof stubClient>["client"]) => c.table("incident").create({ a: 1 }), 1],
    [
      "an update that writes work notes",
      (c: ReturnType<typeof stubClient>["client"]) => c.table("incident").update("1", { work_notes: "x" }),
      1,
    ],
    [
      "an update of a custom journal",
      (c: ReturnType<typeof stubClient>["client"]) => c.table("incident").update("1", { u_my_comments: "x" }),
      1,
    ],
    [
      "an update that sets values",
      (c: ReturnType<typeof stubClient>["client"]) => c.table("incident").update("1", { state: 2 }),
      4,
    ],
    ["a delete", (c: ReturnType<typeof stubClient>["client"]) => c.table("incident").delete("1"), 4],
  ])("%s, after 503, is sent as often as is safe", async (_name, act, sent) => {
    const transport = stubTransport(() => busy);
    const { client } = stubClient(transport);
    await expect(act(client)).rejects.toMatchObject({ kind: "server" });
    expect(transport.requests).toHaveLength(sent);
  });

  it("repeats a create that surely never arrived, or was turned away with 429", async () => {
    const transport = stubTransport((_, n) =>
      n === 1
        ? new TransportError("network", "ECONNREFUSED", true)
        : n === 2
          ? { status: 429, text: "" }
          : { ...ok, status: 201 },
    );
    await stubClient(transport).client.table("incident").create({ a: 1 });
    expect(transport.requests).toHaveLength(3);
  });

  it("does not repeat a create whose answer was lost", async () => {
    const transport = stubTransport(() => new TransportError("network", "ECONNRESET"));
    await expect(stubClient(transport).client.table("incident").create({ a: 1 })).rejects.toMatchObject({
      kind: "network",
    });
    expect(transport.requests).toHaveLength(1);
  });

  it.each([
    ["a broken connection", new TransportError("network", "ECONNRESET"), /broke before its answer came/],
    ["no answer in time", new TransportError("timeout"), /did not answer in time/],
    ["a gateway's error", { status: 504, json: failure("Gateway timeout") }, /answered 504/],
    [
      "half an answer",
      { text: '{"result":{"sys_id"', headers: { "content-type": "application/json" } },
      /breaks off/,
    ],
  ])(
    "does not advise to repeat a create after %s, since it may have been carried out",
    async (_, answer, what) => {
      const { client } = stubClient(stubTransport(() => answer));
      const attempt = client.table("incident").create({ a: 1 });
      await expect(attempt).rejects.toThrow(what);
      await expect(attempt).rejects.toThrow(/may have been carried out all the same\. Look whether it was/);
      const refused = stubClient(stubTransport(() => new TransportError("network", "ECONNREFUSED", true)));
      await expect(refused.client.table("incident").create({ a: 1 })).rejects.not.toThrow(/carried out/);
    },
  );

  it("looks for the record before repeating a create with a correlation column", async () => {
    const MADE = { sys_id: "made", correlation_id: "k1" };
    const transport = stubTransport((request) =>
      request.method === "POST"
        ? new TransportError("timeout")
        : { json: { result: /incident\/made/.test(request.url) ? MADE : [MADE] } },
    );
    const record = await stubClient(transport)
      .client.table("incident")
      .create({ correlation_id: "k1" }, { correlation: "correlation_id" });
    expect(record).toEqual(MADE);
    expect(transport.requests.map((r) => r.method)).toEqual(["POST", "GET", "GET"]);
    expect(decodeURIComponent(transport.requests[1]?.url ?? "")).toContain("correlation_id=k1");
  });

  it("creates once when the correlated record is not there", async () => {
    const transport = stubTransport((request, n) =>
      n === 1
        ? new TransportError("timeout")
        : request.method === "GET"
          ? { json: { result: [] } }
          : { status: 201, json: { result: { sys_id: "2" } } },
    );
    const record = await stubClient(transport)
      .client.table("incident")
      .create({ correlation_id: "k1" }, { correlation: "correlation_id" });
    expect(record["sys_id"]).toBe("2");
  });

  it("takes a 404 for done when a delete is repeated after a lost answer, and for an error otherwise", async () => {
    const gone = { status: 404, json: failure("No Record found", "x") };
    const lost = stubTransport((_, n) => (n === 1 ? new TransportError("network", "ECONNRESET") : gone));
    await expect(stubClient(lost).client.table("incident").delete("1")).resolves.toBeUndefined();
    await expect(
      stubClient(stubTransport(() => gone))
        .client.table("incident")
        .delete("1"),
    ).rejects.toMatchObject({ kind: "not-found" });
  });

  it("does not take a 404 for done when the try before was turned away at the door", async () => {
    const gone = { status: 404, json: failure("No Record found", "x") };
    for (const first of [{ status: 429 }, new TransportError("network", "ECONNREFUSED", true)]) {
      const away = stubTransport((_, n) => (n === 1 ? first : gone));
      const { client } = stubClient(away);
      await expect(client.table("incident").delete("1")).rejects.toMatchObject({ kind: "not-found" });
      expect(away.requests).toHaveLength(2);
    }
  });

  it("AM-25: can be switched off for the client and for a call", async () => {
    const transport = stubTransport(() => busy);
    await expect(
      stubClient(transport, { retry: false }).client.table("incident").get("1"),
    ).rejects.toMatchObject({ kind: "server" });
    await expect(
      stubClient(transport).client.table("incident").get("1", { retry: false }),
    ).rejects.toMatchObject({ kind: "server" });
    expect(transport.requests).toHaveLength(2);
  });

  it("never repeats 400, 403 or 404", async () => {
    for (const status of [400, 403, 404]) {
      const transport = stubTransport(() => ({ status, json: failure("no") }));
      await expect(stubClient(transport).client.table("incident").get("1")).rejects.toMatchObject({ status });
      expect(transport.requests).toHaveLength(1);
    }
  });
});

describe("Retry-After", () => {
  const limited = (retryAfter: string): StubAnswer => ({
    status: 429,
    json: failure("Rate limit exceeded", "Rate limit of 100 requests per hour"),
    headers: { "retry-after": retryAfter },
  });

  it.each([
    ["seconds", "2"],
    ["a date, on the server's clock", "Sat, 21 Nov 2026 07:00:02 GMT"],
  ])("is waited out, and a little more: %s", async (_name, value) => {
    const transport = stubTransport((_, n) => (n === 1 ? limited(value) : ok));
    const { client, waits } = stubClient(transport);
    await client.table("incident").get("1");
    expect(waits).toEqual([2100]);
  });

  it("beyond the ceiling fails at once and says when the limit opens", async () => {
    const reset = 1_800_000_000;
    const answer = limited("2400");
    const transport = stubTransport(() => ({
      ...answer,
      headers: { ...answer.headers, "x-ratelimit-reset": String(reset) },
    }));
    const { client, waits } = stubClient(transport);
    const error = await client
      .table("incident")
      .get("1")
      .catch((e: ServiceNowError) => e);
    expect(error).toMatchObject({
      kind: "rate-limit",
      retryAfter: 2400,
      resetAt: new Date(reset * 1000),
      retryable: true,
    });
    expect(waits).toEqual([]);
    expect(transport.requests).toHaveLength(1);
  });
});

describe("PS-10: time", () => {
  it("ends the whole call at its deadline", async () => {
    let now = 0;
    const transport = stubTransport(() => busy);
    const { client } = stubClient(transport, {
      now: () => now,
      sleep: async (ms) => void (now += ms),
      deadlineMs: 600,
      retry: { retries: 50 },
    });
    await expect(client.table("incident").get("1")).rejects.toMatchObject({ kind: "server" });
    expect(now).toBeLessThanOrEqual(600);
  });

  it("gives each request the time that is left", async () => {
    const transport = stubTransport(() => ok);
    await stubClient(transport, { timeoutMs: 5000 }).client.table("incident").get("1", { deadlineMs: 1000 });
    expect(transport.requests[0]?.timeoutMs).toBeLessThanOrEqual(1000);
  });

  it("obeys the caller's signal while it waits", async () => {
    const controller = new AbortController();
    const { client } = stubClient(
      stubTransport(() => busy),
      {
        sleep: (_ms, signal) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener("abort", () => reject(new Error("x")));
            controller.abort();
          }),
      },
    );
    await expect(client.table("incident").get("1", { signal: controller.signal })).rejects.toMatchObject({
      kind: "aborted",
    });
  });

  it("refuses a call that was cancelled before it began", async () => {
    const transport = stubTransport(() => ok);
    const { client } = stubClient(transport);
    await expect(client.table("incident").get("1", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: "aborted",
    });
    expect(transport.requests).toHaveLength(0);
  });
});

describe("PS-56: concurrency", () => {
  it("runs no more calls at a time than allowed", async () => {
    let running = 0;
    let most = 0;
    const release: Array<() => void> = [];
    const transport = stubTransport(async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => release.push(resolve));
      running--;
      return ok;
    });
    const { client } = stubClient(transport, { concurrency: 3 });
    const calls = Promise.all(Array.from({ length: 10 }, () => client.table("incident").get("1")));
    const drain = setInterval(() => release.splice(0).forEach((go) => go()), 1);
    await calls;
    clearInterval(drain);
    expect(most).toBe(3);
  });

  it("halves when the instance is busy and recovers one by one", () => {
    const limiter = createLimiter(8);
    limiter.slowDown();
    limiter.slowDown();
    expect(limiter.limit).toBe(2);
    for (let i = 0; i < 50; i++) limiter.speedUp();
    expect(limiter.limit).toBe(8);
  });

  it("gives up a place in the queue when the call is cancelled", async () => {
    const limiter = createLimiter(1);
    let free = (): void => undefined;
    const first = limiter.run(() => new Promise<void>((resolve) => (free = resolve)));
    const controller = new AbortController();
    const second = limiter.run(async () => 2, controller.signal);
    controller.abort();
    await expect(second).rejects.toBeDefined();
    free();
    await first;
    await expect(limiter.run(async () => 3)).resolves.toBe(3);
  });
});

it("PS-54, PS-57, AM-27: no secret stands in an error or in the log", async () => {
  const events: unknown[] = [];
  const transport = stubTransport(() =>
    Object.assign(new Error("Bearer secret-token failed"), {
      config: { headers: { authorization: "Bearer secret-token" } },
    }),
  );
  const { client } = stubClient(transport, { log: (event) => events.push(event), retry: false });
  const error: unknown = await client
    .table("incident")
    .page({ query: "short_description=private" })
    .catch((e: unknown) => e);
  expect(isServiceNowError(error)).toBe(true);
  const shown = JSON.stringify([error, String(error), (error as Error).stack, events]);
  expect(shown).not.toContain("secret-token");
  expect(shown).not.toContain("private");
  expect(events).toHaveLength(1);
});
