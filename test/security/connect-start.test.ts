import { duringTests } from "../helpers/instance";
import { startHost } from "../host/host";
import { startTokenServer } from "../host/token-server";
import { bearer, connectToken, signedInPage, type Headers } from "../host/callers";
import { cookiesOf, send, type Answer } from "../host/raw";

const host = duringTests(startHost);
const server = duringTests(startTokenServer);

const begin = async (headers: Headers): Promise<{ id: string; path: string }> => {
  const { status, body } = await send(host.url, "POST", "/api/connect-attempts", headers, {
    app: "conformance_oauth",
    fields: { server: server.url, client_secret: "the-secret" },
  });
  expect({ status, body }).toMatchObject({ status: 201 });
  const begun = JSON.parse(body) as { id: string; authorize_url: string };
  expect(begun.authorize_url).toBe(`${host.url}/connect/start/${begun.id}`);
  return { id: begun.id, path: new URL(begun.authorize_url).pathname };
};
const statusOf = async (id: string, headers: Headers): Promise<string> =>
  (
    JSON.parse((await send(host.url, "GET", `/api/connect-attempts/${id}`, headers)).body) as {
      status: string;
    }
  ).status;
const goBack = (started: Answer, cookie?: string): Promise<Answer> => {
  const back = new URL(server.authorize(String(started.headers.location)));
  return send(host.url, "GET", back.pathname + back.search, cookie === undefined ? {} : { cookie });
};

test("the callback takes only the browser that began, and another one uses nothing up", async () => {
  const page = await signedInPage(host);
  const own = { cookie: page.cookie, "x-csrf-token": page.csrf };
  const [mine, other] = [await begin(own), await begin(own)];
  const started = await send(host.url, "GET", mine.path, { cookie: page.cookie });
  expect(started.status).toBe(303);
  expect(String(started.headers["set-cookie"])).toMatch(/Path=\/connect\/; HttpOnly; SameSite=Lax/);
  const otherStarted = await send(host.url, "GET", other.path, { cookie: page.cookie });
  for (const cookie of [
    undefined,
    page.cookie,
    cookiesOf(otherStarted),
    cookiesOf(started).replace(/.$/, "!"),
  ]) {
    const refused = await goBack(started, cookie);
    expect([refused.status, refused.body]).toEqual([
      400,
      expect.stringContaining("begun in another browser"),
    ]);
    expect(await statusOf(mine.id, own)).toBe("pending");
  }
  expect((await goBack(started, cookiesOf(started))).status).toBe(200);
  expect(await statusOf(mine.id, own)).toBe("succeeded");
});

test("what was begun on the page goes on only in the browser of that session", async () => {
  const [page, other] = [await signedInPage(host), await signedInPage(host)];
  const { path } = await begin({ cookie: page.cookie, "x-csrf-token": page.csrf });
  for (const headers of [{}, { cookie: other.cookie }, { "sec-fetch-site": "same-origin" }] as Headers[])
    expect((await send(host.url, "GET", path, headers)).status).toBe(403);
  expect((await send(host.url, "GET", path, { cookie: page.cookie })).status).toBe(303);
});

test("what was begun with a connect token asks whoever comes by a link first", async () => {
  const alice = bearer(await connectToken(host, "alice"));
  const { id, path } = await begin(alice);
  for (const site of ["none", "cross-site", "same-site"]) {
    const asked = await send(host.url, "GET", path, { "sec-fetch-site": site });
    expect([asked.status, asked.headers["set-cookie"]]).toEqual([200, undefined]);
    expect(asked.body).toContain("for the user “alice”");
  }
  expect((await send(host.url, "POST", path, { origin: "https://evil.example" })).status).toBe(403);
  expect((await send(host.url, "POST", path)).status).toBe(403);
  expect(
    (await send(host.url, "POST", path, { origin: host.url, "sec-fetch-site": "same-origin" })).status,
  ).toBe(303);
  const started = await send(host.url, "GET", path, { "sec-fetch-site": "same-origin" });
  expect(started.status).toBe(303);
  expect((await goBack(started, cookiesOf(started))).status).toBe(200);
  expect(await statusOf(id, alice)).toBe("succeeded");
  expect((await send(host.url, "GET", path, { "sec-fetch-site": "same-origin" })).status).toBe(404);
});
