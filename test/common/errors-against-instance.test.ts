import {
  addToJournal,
  createClient,
  type ClientOptions,
  type ServiceNow,
  type ServiceNowError,
} from "../../common";
import { duringTests, startInstance } from "../helpers/instance";
import { failureOf } from "./apis/support";
import { present } from "../helpers/present";

const instance = duringTests(startInstance, { incidents: 60 });

const as = (user = "admin", more: Partial<ClientOptions> = {}): ServiceNow =>
  createClient({
    instance: instance.url,
    auth: { type: "basic", username: user, password: user },
    retry: false,
    ...more,
  });
const faults = (list: object[]): Promise<unknown> => instance.control("PUT", "faults", { faults: list });
const read = (client = as()): Promise<unknown> => client.table("incident").page({ limit: 5 });

/** What every error of the client owes its reader. */
function expectWords(error: ServiceNowError): void {
  expect(error.message).toMatch(/^(Could not|The address of this call)/);
  expect((error.reason ?? error.remedy ?? "").length).toBeGreaterThan(20);
  expect(JSON.stringify(error)).not.toMatch(/YWRtaW46YWRtaW4|Basic |Bearer /);
}

describe("3.8: every refusal of the instance is told with its kind, its cause and what to do", () => {
  const rows: Array<
    [string, () => Promise<unknown>, Partial<Record<keyof ServiceNowError, unknown>>, RegExp]
  > = [
    [
      "no valid sign-in",
      () => read(as("admin", { auth: { type: "token", token: "wrong" } })),
      { kind: "unauthenticated", status: 401 },
      /Connect the account again/,
    ],
    [
      "a record that is not there, read",
      () => as().table("incident").get("0".repeat(32)),
      { kind: "not-found", status: 404 },
      /Check the sys_id and the table/,
    ],
    [
      "the same, changed",
      () => as().table("incident").update("0".repeat(32), { urgency: 1 }),
      { kind: "not-found", status: 404 },
      /Check the sys_id and the table/,
    ],
    [
      "the same, deleted",
      () => as().table("incident").delete("0".repeat(32)),
      { kind: "not-found", status: 404 },
      /Check the sys_id and the table/,
    ],
    [
      "an unknown table",
      () => as().table("not_a_real_class").page(),
      { kind: "invalid-table", status: 400 },
      /not its label/,
    ],
    [
      "an unknown API path",
      () => as().request({ path: "/api/now/nothing/here" }),
      { kind: "unknown-path", status: 400 },
      /plugin/,
    ],
    [
      "a column in the query that the account may not read",
      () => as("reader").table("sys_user").page({ query: "user_passwordISNOTEMPTY" }),
      { kind: "query-rights", status: 403 },
      /Take the column out of the query/,
    ],
    [
      "an insert without rights",
      () => as("reader").table("change_request").create({ short_description: "x" }),
      { kind: "acl", status: 403, detail: expect.stringMatching(/Insert Failed/) as string },
      /role with insert access/,
    ],
    [
      "an update without rights",
      async () =>
        as("reader")
          .table("incident")
          .update(await some("incident"), { urgency: 1 }),
      { kind: "acl", status: 403, detail: expect.stringMatching(/Update Failed/) as string },
      /role with update access/,
    ],
    [
      "a delete without rights",
      async () =>
        as("itil")
          .table("incident")
          .delete(await some("incident")),
      { kind: "acl", status: 403, detail: expect.stringMatching(/Delete Failed/) as string },
      /role with delete access/,
    ],
    [
      "a business rule that aborts",
      async () => {
        const change = await as().table("change_request").create({ type: "normal", short_description: "x" });
        return as().table("change_request").update(change, { state: 3 });
      },
      { kind: "business-rule", status: 403 },
      /states its model allows/,
    ],
    [
      "fields that a data policy makes mandatory",
      async () =>
        as()
          .table("incident")
          .update(await some("incident"), { state: 6 }),
      { kind: "data-policy", status: 403, fields: ["Resolution code", "Close notes"] },
      /Give values for: Resolution code/,
    ],
    [
      "a body that is no JSON",
      () =>
        as().request({
          method: "POST",
          path: "/api/now/table/incident",
          raw: "{nonsense",
          headers: { "content-type": "application/json" },
        }),
      { kind: "bad-request", status: 400 },
      /not JSON/,
    ],
    [
      "a body that is too large",
      () =>
        as()
          .table("incident")
          .create({ description: "x".repeat(11 * 1024 * 1024) }),
      { kind: "too-large" },
      /10 MB/,
    ],
    [
      "a wrong method",
      () => as().request({ method: "PATCH", path: "/api/now/stats/incident", body: {} }),
      { kind: "method", status: 405 },
      /other methods/,
    ],
    [
      "an address that is too long, before it is sent",
      () =>
        as()
          .table("incident")
          .page({ query: `short_descriptionLIKE${"x".repeat(9000)}` }),
      { kind: "url-too-long", status: undefined },
      /8192|8,192/,
    ],
  ];
  const some = async (table: string): Promise<string> => {
    const row = await as()
      .table(table)
      .first({ query: "state=1", fields: ["sys_id"] });
    if (!row) throw new Error("no such record");
    return row.sys_id;
  };

  it.each(rows)("%s", async (_name, act, facts, words) => {
    const error = (await failureOf(act())) as unknown as ServiceNowError;
    expect(error).toMatchObject(facts);
    expect(error.message).toMatch(words);
    if (error.status) expect(error.serverMessage ?? "").not.toBe("");
    expectWords(error);
  });
});

describe("an instance that is not itself: pages, broken answers and gateways are told apart", () => {
  afterEach(() => faults([]));
  const gateway = (status: number): object => ({
    status,
    headers: { "content-type": "text/html" },
    body: `<html><head><title>${status}</title></head><body>The service is temporarily unavailable</body></html>`,
  });

  it.each<[string, object, Partial<Record<keyof ServiceNowError, unknown>>, RegExp]>([
    [
      "a sleeping instance, 200",
      { page: "hibernation" },
      { kind: "hibernating", retryable: true },
      /wake the instance/,
    ],
    [
      "an instance that wakes up, 200",
      { page: "waking" },
      { kind: "hibernating", retryable: true },
      /few minutes/,
    ],
    [
      "a maintenance page",
      { page: "maintenance" },
      { kind: "server", status: 503, retryable: true },
      /few minutes/,
    ],
    [
      "a login page, 200",
      { page: "login" },
      { kind: "login-page", retryable: false },
      /authentication method/,
    ],
    [
      "a page of a proxy, 200",
      {
        status: 200,
        headers: { "content-type": "text/html" },
        body: "<html><h1>Blocked by policy</h1></html>",
      },
      { kind: "not-servicenow" },
      /proxy/,
    ],
    ["a page of a proxy, 403", { ...gateway(403) }, { kind: "not-servicenow", status: 403 }, /proxy/],
    ["502 with a page", gateway(502), { kind: "server", status: 502, retryable: true }, /few minutes/],
    ["503 with a page", gateway(503), { kind: "server", status: 503, retryable: true }, /few minutes/],
    ["504 with a page", gateway(504), { kind: "server", status: 504, retryable: true }, /few minutes/],
    [
      "an answer that breaks off in the middle of its JSON",
      { cutAfterBytes: 200 },
      { kind: "cut-off", retryable: true },
      /fewer records/,
    ],
    [
      "an empty answer, 200",
      { status: 200, headers: { "content-type": "application/json" }, body: "" },
      { kind: "cut-off", retryable: true },
      /empty/,
    ],
    [
      "a cancelled transaction, 200 and broken JSON",
      { brokenQuota: true },
      { kind: "cancelled" },
      /ran too long/,
    ],
    [
      "a cancelled transaction, 500",
      { delayMs: 61_000 },
      { kind: "cancelled", status: 500 },
      /fewer records or fields/,
    ],
    [
      "a call that only waits, 202",
      { status: 202, body: "" },
      { kind: "busy", status: 202 },
      /not carried out yet/,
    ],
    ["a full queue, 429", { status: 429, body: "" }, { kind: "busy", status: 429 }, /queue is full/],
    [
      "a connection that breaks",
      { reset: "during" },
      { kind: expect.stringMatching(/network|cut-off/) as string },
      /again|fewer/,
    ],
  ])("%s", async (_name, fault, facts, words) => {
    if ("delayMs" in fault) await instance.control("PATCH", "config", { transactionQuotaSeconds: 0.01 });
    const given = "delayMs" in fault ? { ...fault, delayMs: 30 } : fault;
    await faults([{ id: "x", match: { table: "incident" }, ...given }]);
    const error = (await failureOf(read())) as unknown as ServiceNowError;
    await instance.control("PATCH", "config", { transactionQuotaSeconds: 60 });
    expect(error).toMatchObject(facts);
    expect(error.message).toMatch(words);
    expectWords(error);
  });

  it("204 without a body is success, not broken JSON", async () => {
    const made = await as().table("incident").create({ short_description: "x" });
    expect(await as().table("incident").delete(made)).toBeUndefined();
  });

  it("a note whose answer hides behind a 504 is not written twice", async () => {
    const client = as("admin", { retry: { baseMs: 1, maxDelayMs: 1 } });
    const made = await client.table("incident").create({ short_description: "x" });
    await faults([
      { id: "x", match: { method: "PATCH", table: "incident" }, afterWork: true, ...gateway(504) },
    ]);
    await failureOf(addToJournal(client, { table: "incident", record: made }, { workNote: "once" }));
    await faults([]);
    const notes = await client.table("sys_journal_field").list({ query: `element_id=${made["sys_id"]}` });
    expect(notes.rows).toHaveLength(1);
  });

  it("a rate limit of the instance says how long, by which rule, and is not waited out for most of an hour", async () => {
    const body = JSON.stringify({
      error: {
        message: "Rate limit exceeded",
        detail: "Rate limit of 100 requests per hour for Table API exceeded",
      },
      status: "failure",
    });
    const headers = { "content-type": "application/json", "retry-after": "1800", "x-ratelimit-rule": "r" };
    await faults([{ id: "x", match: { table: "incident" }, status: 429, headers, body }]);
    const begun = Date.now();
    const error = (await failureOf(read(as("admin", { retry: {} })))) as unknown as ServiceNowError;
    expect(error).toMatchObject({ kind: "rate-limit", retryAfter: 1800, retryable: true });
    expect(error.message).toMatch(/Rate Limit Rules/);
    expect(present(error.resetAt).getTime()).toBeGreaterThan(begun + 1_790_000);
    expect(Date.now() - begun).toBeLessThan(5000);
  });
});
