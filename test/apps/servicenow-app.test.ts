import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import app from "../../apps/servicenow.app";
import getTableRecordById from "../../actions/get-table-record-by-id/get-table-record-by-id";
import createIncident from "../../actions/create-incident/create-incident";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import type { ConnectionDeclaration } from "../../components";
import { account, instanceOf, propOptions, type Account } from "../helpers/components";
import { duringTests, startInstance } from "../helpers/instance";
import { present } from "../helpers/present";

const instance = duringTests(startInstance, { incidents: 120 });
let auth: Account;
const connection = app.connection as ConnectionDeclaration;

beforeAll(async () => {
  auth = await account(instance.url);
});

const fields = (changes: Record<string, string> = {}) => ({
  instance_name: instance.url,
  client_id: "demo-client",
  client_secret: "demo-secret",
  ...changes,
});

/** Answers everything with one status and body, as a server that is no instance does. */
async function withServer(
  status: number,
  headers: Record<string, string>,
  body: string,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server: Server = createServer((_request, response) => {
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

describe("connecting an account", () => {
  it("finds the endpoints of an instance and trims what was typed", async () => {
    const prepared = await connection.prepare(fields({ client_id: " demo-client " }));
    expect(prepared).toEqual({
      authorizationUrl: `${instance.url}/oauth_auth.do`,
      tokenUrl: `${instance.url}/oauth_token.do`,
      revocationUrl: `${instance.url}/oauth_revoke_token.do`,
      fields: { instance_name: instance.url, client_id: "demo-client", client_secret: "demo-secret" },
    });
  });

  it.each([
    ["no instance name", { instance_name: " " }, "instance_name", /missing/],
    ["a name with spaces", { instance_name: "my instance" }, "instance_name", /space/],
    [
      "a host without its hyphen",
      { instance_name: "dev1.servicenow.com" },
      "instance_name",
      /Write dev1\.service-now\.com/,
    ],
    ["another scheme", { instance_name: "ftp://dev1.service-now.com" }, "instance_name", /ftp/],
    ["no client id", { client_id: "" }, "client_id", /missing/],
    ["a client secret with a space", { client_secret: "demo secret" }, "client_secret", /Copy it/],
  ])("refuses %s and names the field", async (_what, changes, field, message) => {
    const run = connection.prepare(fields(changes));
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toMatchObject({ field });
  });

  it.each([
    ["any web server", 200, "text/html", "<h1>It works</h1>", /not like a ServiceNow instance/],
    ["a sign-in page", 302, "text/html", "", /redirects its REST API/],
    ["a hibernating instance", 200, "text/html", "<title>Instance Hibernating page</title>", /hibernating/],
    ["a front end without an instance", 502, "text/html", "", /answered 502/],
  ])("refuses %s with words about it", async (_what, status, type, body, message) => {
    await withServer(status, { "content-type": type, location: "/login" }, body, async (url) => {
      await expect(connection.prepare(fields({ instance_name: url }))).rejects.toThrow(message);
    });
  });

  it("says when nothing listens at the address", async () => {
    let closed = "";
    await withServer(200, {}, "", async (url) => void (closed = url));
    await expect(connection.prepare(fields({ instance_name: closed }))).rejects.toThrow(/Nothing listens/);
  });

  it("tells who signed in", async () => {
    const who = await connection.verify({ ...auth });
    expect(who.name).toMatch(/ on 127\.0\.0\.1:\d+$/);
    expect(who.details.User).toMatch(/\(admin\)$/);
  });

  it("says when a token no longer works, without showing it", async () => {
    const run = connection.verify({ ...auth, oauth_access_token: "not-a-token" });
    await expect(run).rejects.toMatchObject({ kind: "unauthenticated" });
    await expect(run).rejects.not.toThrow(/not-a-token/);
  });

  it.each([
    [{ step: "authorize", error: "access_denied" }, /choose Allow/],
    // A hardened instance says the same of an account that may not have a token.
    [{ step: "authorize", error: "access_denied" }, /oauth_credential[\s\S]*snc_internal/],
    [{ step: "authorize", error: "server_error" }, /server_error[\s\S]*oauth_credential/],
    [
      { step: "authorize", error: "server_error", errorDescription: "access_denied" },
      /access_denied[\s\S]*interactive sign-in[\s\S]*oauth_credential/,
    ],
    [{ step: "authorize", error: "invalid_client" }, /does not know the client id/],
    [
      { step: "token", status: 401, error: "server_error", errorDescription: "access_denied" },
      /client secret is wrong/,
    ],
    [
      { step: "token", status: 401, error: "server_error", errorDescription: "access_denied" },
      /Web service access only/,
    ],
    [
      { step: "token", status: 401, error: "server_error", errorDescription: "access_denied" },
      /oauth_credential/,
    ],
    [
      { step: "token", status: 401, error: "server_error", errorDescription: "access_denied" },
      /snc_internal/,
    ],
    [{ step: "token", status: 504 }, /oauth_credential\.\*[\s\S]*snc_internal/],
    [{ step: "token", status: 408 }, /hardened instance/],
    [
      { step: "token", status: 200, contentType: "text/html", bodyStart: "Instance Hibernating page" },
      /Wake it/,
    ],
    [
      { step: "token", status: 200, contentType: "text/html", bodyStart: "<html>" },
      /web page instead of a token/,
    ],
    [{ step: "refresh", status: 401, error: "server_error" }, /Connect the account again/],
    [{ step: "refresh" }, /could not be reached/],
  ] as const)("explains %o", (failure, message) => {
    expect(connection.explain({ ...failure, fields: fields() })).toMatch(message);
    expect(connection.explain({ ...failure, fields: fields() })).not.toMatch(/demo-secret/);
  });
});

describe("options of the table prop", () => {
  it("finds tables by a part of their label or name, and tells tables of one label apart", async () => {
    const options = await propOptions(getTableRecordById, auth, "table", { query: "inciden" });
    expect(options).toContainEqual({ label: "Incident (incident)", value: "incident" });
  });

  it("helps users who may not read the list of tables", async () => {
    const poor = await account(instance.url, "norole", "norole");
    const options = await propOptions(getTableRecordById, poor, "table", { query: "inc" });
    expect(options).toContainEqual({ label: "Incident (incident)", value: "incident" });
    expect(options).toContainEqual({ label: "inc (as typed)", value: "inc" });
  });
});

describe("options of record props", () => {
  it("labels records with number and description, finds them by both, and pages without repeating one", async () => {
    const input = { table: "incident" };
    const first = await propOptions(getTableRecordById, auth, "recordId", input);
    const second = await propOptions(getTableRecordById, auth, "recordId", { ...input, page: 1 });
    expect(first).toHaveLength(50);
    expect(first[0]?.label).toMatch(/^INC\d+ – .+/);
    expect(new Set([...first, ...second].map(({ value }) => value)).size).toBe(100);
    const [number] = present(first[7]).label.split(" – ");
    const found = await propOptions(getTableRecordById, auth, "recordId", { ...input, query: number });
    expect(found).toEqual([first[7]]);
  });

  it("finds people by name, user name and e-mail", async () => {
    const options = await propOptions(createIncident, auth, "assignedTo", { query: "admin" });
    expect(options.map(({ label }) => label).join()).toMatch(/\(admin\)/);
  });

  it("offers the choices of the instance", async () => {
    const options = await propOptions(createIncident, auth, "urgency");
    expect(options[0]).toEqual({ label: "1 - High", value: "1" });
  });
});

describe("inputs for single columns", () => {
  it("follow the dictionary: label, type, choices and search", async () => {
    const instanceThis = instanceOf(createTableRecord, auth, {
      table: "incident",
      fieldNames: ["short_description", "urgency", "active", "caller_id", "opened_at"],
    });
    const props = (await createTableRecord.additionalProps?.call(instanceThis as never, {})) as Record<
      string,
      Record<string, unknown>
    >;
    expect(props.field_short_description).toMatchObject({ type: "string", label: "Short description" });
    expect(props.field_active).toMatchObject({ type: "boolean" });
    expect(props.field_urgency?.options).toContainEqual({ label: "1 - High", value: "1" });
    expect(props.field_opened_at?.description).toMatch(/UTC/);
    const search = props.field_caller_id?.options as (request: unknown) => Promise<{ label: string }[]>;
    const people = await search({ page: 0, query: "admin", prevContext: {} });
    expect(people.map(({ label }) => label).join()).toMatch(/\(admin\)/);
  });

  it("are never required: a workflow that gives the mandatory caller in the JSON object, or not at all, moves over unchanged", async () => {
    const instanceThis = instanceOf(createTableRecord, auth, { table: "incident" });
    const props = (await createTableRecord.additionalProps?.call(instanceThis as never, {})) as Record<
      string,
      Record<string, unknown>
    >;
    expect(props.field_caller_id?.description).toMatch(/Mandatory on the table's form/);
    expect(Object.values(props).filter(({ optional }) => optional !== true)).toEqual([]);
  });
});
