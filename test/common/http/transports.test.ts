import { axios as platformAxios } from "@pipedream/platform";
import axios from "axios";
import {
  axiosTransport,
  createClient,
  fetchTransport,
  platformTransport,
  type ServiceNowError,
  type Transport,
} from "../../../common";
import { httpServer } from "../stub";

type Seen = { method: string; url: string; headers: Record<string, unknown>; body: Buffer };

let server: Awaited<ReturnType<typeof httpServer>>;
let seen: Seen[];
let mode: "ok" | "hang" | "reset" | "redirect" | "html" = "ok";

beforeAll(async () => {
  server = await httpServer((request, response, body) => {
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    if (mode === "hang") return;
    if (mode === "reset") return void request.socket.destroy();
    if (mode === "redirect") return void response.writeHead(302, { location: "/login.do" }).end();
    if (mode === "html")
      return void response.writeHead(200, { "content-type": "text/html" }).end("<html>login.do</html>");
    if (request.url?.includes("/file"))
      return void response.writeHead(200, { "content-type": "image/png" }).end(body);
    response
      .writeHead(200, { "content-type": "application/json", "X-Total-Count": "7", "X-Transaction-ID": "t1" })
      .end(
        JSON.stringify({
          result: request.url?.includes("/abc") ? { number: "INC0010001" } : [{ number: "INC0010001" }],
        }),
      );
  });
});
afterAll(() => server.close());
beforeEach(() => {
  seen = [];
  mode = "ok";
});

const step = { export: jest.fn(), context: {} };
const transports: Array<[string, () => Transport]> = [
  ["fetch", () => fetchTransport()],
  ["plain axios", () => axiosTransport(axios)],
  ["the platform's axios", () => platformTransport(platformAxios, step)],
];

describe.each(transports)("the transport over %s", (_name, make) => {
  const client = (): ReturnType<typeof createClient> =>
    createClient({
      instance: server.url,
      auth: { type: "token", token: "secret-token" },
      transport: make(),
      retry: false,
      timeoutMs: 5000,
    });

  it("sends the query as it is, whatever is in it", async () => {
    const query = "active=true^priority=1^short_descriptionLIKEa+b & c?d=#%^ORnumberIN1,2";
    const page = await client()
      .table("incident")
      .page({ query, fields: ["number"] });
    expect(page).toMatchObject({ rows: [{ number: "INC0010001" }], total: 7, requestId: "t1" });
    const url = new URL(seen[0]?.url ?? "", server.url);
    expect(url.searchParams.get("sysparm_query")).toBe(query);
    expect(url.searchParams.get("sysparm_fields")).toBe("number");
  });

  it("PS-07: sends JSON headers, the token and who we are", async () => {
    await client().table("incident").update("abc", { short_description: "Grüße" });
    expect(seen[0]).toMatchObject({
      method: "PATCH",
      url: expect.stringContaining("/api/now/table/incident/abc"),
    });
    expect(seen[0]?.headers).toMatchObject({
      authorization: "Bearer secret-token",
      accept: "application/json",
      "content-type": "application/json",
      "user-agent": expect.stringMatching(/^servicenow-components\/\d/),
    });
    expect(JSON.parse(seen[0]?.body.toString() ?? "")).toEqual({ short_description: "Grüße" });
  });

  it("carries bytes and streams unchanged, both ways", async () => {
    const bytes = new Uint8Array(70_000).map((_, i) => i % 256);
    const { data } = await client().request<Uint8Array>({
      method: "POST",
      path: "/api/now/attachment/file",
      raw: bytes,
      responseType: "bytes",
      headers: { "content-type": "image/png" },
    });
    expect(Buffer.compare(Buffer.from(data), Buffer.from(bytes))).toBe(0);
    const stream = new Blob([bytes]).stream() as ReadableStream<Uint8Array>;
    const answer = await client().request<ReadableStream<Uint8Array>>({
      method: "POST",
      path: "/api/now/attachment/file",
      raw: stream,
      responseType: "stream",
      headers: { "content-type": "image/png" },
    });
    const back = Buffer.from(await new Response(answer.data).arrayBuffer());
    expect(Buffer.compare(back, Buffer.from(bytes))).toBe(0);
  });

  it("says that nothing listens, and that a connection broke", async () => {
    const closed = await httpServer(() => undefined);
    await closed.close();
    const gone = client().with({ instance: closed.url });
    await expect(gone.table("incident").get("1")).rejects.toMatchObject({
      kind: "network",
      code: "ECONNREFUSED",
      unsent: true,
    });
    mode = "reset";
    await expect(client().table("incident").get("1")).rejects.toMatchObject({
      kind: "network",
      unsent: false,
    });
  });

  it("ends a request that takes too long", async () => {
    mode = "hang";
    await expect(client().table("incident").get("1", { timeoutMs: 60 })).rejects.toMatchObject({
      kind: "timeout",
    });
  });

  it("obeys the caller's signal", async () => {
    mode = "hang";
    const controller = new AbortController();
    const call = client().table("incident").get("1", { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(call).rejects.toMatchObject({ kind: "aborted" });
  });

  it("takes a redirect and a page for what they are", async () => {
    mode = "redirect";
    await expect(client().table("incident").get("1")).rejects.toMatchObject({ kind: "login-page" });
    mode = "html";
    await expect(client().table("incident").get("1")).rejects.toMatchObject({ kind: "login-page" });
  });

  it("leaves no token in what it throws", async () => {
    mode = "reset";
    const error = await client()
      .table("incident")
      .get("1")
      .then(
        () => undefined,
        (caught: unknown) => caught as ServiceNowError,
      );
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify(error) + error?.stack + String(error?.cause)).not.toContain("secret-token");
    expect(JSON.stringify(step.export.mock.calls)).not.toContain("secret-token");
  });
});

it("PS-04, PS-05, AM-26: a fetch-like function can be handed in, and is not changed", async () => {
  const mine = Object.freeze(jest.fn(async () => Response.json({ result: { a: "1" } })));
  const client = createClient({
    instance: "dev1",
    auth: { type: "token", token: "t" },
    transport: fetchTransport(mine),
  });
  expect(await client.table("incident").get("1")).toEqual({ a: "1" });
  expect(mine).toHaveBeenCalledTimes(1);
});
