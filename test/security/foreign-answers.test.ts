import { join } from "node:path";
import { startHost, type TestHost } from "../host/host";
import { signedInPage } from "../host/callers";
import { send } from "../host/raw";

const PACKAGE = { COMPONENT_PACKAGES: join(__dirname, "fixtures") };

async function endpointPath(host: TestHost): Promise<string> {
  const { body } = await host.call<{ data: { endpoint_url: string } }>(
    "POST",
    "/v1/connect/local/triggers/deploy",
    {
      id: "impostor-answers",
      configured_props: {},
    },
  );
  return new URL(body.data.endpoint_url).pathname;
}

test("an answer of a source is sandboxed, sets no cookie or policy, and its source sees no cookie", async () => {
  const host = await startHost({ env: PACKAGE });
  try {
    const path = await endpointPath(host);
    const { cookie } = await signedInPage(host);
    const answer = await send(host.url, "GET", path, { cookie, "x-own": "kept" });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-security-policy"]).toMatch(/^sandbox; default-src 'none'/);
    expect(answer.headers).toMatchObject({ "x-content-type-options": "nosniff", "x-hook-secret": "echoed" });
    for (const name of [
      "set-cookie",
      "clear-site-data",
      "service-worker-allowed",
      "strict-transport-security",
      "x-accel-redirect",
      "x-sendfile",
      "access-control-allow-credentials",
      "refresh",
      "location",
    ])
      expect([name, answer.headers[name]]).toEqual([name, undefined]);
    expect(answer.body).toContain('"x-own":"kept"');
    expect(answer.body).not.toContain("host_session");
    for (const use of ["script", "style", "worker", "serviceworker", "image"])
      expect(
        (await send(host.url, "GET", path, { "sec-fetch-site": "same-origin", "sec-fetch-dest": use }))
          .status,
      ).toBe(403);
    expect((await send(host.url, "GET", path, { "service-worker": "script" })).status).toBe(403);
    // Sent from elsewhere and opened by hand it works.
    expect((await send(host.url, "POST", path, { origin: "https://sender.example" }, { a: 1 })).status).toBe(
      200,
    );
  } finally {
    await host.stop();
  }
});

test("JSON that is nested too deep is refused at once, and the source goes on answering", async () => {
  const host = await startHost({ env: PACKAGE });
  try {
    const path = await endpointPath(host);
    const deep = "[".repeat(20_000) + "]".repeat(20_000);
    for (const body of [deep, '{"a":'.repeat(101) + "1" + "}".repeat(101), `[${"1,".repeat(250_001)}1]`]) {
      const began = Date.now();
      const { status, body: said } = await send(host.url, "POST", path, {}, body);
      expect([status, said]).toEqual([
        400,
        expect.stringMatching(/deeper than 100 levels|more than 250000 values|too large/),
      ]);
      expect(Date.now() - began).toBeLessThan(5000);
    }
    expect((await send(host.url, "POST", path, {}, '{"a":'.repeat(99) + "1" + "}".repeat(99))).status).toBe(
      200,
    );
  } finally {
    await host.stop();
  }
});

test("with a site of their own, endpoints are all that is answered there, without a sandbox", async () => {
  const host = await startHost({ env: { ...PACKAGE, ENDPOINTS_URL: "http://hooks.example" } });
  try {
    const { body } = await host.call<{ data: { endpoint_url: string } }>(
      "POST",
      "/v1/connect/local/triggers/deploy",
      { id: "impostor-answers", configured_props: {} },
    );
    expect(body.data.endpoint_url).toMatch(/^http:\/\/hooks\.example\/http\//);
    const path = new URL(body.data.endpoint_url).pathname;
    const there = { host: "hooks.example" };
    const answer = await send(host.url, "GET", path, there);
    expect([answer.status, String(answer.headers["content-security-policy"])]).toEqual([
      200,
      expect.not.stringMatching(/^sandbox; default-src 'none'; img-src/),
    ]);
    for (const other of ["/", "/api/session", "/sign-in?code=x", "/_static/connect.html", "/v1/oauth/token"])
      expect((await send(host.url, "GET", other, there)).status).toBe(404);
    expect((await send(host.url, "GET", path)).headers["content-security-policy"]).toMatch(
      /^sandbox; default-src/,
    );
  } finally {
    await host.stop();
  }
});
