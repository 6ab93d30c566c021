import { Agent, request } from "node:http";
import fc from "fast-check";
import { parseRelaxed } from "../../instance/src/http/relaxed-json";
import { startInstance, type RunningInstance } from "../helpers/instance";
import { value } from "./fuzz-inputs";
import { present } from "../helpers/present";

// No input stops the process, hangs it, or is answered with a 5xx. With the queries, counts add up to more than 50,000 inputs.

let running: RunningInstance;
const agent = new Agent({ keepAlive: true });
beforeAll(async () => {
  running = await startInstance({ incidents: 20 });
});
afterAll(async () => {
  agent.destroy();
  await running.stop();
});

const authorization = `Basic ${Buffer.from("admin:admin").toString("base64")}`;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Sends the path as it is, which fetch would not, and gives the status; fails on a 5xx or a stack trace. */
function status(
  method: Method,
  path: string,
  headers: Record<string, string>,
  payload?: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL(running.url),
      { method, path, agent, headers: { authorization, ...headers } },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          const code = present(response.statusCode);
          if (code >= 500 || /\n\s+at .*:\d+/.test(text))
            reject(new Error(`${method} ${path} answered ${code}: ${text.slice(0, 200)}`));
          else resolve(code);
        });
      },
    );
    asked.setTimeout(20_000, () => asked.destroy(new Error(`${method} ${path} hangs`)));
    asked.on("error", reject);
    asked.end(payload);
  });
}

describe("bodies over HTTP", () => {
  const json = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.json({ maxDepth: 2 }).map((text) => text.replaceAll('"', "'")),
    fc.json({ maxDepth: 2 }).map((text) => text.slice(0, -1)),
    fc.string({ maxLength: 60 }),
    fc
      .dictionary(
        fc.constantFrom(
          "short_description",
          "state",
          "caller_id",
          "opened_at",
          "__proto__",
          "constructor",
          "sys_id",
          "work_notes",
        ),
        fc.jsonValue(),
      )
      .map((record) => JSON.stringify(record)),
  );

  test("12,000 JSON bodies, read alone", () => {
    fc.assert(
      fc.property(
        fc.oneof(json, fc.string({ unit: "binary", maxLength: 40 })),
        (text) => void parseRelaxed(text),
      ),
      { numRuns: 12_000 },
    );
    expect(parseRelaxed("[".repeat(100_000))).toBeUndefined();
  });

  test("3,000 bodies for inserts, statistics and batches", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          "/api/now/table/incident",
          "/api/now/v1/batch",
          "/api/now/import/imp_user",
          "/api/now/email",
          "/api/now/identifyreconcile",
        ),
        fc.constantFrom("application/json", "application/xml", "text/plain", ""),
        json,
        async (url, type, text) => {
          await status("POST", url, type ? { "content-type": type } : {}, text);
        },
      ),
      { numRuns: 3000 },
    );
  }, 120_000);

  test("2,500 multipart bodies", async () => {
    const part = fc.tuple(
      fc.constantFrom("table_name", "table_sys_id", "file_name", "x"),
      fc.constantFrom("", '; filename="a.txt"', '; filename="../../etc/passwd"'),
      fc.string({ maxLength: 20 }),
    );
    const body = fc.oneof(
      fc
        .array(part, { maxLength: 5 })
        .map(
          (parts) =>
            parts
              .map(
                ([name, file, text]) =>
                  `--B\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${text}\r\n`,
              )
              .join("") + "--B--",
        ),
      fc.string({ maxLength: 80 }).map((text) => `--B${text}`),
      fc.string({ maxLength: 80 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          "multipart/form-data; boundary=B",
          'multipart/form-data; boundary="B"',
          "multipart/form-data",
          "multipart/form-data; boundary=",
        ),
        body,
        async (type, text) => {
          expect(
            await status("POST", "/api/now/attachment/upload", { "content-type": type }, text),
          ).toBeGreaterThanOrEqual(400);
        },
      ),
      { numRuns: 2500 },
    );
  }, 120_000);

  test("3,000 token forms and authorization requests", async () => {
    const form = fc.dictionary(
      fc.constantFrom(
        "grant_type",
        "client_id",
        "client_secret",
        "username",
        "password",
        "code",
        "refresh_token",
        "assertion",
        "redirect_uri",
        "code_verifier",
        "x",
      ),
      fc.oneof(
        fc.string({ maxLength: 20 }),
        fc.constantFrom(
          "password",
          "refresh_token",
          "authorization_code",
          "demo-client",
          "demo-secret",
          "urn:ietf:params:oauth:grant-type:jwt-bearer",
          "client_credentials",
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(form, fc.boolean(), async (fields, raw) => {
        const text = raw
          ? Object.entries(fields)
              .map((pair) => pair.join("="))
              .join("&")
          : new URLSearchParams(fields).toString();
        const headers = { "content-type": "application/x-www-form-urlencoded", authorization: "" };
        expect([400, 401]).toContain(await status("POST", "/oauth_token.do", headers, text));
        await status("GET", `/oauth_auth.do?${new URLSearchParams(fields).toString()}`, headers);
        await status("POST", "/login.do", headers, text);
      }),
      { numRuns: 3000 },
    );
  }, 120_000);

  test("1,500 paths and parameters", async () => {
    const segment = fc.constantFrom(
      "api",
      "now",
      "v1",
      "table",
      "incident",
      "..",
      "%2e%2e",
      "%",
      "%00",
      "stats",
      "attachment",
      "sn_sc",
      "servicecatalog",
      "items",
      "",
      "x".repeat(40),
      "%F0%9F",
      "control",
      "state",
    );
    const path = fc.array(segment, { maxLength: 7 }).map((segments) => `/${segments.join("/")}`);
    const params = fc.dictionary(
      fc.constantFrom(
        "sysparm_limit",
        "sysparm_offset",
        "sysparm_fields",
        "sysparm_query",
        "sysparm_display_value",
        "sysparm_group_by",
        "sysparm_having",
        "sysparm_order_by",
        "sysparm_avg_fields",
        "access_token",
        "number",
      ),
      value,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          path,
          fc.constantFrom("/api/now/table/incident", "/api/now/stats/incident", "/api/now/attachment"),
        ),
        params,
        fc.constantFrom<Method>("GET", "POST", "DELETE"),
        async (url, given, method) => {
          await status(method, `${url}?${new URLSearchParams(given).toString()}`, {});
        },
      ),
      { numRuns: 1500 },
    );
  }, 120_000);

  test("1,500 sets of headers", async () => {
    const text = fc.oneof(
      fc.constantFrom(
        "",
        "*/*",
        "application/json",
        "nonsense",
        ";;;",
        "a/b;c=d",
        "TRACE",
        "true",
        "\u00ff",
        "0",
      ),
      fc.string({ maxLength: 30 }).map((given) => given.replace(/[^\x20-\x7e]/g, "?")),
    );
    const headers = fc.dictionary(
      fc.constantFrom(
        "content-type",
        "accept",
        "accept-encoding",
        "authorization",
        "cookie",
        "if-none-match",
        "origin",
        "range",
        "x-http-method-override",
        "x-no-response-body",
        "x-sn-apikey",
        "x-usertoken",
        "x-wantsessiondebugmessages",
      ),
      text,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<[Method, string, string | undefined]>(
          ["GET", "/api/now/table/incident?sysparm_limit=1", undefined],
          ["POST", "/api/now/table/incident", "{}"],
          ["POST", "/oauth_token.do", "grant_type=password"],
          ["GET", "/oauth_auth.do?client_id=demo-client", undefined],
          ["POST", "/api/now/attachment/file?table_name=incident&table_sys_id=x&file_name=y", "x"],
          ["GET", "/", undefined],
        ),
        headers,
        async ([method, path, payload], given) => void (await status(method, path, given, payload)),
      ),
      { numRuns: 1500 },
    );
  }, 120_000);
});
