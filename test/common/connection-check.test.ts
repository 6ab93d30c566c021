import { createClient, checkConnection, type Auth, type ConnectionCheck } from "../../common";
import { duringTests, startInstance } from "../helpers/instance";
import { byPassword } from "./apis/support";
import { httpServer } from "./stub";

const instance = duringTests(startInstance, { incidents: 40 });
const of = (diagnosis: ConnectionCheck, check: string) =>
  diagnosis.findings.find((finding) => finding.check === check);
const examine = (auth: Auth = byPassword(), url = instance.url) =>
  checkConnection(createClient({ instance: url, auth, retry: false }));

it("WM-15: an administrator's connection is healthy, and says who it is and what it may do", async () => {
  const diagnosis = await examine();
  expect(diagnosis.healthy).toBe(true);
  expect(diagnosis.user).toMatchObject({ userName: "admin" });
  for (const check of [
    "address",
    "sign-in",
    "clock",
    "rate-limit",
    "user",
    "roles",
    "token",
    "zone",
    "table incident",
    "table incident queries",
    "dictionary",
    "tables",
    "choices",
  ]) {
    expect([check, of(diagnosis, check)?.status]).toEqual([check, "ok"]);
  }
  expect(of(diagnosis, "token")?.what).toMatch(/30 minutes/);
  expect(of(diagnosis, "invalid-query")).toMatchObject({
    status: "warning",
    ask: expect.stringContaining("glide.invalid_query.returns_no_rows"),
  });
  expect(diagnosis.text).toContain(`Connection to ${instance.url} as System Administrator (admin)`);
});

it("PD-08..PD-12: a refused sign-in lists what the administrator can check", async () => {
  const diagnosis = await examine({ ...byPassword(), password: "wrong" });
  expect(diagnosis.healthy).toBe(false);
  const { status, ask = "", what = "" } = of(diagnosis, "sign-in") ?? {};
  expect(status).toBe("problem");
  expect(what).not.toContain("Ask the administrator");
  for (const word of ["oauth_credential", "snc_internal", "web service access only", "client secret"])
    expect(ask).toContain(word);
});

it.each<[string, number, string, RegExp]>([
  ["a sleeping instance", 200, "<html><title>Instance Hibernating page</title></html>", /wake/],
  ["another web site", 200, "<html>shop</html>", /is a ServiceNow instance/],
])("%s is told from a wrong sign-in", async (_name, status, body, words) => {
  const server = await httpServer((_request, response) =>
    response.writeHead(status, { "content-type": "text/html" }).end(body),
  );
  const diagnosis = await examine({ type: "basic", username: "a", password: "b" }, server.url);
  await server.close();
  const { status: found, ask = "", what = "" } = of(diagnosis, "address") ?? {};
  expect([found, ask]).toEqual(["problem", expect.stringMatching(words)]);
  // The advice is given once.
  expect(what).not.toContain(ask);
  expect(diagnosis.text.split(ask)).toHaveLength(2);
});

it("nothing listening is an address problem", async () => {
  const server = await httpServer(() => undefined);
  await server.close();
  expect(of(await examine(byPassword(), server.url), "address")).toMatchObject({
    status: "problem",
    what: expect.stringMatching(/ECONNREFUSED/),
  });
});

it("PD-13: an account without rights is told which to ask for, in words that can be sent", async () => {
  const diagnosis = await examine(byPassword("norole"));
  expect(of(diagnosis, "sign-in")?.status).toBe("ok");
  const asked = diagnosis.findings.filter(({ status }) => status !== "ok");
  expect(asked.map(({ check }) => check)).toEqual(expect.arrayContaining(["tables", "dictionary"]));
  expect(
    asked.every(({ ask }) => ask === undefined || /^(Please give|Check|Sign in|The administrator)/.test(ask)),
  ).toBe(true);
});

it("a zone that date literals are read in is found out by trying", async () => {
  const sydney = byPassword("sydney");
  expect(of(await examine(sydney), "zone")).toMatchObject({
    status: "ok",
    what: expect.stringContaining("Australia/Sydney"),
  });
  await instance.control("PATCH", "config", { dateLiterals: "user" });
  const diagnosis = await examine(sydney);
  await instance.control("PATCH", "config", { dateLiterals: "utc" });
  expect(of(diagnosis, "zone")).toMatchObject({ status: "warning", ask: expect.stringContaining("UTC") });
  // The zone alone is at fault, not the right to filter by time.
  expect(of(diagnosis, "table incident queries")?.status).toBe("ok");
});

it("an account that sees a few records of its own, none among the newest, may read the table", async () => {
  const admin = createClient({ instance: instance.url, auth: byPassword() });
  const employee = createClient({ instance: instance.url, auth: byPassword("employee") });
  const mine = await employee.table("incident").create({ short_description: "Mine" });
  for (let i = 0; i < 21; i++) await admin.table("incident").create({ short_description: "Not mine" });
  const diagnosis = await examine(byPassword("employee"));
  expect(mine.sys_id).toMatch(/^[0-9a-f]{32}$/);
  expect(of(diagnosis, "table incident")?.status).toBe("ok");
  expect(of(diagnosis, "table incident rows")?.status).toBe("warning");
});

it("a condition on the time that is ignored is told, and a blank table name is none", async () => {
  const server = await httpServer((request, response) => {
    const rows = request.url?.includes("/incident")
      ? [{ sys_id: "1", sys_updated_on: "2026-01-01 00:00:00", sys_created_on: "2026-01-01 00:00:00" }]
      : [];
    response.writeHead(200, { "content-type": "application/json", "x-total-count": String(rows.length) });
    response.end(JSON.stringify({ result: rows }));
  });
  const client = createClient({ instance: server.url, auth: { type: "token", token: "t" }, retry: false });
  const diagnosis = await checkConnection(client, { tables: ["incident", " "] });
  await server.close();
  expect(of(diagnosis, "table incident queries")).toMatchObject({
    status: "problem",
    what: expect.stringContaining("is ignored"),
  });
  expect(diagnosis.findings.filter(({ check }) => /^table\s*$/.test(check))).toEqual([]);
});
