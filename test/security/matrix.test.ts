import { callers as sets, type CallerKind, type DeclaredRoute } from "../../host/src/http/callers";
import { duringTests } from "../helpers/instance";
import { startHost } from "../host/host";
import { bearer, connectToken, serverToken, signedInPage, type Headers } from "../host/callers";
import { send } from "../host/raw";
import { declaredRoutes } from "./support/routes";

const host = duringTests(startHost);

/** A caller: its kind as routes declare it, and the headers that make a request its own. */
type Caller = [name: string, kind: CallerKind, headers: Headers];
let routes: DeclaredRoute[];
let known: Caller[];
let strangers: [name: string, headers: Headers, statuses: number[]][];

beforeAll(async () => {
  routes = declaredRoutes();
  const page = await signedInPage(host);
  const own = { cookie: page.cookie, "x-csrf-token": page.csrf };
  known = [
    ["the operator", "operator", bearer(host.token)],
    ["a server", "server", bearer(await serverToken(host))],
    ["the page", "page", own],
    ["alice", "connect", bearer(await connectToken(host, "alice"))],
  ];
  const closed = [401, 403];
  strangers = [
    ["nobody", {}, closed],
    ["a wrong key", bearer(`${host.token}x`), closed],
    ["an access token that was changed", bearer("hat.99999999999999.AAAA"), closed],
    ["an unknown connect token", bearer("ctok_0123456789abcdef"), closed],
    ["no bearer but basic", { authorization: `Basic ${Buffer.from(host.token).toString("base64")}` }, closed],
    ["a made-up cookie", { cookie: page.cookie.replace(/=.*/, "=AAAA"), "x-csrf-token": page.csrf }, closed],
    ["the page of another site", { ...own, "sec-fetch-site": "cross-site" }, closed],
    ["the page of a sister site", { ...own, "sec-fetch-site": "same-site" }, closed],
    ["the page with a foreign origin", { ...own, origin: "https://evil.example" }, closed],
    ["a frame without origin", { ...own, origin: "null" }, closed],
    ["a foreign name", { ...own, host: "rebound.example" }, [421]],
    ["the operator under a foreign name", { ...bearer(host.token), host: "rebound.example" }, [421]],
    [
      "a connect token on a page it is not for",
      {
        ...bearer(await connectToken(host, "alice", { allowed_origins: ["https://app.example"] })),
        origin: "https://evil.example",
      },
      closed,
    ],
  ];
}, 120_000);

const pathOf = (route: DeclaredRoute, user: string): string =>
  route.path
    .replace(":user", user)
    .replace(":project_id", "local")
    .replace(/:\w+/g, "none")
    .replace("*", "/none");
/** Without a body, so that nothing is done where the route would do something. */
const call = async (route: DeclaredRoute, headers: Headers, user = "none"): Promise<number> =>
  (await send(host.url, route.method, pathOf(route, user), headers)).status;
/** A stream does not end by itself, ending the sessions would end those of the test, and preflights have their own rules. */
const isTried = ({ method, path }: DeclaredRoute): boolean =>
  path !== "/api/stream" && method !== "OPTIONS" && !(method === "DELETE" && /sessions?$/.test(path));

test("each route lets in the callers it declares and refuses every other", async () => {
  const wrong: string[] = [];
  let checks = 0;
  for (const route of routes.filter(isTried)) {
    const isOpen = route.callers.includes("anybody");
    for (const [name, kind, headers] of known) {
      const status = await call(route, headers, { page: "local", connect: "alice" }[String(kind)]);
      const refused = status === 401 || status === 403;
      checks += 1;
      if (
        refused !== !(isOpen || route.callers.includes(kind)) &&
        !(isOpen && route.path.endsWith("session"))
      )
        wrong.push(`${route.method} ${route.path} answers ${name} with ${status}`);
      if (status >= 500) wrong.push(`${route.method} ${route.path} answers ${name} with ${status}`);
    }
    for (const [name, headers, statuses] of strangers) {
      const status = await call(route, headers);
      const mayPass = isOpen && !statuses.includes(421);
      checks += 1;
      if (!statuses.includes(status) && !mayPass)
        wrong.push(`${route.method} ${route.path} answers ${name} with ${status}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(checks).toBeGreaterThanOrEqual(800);
}, 300_000);

test("what changes something needs the token of the session", async () => {
  const page = known.find(([, kind]) => kind === "page")?.[2] ?? {};
  const changing = routes.filter(
    (route) => isTried(route) && route.method !== "GET" && route.callers.includes("page"),
  );
  for (const route of changing)
    for (const token of ["", "guess", page["x-csrf-token"]?.slice(0, -1) ?? ""])
      expect([route.path, await call(route, { ...page, "x-csrf-token": token })]).toEqual([route.path, 403]);
  expect(changing.length).toBeGreaterThanOrEqual(20);
}, 120_000);

test("the documented sets of callers are what routes use", () => {
  const allowed = Object.values(sets).map((set) => JSON.stringify(set));
  for (const route of routes) expect(allowed).toContain(JSON.stringify(route.callers));
});
