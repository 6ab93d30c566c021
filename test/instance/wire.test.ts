import { connect } from "node:net";
import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { seed: "empty" });

const admin = `Authorization: Basic ${Buffer.from("admin:admin").toString("base64")}\r\n`;
const incidents = "/api/now/table/incident";

/** Sends bytes and gives what comes back until the connection ends. */
function send(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(instance.url).port), "127.0.0.1");
    let answer = "";
    socket.setTimeout(10_000, () => socket.destroy(new Error(`No end after: ${answer.slice(0, 200)}`)));
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
    socket.end(bytes);
  });
}
const request = (head: string, more = "", body = ""): string =>
  `${head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${admin}${more}\r\n${body}`;
const post = (type: string, body: string): string =>
  request(`POST ${incidents}`, `Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n`, body);

const json = "application/json";
const resource = "Requested URI does not represent any resource";
const unreadable = "Exception while reading request";

describe("bad input on the wire", () => {
  test.each<[name: string, bytes: string, status: number, text: string]>([
    ["no HTTP at all", "\u0016\u0003\u0001\u0002\r\n\r\n", 400, "Bad Request"],
    ["an unknown method", request(`FOO ${incidents}`), 400, "Bad Request"],
    ["TRACE", request(`TRACE ${incidents}`), 405, "Method not supported"],
    ["OPTIONS", request(`OPTIONS ${incidents}`), 405, "Method not supported"],
    ["a path that cannot be decoded", request("GET /api/now/table/%zz"), 400, resource],
    ["a path of no characters", request("GET /api/now/table/%ff%fe"), 400, resource],
    ["a NUL in the path", request("GET /api/now/table/inc%00ident"), 400, "Invalid table"],
    ["steps out of the path", request(`GET ${incidents}/../../../../etc/passwd`), 400, resource],
    ["encoded steps", request("GET /api/now/attachment/..%2f..%2fetc%2fpasswd/file"), 404, "No Record found"],
    ["steps on a page", request("GET /..%2f..%2fetc/passwd"), 404, "Page not found"],
    ["doubled slashes", request("GET /api/now//table/incident/"), 200, '{"result":['],
    ["another host's address", request(`GET http://example.com${incidents}`), 200, '{"result":['],
    ["a URL of 9 KB", request(`GET ${incidents}?sysparm_query=${"a".repeat(9000)}`), 414, "Too Large"],
    ["a URL of 70 KB", request(`GET ${incidents}?sysparm_query=${"a".repeat(70_000)}`), 414, "Too Large"],
    ["a header of 100 KB", request(`GET ${incidents}`, `X-A: ${"a".repeat(100_000)}\r\n`), 431, "Too Large"],
    [
      "a chunk without a length",
      request(`POST ${incidents}`, "Transfer-Encoding: chunked\r\n", "zz\r\n"),
      400,
      "",
    ],
    [
      "a chunk that is cut off",
      request(`POST ${incidents}`, "Transfer-Encoding: chunked\r\n", "5\r\nab"),
      400,
      "",
    ],
    [
      "two lengths",
      request(`POST ${incidents}`, "Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
      400,
      "",
    ],
    ["less than announced", request(`POST ${incidents}`, "Content-Length: 100\r\n", "{}"), 400, ""],
    ["a Content-Type that is none", post("nonsense", "{}"), 400, unreadable],
    ["a Content-Type of odd bytes", post("\u00ff\u00fe;;;", "{}"), 400, unreadable],
    ["lists in lists", post(json, "[".repeat(100_000) + "]".repeat(100_000)), 400, unreadable],
    ["names of JavaScript's own", post(json, '{"__proto__":{"x":1},"constructor":1}'), 201, '"sys_id"'],
    ["half a character", post(json, '{"short_description":"\\ud800"}'), 201, '"sys_id"'],
    ["a NUL in a value", post(json, '{"short_description":"a\\u0000b"}'), 201, '"sys_id"'],
    ["bytes that are no UTF-8", post(json, '{"short_description":"\u00ff\u00fe"}'), 201, '"sys_id"'],
    ["an XML entity", post("text/xml", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), 400, unreadable],
    ["a parameter twice", request(`GET ${incidents}?sysparm_limit=1&sysparm_limit=x`), 200, '{"result":['],
  ])("%s", async (_name, bytes, status, text) => {
    const answer = await send(Buffer.from(bytes, "latin1"));
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    expect(answer).toContain(text);
    expect(answer).not.toMatch(/\n\s+at .*:\d+|FST_ERR|node_modules/);
  });

  test("headers are spelt as clients that mind the case look for them", async () => {
    const answer = await send(request(`GET ${incidents}?sysparm_limit=1`));
    const names = present(answer.split("\r\n\r\n")[0])
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(":")[0]);
    expect(names).toEqual(
      expect.arrayContaining([
        "Server",
        "X-Is-Logged-In",
        "X-Transaction-ID",
        "X-Total-Count",
        "Link",
        "Pragma",
        "Cache-Control",
        "Expires",
        "Content-Type",
        "Server-Timing",
        "Strict-Transport-Security",
        "X-Content-Type-Options",
        "Set-Cookie",
      ]),
    );
  });

  test("a token request without a form is refused like any other", async () => {
    const answer = await instance.call("POST", "/oauth_token.do", {
      body: "a=b",
      headers: { "content-type": "nonsense" },
    });
    expect([answer.status, answer.json()]).toEqual([
      401,
      { error_description: "access_denied", error: "server_error" },
    ]);
  });

  test("who is nobody is told so first, whatever the body", async () => {
    for (const [type, body] of [
      ["nonsense", "{}"],
      [json, "{broken"],
    ] as const) {
      const answer = await instance.call("POST", incidents, {
        body,
        headers: { "content-type": type, authorization: "" },
      });
      expect(answer.status).toBe(401);
    }
  });
});
