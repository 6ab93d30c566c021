import { createClient, doctor, type Auth, type Diagnosis } from "../../common";
import { duringTests, startInstance } from "../helpers/instance";
import { byPassword } from "./apis/support";
import { httpServer } from "./stub";

const instance = duringTests(startInstance, { incidents: 40 });
const of = (diagnosis: Diagnosis, check: string) =>
  diagnosis.findings.find((finding) => finding.check === check);
const examine = (auth: Auth = byPassword(), url = instance.url) =>
  doctor(createClient({ instance: url, auth, retry: false }));

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
  const { status, ask = "" } = of(diagnosis, "sign-in") ?? {};
  expect(status).toBe("problem");
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
  expect(of(diagnosis, "address")).toMatchObject({ status: "problem", what: expect.stringMatching(words) });
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
});
