import { ServiceNowError, TransportError, type ErrorKind } from "../../../common";
import { createIdempotently, findOrCreate } from "../../../common/http/idempotent-create";
import { delayBefore, idempotencyOf, mayRepeat, RETRY } from "../../../common/http/retry";
import { bodyText, failure, stubClient, stubTransport, type StubAnswer } from "../stub";

const failed = (kind: ErrorKind, facts: { status?: number; unsent?: boolean } = {}): ServiceNowError =>
  new ServiceNowError({ kind, what: `${kind} ${facts.status ?? ""}`, ...facts });

/** What was done, in order, when making fails with these errors one after the other and then succeeds. */
async function story(
  errors: Error[],
  found: (looked: number) => string | null,
): Promise<{ done: string[]; result: unknown }> {
  const done: string[] = [];
  let [makes, looks] = [0, 0];
  const make = async (): Promise<string> => {
    done.push("make");
    const error = errors[makes++];
    if (error) throw error;
    return "made";
  };
  const find = async (): Promise<string | null> => {
    done.push("look");
    return found(++looks);
  };
  const result = await createIdempotently(make, find).catch((error: unknown) => error);
  return { done, result };
}

const lost: [ErrorKind, { status?: number }][] = [
  ["server", { status: 500 }],
  ["server", { status: 502 }],
  ["server", { status: 503 }],
  ["server", { status: 504 }],
  ["busy", { status: 202 }],
  ["network", {}],
  ["timeout", {}],
  ["cut-off", { status: 200 }],
  ["incomplete", { status: 200 }],
];

describe("a creation whose answer was lost", () => {
  test.each(lost)("by %s %j is looked for, and what is found is the result", async (kind, facts) => {
    expect(await story([failed(kind, facts)], () => "found")).toEqual({
      done: ["make", "look"],
      result: "found",
    });
  });

  test.each(lost)("by %s %j is made again when it is not there", async (kind, facts) => {
    expect(await story([failed(kind, facts)], () => null)).toEqual({
      done: ["make", "look", "make"],
      result: "made",
    });
  });

  test("may show up late: each look can find it", async () => {
    const errors = [failed("timeout"), failed("server", { status: 504 })];
    expect(await story(errors, (looked) => (looked === 2 ? "late" : null))).toEqual({
      done: ["make", "look", "make", "look"],
      result: "late",
    });
  });

  test("is made three times at most, looked for after each, and fails with the last error", async () => {
    const errors = [
      failed("timeout"),
      failed("network"),
      failed("server", { status: 503 }),
      failed("timeout"),
    ];
    expect(await story(errors, () => null)).toEqual({
      done: ["make", "look", "make", "look", "make", "look"],
      result: errors[2],
    });
  });

  test("is not made again when looking for it fails", async () => {
    const denied = failed("acl", { status: 403 });
    const outcome = await story([failed("timeout")], () => {
      throw denied;
    });
    expect(outcome).toEqual({ done: ["make", "look"], result: denied });
  });
});

describe("a creation that was surely not carried out", () => {
  const refused: [ErrorKind, { status?: number; unsent?: boolean }][] = [
    ["usage", {}],
    ["bad-request", { status: 400 }],
    ["unauthenticated", { status: 401 }],
    ["acl", { status: 403 }],
    ["data-policy", { status: 403 }],
    ["business-rule", { status: 403 }],
    ["invalid-table", { status: 400 }],
    ["rate-limit", { status: 429 }],
    ["busy", { status: 429 }],
    ["server", { status: 501 }],
    ["aborted", {}],
    ["network", { unsent: true }],
    ["timeout", { unsent: true }],
  ];
  test.each(refused)("(%s %j) is neither looked for nor sent again", async (kind, facts) => {
    const error = failed(kind, facts);
    expect(await story([error], () => "another")).toEqual({ done: ["make"], result: error });
  });

  test("by a fault in a program is that fault", async () => {
    const error = new TypeError("x is not a function");
    expect(await story([error], () => "another")).toEqual({ done: ["make"], result: error });
  });
});

describe("a creation that the instance says is there already", () => {
  const conflict = failed("conflict", { status: 409 });
  test("is given back when it is found", async () => {
    expect(await story([conflict], () => "theirs")).toEqual({ done: ["make", "look"], result: "theirs" });
  });
  test("fails as a conflict when it cannot be seen, and is not made again", async () => {
    expect(await story([conflict], () => null)).toEqual({ done: ["make", "look"], result: conflict });
  });
});

test("what was made long ago is found before anything is made", async () => {
  const make = jest.fn(async () => "made");
  expect(await findOrCreate(async () => "old", make)).toEqual({ made: "old", existed: true });
  expect(make).not.toHaveBeenCalled();
  expect(await findOrCreate(async () => null, make)).toEqual({ made: "made", existed: false });
  expect(make).toHaveBeenCalledTimes(1);
});

describe("a create with a correlation column, over the wire", () => {
  const made: StubAnswer = { status: 201, json: { result: { sys_id: "1" } } };
  test.each<[string, StubAnswer | Error, string[]]>([
    ["500", { status: 500, json: failure("x") }, ["POST", "GET", "POST"]],
    ["202", { status: 202, json: { result: {} } }, ["POST", "GET", "POST"]],
    ["a broken connection", new TransportError("network", "ECONNRESET"), ["POST", "GET", "POST"]],
    ["400", { status: 400, json: failure("x") }, ["POST"]],
    ["403", { status: 403, json: failure("x") }, ["POST"]],
  ])("after %s", async (_name, first, sent) => {
    let posts = 0;
    const transport = stubTransport(({ method }) =>
      method === "GET" ? { json: { result: [] } } : posts++ === 0 ? first : made,
    );
    const { client } = stubClient(transport);
    const record = await client
      .table("incident")
      .create({ correlation_id: "k" }, { correlation: "correlation_id" })
      .catch(() => null);
    expect(transport.requests.map(({ method }) => method)).toEqual(sent);
    expect(record).toEqual(sent.length > 1 ? { sys_id: "1" } : null);
    for (const request of transport.requests.filter(({ method }) => method === "POST"))
      expect(JSON.parse(bodyText(request))).toMatchObject({ correlation_id: "k" });
  });
});

describe("what may be sent twice", () => {
  test.each([
    ["GET", undefined, "idempotent"],
    ["HEAD", undefined, "idempotent"],
    ["DELETE", undefined, "idempotent"],
    ["POST", { state: "2" }, "not-idempotent"],
    ["PATCH", { state: "2", u_number_of_notes_2: "1" }, "not-idempotent"],
    ["PATCH", { state: "2" }, "idempotent"],
    ["PUT", { comment_count: "2" }, "idempotent"],
    ["PUT", { state: "2", comments: "x" }, "not-idempotent"],
    ["PATCH", { x_acme_journal: "x" }, "not-idempotent"],
    ["PATCH", { not_u_notes: "x" }, "idempotent"],
    ["PATCH", "text", "not-idempotent"],
    ["PUT", null, "not-idempotent"],
    ["PUT", undefined, "not-idempotent"],
  ] as const)("%s %j is %s", (method, body, expected) => {
    expect(idempotencyOf(method, body)).toBe(expected);
  });
  test("a journal column that the caller names is no value that is set", () => {
    expect(idempotencyOf("PATCH", { log: "x" })).toBe("idempotent");
    expect(idempotencyOf("PATCH", { log: "x" }, ["log"])).toBe("not-idempotent");
  });
});

describe("after a failure the same call is sent again", () => {
  const always = ["idempotent", "not-idempotent"] as const;
  test.each<[ErrorKind, { status?: number; unsent?: boolean }, readonly string[]]>([
    ["rate-limit", { status: 429 }, always],
    ["busy", { status: 429 }, always],
    ["busy", { status: 202 }, ["idempotent"]],
    ["network", {}, ["idempotent"]],
    ["network", { unsent: true }, always],
    ["timeout", {}, ["idempotent"]],
    ["timeout", { unsent: true }, always],
    ["cut-off", { status: 200 }, ["idempotent"]],
    ["server", { status: 502 }, ["idempotent"]],
    ["server", { status: 503 }, ["idempotent"]],
    ["server", { status: 504 }, ["idempotent"]],
    ["server", { status: 500 }, []],
    ["server", { status: 501 }, []],
    ["server", {}, []],
    ["cancelled", { status: 200 }, []],
    ["incomplete", { status: 200 }, []],
    ["acl", { status: 403 }, []],
    ["aborted", {}, []],
    ["usage", {}, []],
  ])("(%s %j) where it is %j", (kind, facts, repeated) => {
    expect(always.filter((idempotency) => mayRepeat(failed(kind, facts), idempotency))).toEqual(repeated);
  });
});

describe("the wait before a repetition", () => {
  const asked = (retryAfter: number | undefined) =>
    new ServiceNowError({ kind: "rate-limit", what: "x", retryAfter });
  test("doubles, is spread by chance, and has a ceiling", () => {
    const waits = [0, 1, 2, 3, 10].map((attempt) => delayBefore(attempt, asked(undefined), RETRY, () => 1));
    expect(waits).toEqual([500, 1000, 2000, 4000, 20_000]);
    expect(delayBefore(3, asked(undefined), RETRY, () => 0.25)).toBe(1000);
    expect(delayBefore(3, asked(0), RETRY, () => 0.25)).toBe(1000);
  });
  test("is never shorter than the instance asks, a tenth longer at most, and given up beyond the limit", () => {
    expect(delayBefore(0, asked(10), RETRY, () => 0)).toBe(10_000);
    expect(delayBefore(0, asked(10), RETRY, () => 1)).toBe(11_000);
    expect(delayBefore(0, asked(60), RETRY, () => 0)).toBe(60_000);
    expect(delayBefore(0, asked(60.001), RETRY, () => 0)).toBeNull();
  });
});

describe("limits of time reach what stands in a batch", () => {
  const path = "/api/now/table/incident";
  test("the time for one answer and for the whole call", async () => {
    const transport = stubTransport(() => ({ json: { serviced_requests: [], unserviced_requests: ["1"] } }));
    const { client } = stubClient(transport);
    const { batch } = await import("../../../common");
    await batch(client, [{ path }], { timeoutMs: 700 });
    await batch(client, [{ path }], { deadlineMs: 300 });
    expect(transport.requests[0]?.timeoutMs).toBe(700);
    expect(transport.requests[1]?.timeoutMs).toBeGreaterThan(200);
    expect(transport.requests[1]?.timeoutMs).toBeLessThanOrEqual(300);
  });
  test("a signal that stops it", async () => {
    const stop = new AbortController();
    const transport = stubTransport(async (request) => {
      stop.abort();
      return request.signal?.aborted ? new TransportError("aborted") : { json: {} };
    });
    const { batch } = await import("../../../common");
    const stopped = batch(stubClient(transport).client, [{ path }, { path }], { signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ kind: "aborted" });
    expect(transport.requests).toHaveLength(1);
  });
});
