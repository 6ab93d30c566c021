import type { ServiceNowError } from "../../../common";
import { failure, stubClient, stubTransport, type StubAnswer } from "../stub";

async function errorFor(answer: StubAnswer): Promise<ServiceNowError> {
  const { client } = stubClient(
    stubTransport(() => answer),
    { retry: false },
  );
  return client
    .table("incident")
    .get("abc")
    .then(
      () => Promise.reject(new Error("it did not fail")),
      (error: ServiceNowError) => error,
    );
}

const html = (body: string, status = 200): StubAnswer => ({
  status,
  text: `<!DOCTYPE html><html>${body}</html>`,
  headers: { "content-type": "text/html" },
});

describe("PS-53, PS-54: every answer of ServiceNow's error table is an error that says what it is", () => {
  it.each<[string, StubAnswer, string, RegExp]>([
    [
      "no sign-in",
      { status: 401, json: failure("User is not authenticated", "Required to provide Auth information") },
      "unauthenticated",
      /Connect the account again/,
    ],
    [
      "no record",
      {
        status: 404,
        json: failure("No Record found", "Record doesn't exist or ACL restricts the record retrieval"),
      },
      "not-found",
      /no record/,
    ],
    [
      "unknown table",
      { status: 400, json: failure("Invalid table not_a_real_class") },
      "invalid-table",
      /plugin/,
    ],
    [
      "unknown path, 400",
      { status: 400, json: failure("Requested URI does not represent any resource") },
      "unknown-path",
      /plugin/,
    ],
    [
      "unknown path, 404",
      { status: 404, json: failure("Requested URI does not represent any resource") },
      "unknown-path",
      /plugin/,
    ],
    [
      "unreadable field in a query",
      {
        status: 403,
        json: failure(
          "Insufficient rights to query records",
          "Field(s) present in the query do not have permission to be read",
        ),
      },
      "query-rights",
      /column/,
    ],
    [
      "insert refused",
      {
        status: 403,
        json: failure("Operation Failed", "ACL Exception Insert Failed due to security constraints"),
      },
      "acl",
      /insert/,
    ],
    [
      "update refused",
      {
        status: 403,
        json: failure("Operation Failed", "ACL Exception Update Failed due to security constraints"),
      },
      "acl",
      /update/,
    ],
    [
      "delete refused",
      {
        status: 403,
        json: failure("Operation Failed", "ACL Exception Delete Failed due to security constraints"),
      },
      "acl",
      /delete/,
    ],
    [
      "business rule",
      {
        status: 403,
        json: failure(
          "Operation Failed",
          "Operation against file 'change_request' was aborted by Business Rule 'Change Model: Check State Transition^abc'. Business Rule Stack:x",
        ),
      },
      "business-rule",
      /states its model allows/,
    ],
    [
      "unparsable body",
      {
        status: 400,
        json: failure(
          "Exception while reading request",
          "Verify Request body and Content-type headers. Not able to parse request",
        ),
      },
      "bad-request",
      /JSON/,
    ],
    [
      "body too large, 400",
      {
        status: 400,
        json: failure(
          "Exception while reading request",
          "Rejected large REST payload with content-length = 15105102 bytes. Max allowed: 10485760 bytes.",
        ),
      },
      "too-large",
      /10 MB/,
    ],
    ["body too large, 413", { status: 413, json: failure("too large") }, "too-large", /10 MB/],
    ["URL too long", { ...html("414", 414) }, "url-too-long", /8,192/],
    ["wrong method", { status: 405, json: failure("Method not supported") }, "method", /other methods/],
    [
      "missing scope",
      { status: 403, json: failure("Missing required api access scope") },
      "scope",
      /auth scope/,
    ],
    ["other 403", { status: 403, json: failure("Forbidden") }, "forbidden", /snc_internal/],
    [
      "rate limit",
      {
        status: 429,
        json: failure("Rate limit exceeded", "Rate limit of 100 requests per hour for Table API exceeded"),
        headers: { "retry-after": "1800", "x-ratelimit-rule": "x" },
      },
      "rate-limit",
      /per hour/,
    ],
    ["semaphore 429", { status: 429, text: "" }, "busy", /queue is full/],
    ["202", { status: 202, text: "" }, "busy", /202/],
    [
      "quota, 500",
      { status: 500, json: failure("Transaction cancelled: maximum execution time exceeded", "Check logs") },
      "cancelled",
      /60 seconds/,
    ],
    [
      "quota, broken 200",
      {
        text: '{"result":[{"a":"1"},],"error":{"detail":"x","message":"Transaction cancelled: maximum execution time exceeded"},"status":"failure"}',
        headers: { "content-type": "application/json" },
      },
      "cancelled",
      /fewer records/,
    ],
    ["503", { ...html("maintenance", 503) }, "server", /few minutes/],
    ["unsupported type", { status: 415, text: "" }, "bad-request", /application\/json/],
  ])("%s", async (_name, answer, kind, words) => {
    const error = await errorFor(answer);
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(words);
    expect(error.message).toMatch(/^Could not read incident abc/);
  });

  it("names the fields of a data policy", async () => {
    const detail =
      "Data Policy Exception: \n\tThe following fields are mandatory: Resolution code, Close notes";
    const error = await errorFor({ status: 403, json: failure("Operation Failed", detail) });
    expect(error).toMatchObject({ kind: "data-policy", fields: ["Resolution code", "Close notes"] });
    expect(error.message).toMatch(/Give values for: Resolution code, Close notes/);
  });

  it("keeps ServiceNow's words, the status and the request id", async () => {
    const error = await errorFor({
      status: 403,
      json: failure("Operation Failed", "ACL Exception Update Failed due to security constraints"),
      headers: { "x-transaction-id": "0a1b2c" },
    });
    expect(error).toMatchObject({
      status: 403,
      serverMessage: "Operation Failed",
      detail: "ACL Exception Update Failed due to security constraints",
      requestId: "0a1b2c",
      method: "GET",
      path: "/api/now/table/incident/abc",
    });
  });
});

describe("a 2xx is believed only when it is JSON", () => {
  it.each<[string, StubAnswer, string, RegExp]>([
    [
      "hibernating page",
      html('<title>Instance Hibernating page</title><div class="instance-hibernating-page">'),
      "hibernating",
      /wake/,
    ],
    ["waking page", html("Your instance is currently offline"), "hibernating", /wake/],
    ["login page", html('<form action="login.do">'), "login-page", /login page/],
    ["a proxy's page", html("<h1>Blocked</h1>"), "not-servicenow", /web page/],
    [
      "redirect to the login",
      { status: 302, headers: { location: "https://dev1.service-now.com/login.do?x=1" } },
      "login-page",
      /login\.do/,
    ],
    [
      "cut off",
      { text: '{"result":[{"number":"INC', headers: { "content-type": "application/json" } },
      "cut-off",
      /breaks off/,
    ],
    ["empty", { text: "" }, "cut-off", /empty/],
    ["another server's JSON", { json: { hello: "world" } }, "not-servicenow", /without a result/],
    [
      "another server's text",
      { text: "pong", headers: { "content-type": "text/plain" } },
      "not-servicenow",
      /web page/,
    ],
  ])("%s", async (_name, answer, kind, words) => {
    const error = await errorFor(answer);
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(words);
  });
});
