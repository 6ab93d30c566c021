import { statSync, chmodSync, mkdtempSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duringTests } from "../helpers/instance";
import { startHost, until } from "../host/host";
import { bearer, signedInPage, signInLink, type Headers } from "../host/callers";
import { cookiesOf, send } from "../host/raw";

const host = duringTests(startHost);
const pathOf = (link: string): string => link.slice(new URL(link).origin.length);

test("nothing of the address signs anybody in: no loopback address, no name, no forwarded header", async () => {
  const { host: own } = new URL(host.url);
  for (const headers of [
    {},
    { host: "localhost" },
    { host: "127.0.0.1" },
    { host: "[::1]" },
    { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" },
    { "x-forwarded-host": own, "x-forwarded-proto": "https", forwarded: "for=127.0.0.1;host=localhost" },
  ] as Headers[]) {
    const session = await send(host.url, "GET", "/api/session", headers);
    expect({ headers, status: session.status, cookie: session.headers["set-cookie"] }).toEqual({
      headers,
      status: 401,
      cookie: undefined,
    });
    expect((await send(host.url, "GET", "/", headers)).headers["set-cookie"]).toBeUndefined();
  }
  expect((await send(host.url, "POST", "/api/session", {}, { key: host.token })).status).toBe(404);
});

test("a link signs in once; HEAD, prefetching and frames do not use it up, and two at once do not both get in", async () => {
  const path = pathOf(await signInLink(host));
  expect((await send(host.url, "HEAD", path)).status).toBe(404);
  for (const headers of [
    { "sec-purpose": "prefetch" },
    { purpose: "prefetch" },
    { "sec-fetch-dest": "iframe" },
  ] as Headers[])
    expect((await send(host.url, "GET", path, headers)).status).toBe(403);
  const answers = await Promise.all([1, 2, 3].map(() => send(host.url, "GET", path)));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 401, 401]);
  expect(answers.filter(({ headers }) => headers["set-cookie"])).toHaveLength(1);
  const again = await send(host.url, "GET", path);
  expect(again.status).toBe(401);
  expect(again.body).toContain("npm run sign-in");
  expect((await send(host.url, "GET", "/sign-in?code=a&code=b")).status).toBe(400);
  expect((await send(host.url, "GET", "/sign-in")).status).toBe(400);
});

test("the cookie is HttpOnly and SameSite=Lax; sign-out ends the session and not only the cookie", async () => {
  const signedIn = await send(host.url, "GET", pathOf(await signInLink(host)));
  expect(String(signedIn.headers["set-cookie"])).toMatch(
    /^host_session_\d+=[\w-]{43};.*HttpOnly; SameSite=Lax$/,
  );
  const cookie = cookiesOf(signedIn);
  const session = await send(host.url, "GET", "/api/session", { cookie });
  const { csrf_token: csrf } = JSON.parse(session.body) as { csrf_token: string };
  expect((await send(host.url, "GET", "/api/triggers", { cookie })).status).toBe(200);
  expect((await send(host.url, "DELETE", "/api/session", { cookie })).status).toBe(403);
  expect((await send(host.url, "DELETE", "/api/session", { cookie, "x-csrf-token": csrf })).status).toBe(204);
  expect((await send(host.url, "GET", "/api/triggers", { cookie })).status).toBe(401);
});

test("sessions are listed and ended, one or all others, and a stream of an ended one closes", async () => {
  const [one, two] = [await signedInPage(host), await signedInPage(host)];
  const list = async (): Promise<{ id: string; current: boolean }[]> =>
    (JSON.parse((await send(host.url, "GET", "/api/sessions", { cookie: one.cookie })).body) as { data: [] })
      .data;
  expect((await list()).filter(({ current }) => current).map(({ id }) => id)).toEqual([one.id]);
  let closed = false;
  const stream = request(`${host.url}/api/stream`, { headers: { cookie: two.cookie } }, (response) => {
    response.resume().on("close", () => (closed = true));
  });
  stream.on("error", () => (closed = true)).end();
  const asOne = { cookie: one.cookie, "x-csrf-token": one.csrf };
  expect((await send(host.url, "DELETE", `/api/sessions/${two.id}`, asOne)).status).toBe(204);
  expect((await send(host.url, "DELETE", `/api/sessions/${two.id}`, asOne)).status).toBe(404);
  expect((await send(host.url, "GET", "/api/triggers", { cookie: two.cookie })).status).toBe(401);
  await until("the stream of the ended session closes", () => Promise.resolve(closed), 30_000);
  const three = await signedInPage(host);
  expect((await send(host.url, "DELETE", "/api/sessions", asOne)).status).toBe(204);
  expect((await list()).map(({ id }) => id)).toEqual([one.id]);
  expect((await send(host.url, "GET", "/api/sessions", { cookie: three.cookie })).status).toBe(401);
});

test("only the operator's key makes links, for ten minutes at most", async () => {
  const { cookie, csrf } = await signedInPage(host);
  expect(
    (await send(host.url, "POST", "/api/sign-in-links", { cookie, "x-csrf-token": csrf }, {})).status,
  ).toBe(403);
  const ask = (body: unknown) => send(host.url, "POST", "/api/sign-in-links", bearer(host.token), body);
  expect((await ask({ expires_in: 601 })).status).toBe(400);
  expect((await ask({ expires_in: -1 })).status).toBe(400);
  const short = JSON.parse((await ask({ expires_in: 1 })).body) as { url: string };
  await new Promise((done) => setTimeout(done, 1100));
  expect((await send(host.url, "GET", pathOf(short.url))).status).toBe(401);
});

test("with PUBLIC_URL over HTTPS the cookie is Secure and __Host-, and a forged Host changes no address", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "host-open-"));
  chmodSync(dataDir, 0o755);
  const secure = await startHost({ dataDir, env: { PUBLIC_URL: "https://host.example" } });
  try {
    // A folder that was there before is closed to other users too.
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    await until("the link is printed", () =>
      Promise.resolve(secure.said().includes("https://host.example/sign-in?code=")),
    );
    const link = await signInLink(secure);
    expect(link).toMatch(/^https:\/\/host\.example\/sign-in\?code=/);
    const forged = { host: "localhost", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" };
    const signedIn = await send(secure.url, "GET", pathOf(link), forged);
    expect(String(signedIn.headers["set-cookie"])).toMatch(
      /^__Host-host_session=.*; HttpOnly; Secure; SameSite=Lax$/,
    );
    const cookie = cookiesOf(signedIn);
    const session = JSON.parse(
      (await send(secure.url, "GET", "/api/session", { cookie, ...forged })).body,
    ) as {
      redirect_uri: string;
    };
    expect(session.redirect_uri).toBe("https://host.example/connect/callback");
    for (const name of [
      "evil.example",
      "host.example.evil.example",
      "localhost.evil.example",
      "127.0.0.1.nip.io",
    ])
      expect((await send(secure.url, "GET", "/api/session", { cookie, host: name })).status).toBe(421);
    const origin = { cookie, origin: "https://evil.example" };
    expect((await send(secure.url, "GET", "/api/triggers", origin)).status).toBe(403);
  } finally {
    await secure.stop();
  }
}, 240_000);
