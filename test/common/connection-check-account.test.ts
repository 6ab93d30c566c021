import { checkConnection, fetchToken, type ConnectionCheck } from "../../common";
import { byPassword, useInstance } from "./apis/support";
import { stubClient, stubTransport } from "./stub";
import { present } from "../helpers/present";

const { as, instance } = useInstance();
const of = (diagnosis: ConnectionCheck, check: string) =>
  diagnosis.findings.find((finding) => finding.check === check);

it("PD-07: a sign-in that runs into a gateway time-out lists what a hardened instance wants (PD-09 to PD-12)", async () => {
  const transport = stubTransport(() => ({
    status: 504,
    text: "<html>Gateway Time-out</html>",
    headers: { "content-type": "text/html" },
  }));
  const diagnosis = await checkConnection(stubClient(transport, { retry: false }).client);
  expect(diagnosis.healthy).toBe(false);
  expect(of(diagnosis, "own account")?.ask).toMatch(/account and a role of its own/);
  expect(of(diagnosis, "interactive sign-in")?.ask).toMatch(/Web service access only/);
  expect(of(diagnosis, "oauth_credential")?.ask).toMatch(/oauth_credential\.\*/);
  expect(of(diagnosis, "explicit roles")?.ask).toMatch(/snc_internal/);
});

it("PD-08: access_denied, which says nothing of its cause, gets the same list", async () => {
  const transport = stubTransport(() => ({
    status: 401,
    json: { error_description: "access_denied", error: "server_error" },
  }));
  const diagnosis = await checkConnection(stubClient(transport, { retry: false }).client);
  expect(diagnosis.findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(["own account", "interactive sign-in", "oauth_credential", "explicit roles"]),
  );
});

it("PD-09 PD-11 PD-12: an administrator's account is fine, and told that one of its own is safer", async () => {
  await fetchToken({ instance: instance.url, auth: byPassword() });
  const diagnosis = await checkConnection(as());
  expect(of(diagnosis, "own account")).toMatchObject({
    status: "ok",
    what: expect.stringMatching(/of its own/),
  });
  expect(of(diagnosis, "oauth_credential")?.status).toBe("ok");
  expect(of(diagnosis, "explicit roles")?.status).toBe("ok");
});

it("PD-10: an account that is for web services only is found", async () => {
  const client = as();
  const user = present(await client.table("sys_user").first({ query: "user_name=itil" }));
  await client.table("sys_user").update(user, { web_service_access_only: true });
  const diagnosis = await checkConnection(as("itil"));
  await client.table("sys_user").update(user, { web_service_access_only: false });
  expect(of(diagnosis, "interactive sign-in")).toMatchObject({ status: "warning" });
  expect(diagnosis.text).toMatch(/Web service access only/);
});

it("PD-11: an account that cannot be seen to read the table of tokens is told what to ask for, without alarm", async () => {
  const diagnosis = await checkConnection(as("employee"));
  expect(of(diagnosis, "oauth_credential")).toMatchObject({
    status: "unknown",
    ask: expect.stringContaining("oauth_credential.*"),
  });
});

it("PD-13: fields inherited from task that are left out silently are noticed", async () => {
  const transport = stubTransport((request) => {
    const row = {
      sys_id: "a".repeat(32),
      sys_updated_on: "2026-01-01 00:00:00",
      sys_created_on: "2026-01-01 00:00:00",
    };
    const rows = request.url.includes("/incident") ? [{ ...row, number: "INC1" }] : [];
    return { json: { result: rows }, headers: { "x-total-count": String(rows.length) } };
  });
  const diagnosis = await checkConnection(stubClient(transport, { retry: false }).client);
  expect(of(diagnosis, "table incident fields")).toMatchObject({
    status: "warning",
    what: expect.stringMatching(/without short_description, state, assigned_to/),
    ask: expect.stringMatching(/inherited from task/),
  });
});
