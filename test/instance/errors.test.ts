import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 30 });

const failure = (message: string, detail: string | null) => ({
  error: { message, detail },
  status: "failure",
});
const missing = failure("No Record found", "Record doesn't exist or ACL restricts the record retrieval");
const nobody = "0".repeat(32);

describe("error bodies", () => {
  test.each([
    ["no credentials", { authorization: "" }],
    ["a wrong password", { authorization: `Basic ${Buffer.from("admin:x").toString("base64")}` }],
    ["an unknown user", { authorization: `Basic ${Buffer.from("x:x").toString("base64")}` }],
    ["a token that is none", { authorization: "Bearer abc" }],
  ])("401 is the same for %s", async (_name, headers) => {
    const answer = await instance.call("GET", "/api/now/table/incident", { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("BASIC");
    expect(answer.json()).toEqual(
      failure("User is not authenticated", "Required to provide Auth information"),
    );
  });

  test.each(["GET", "PUT", "PATCH", "DELETE"])("404 for %s of a record that is not there", async (method) => {
    const body = method === "GET" || method === "DELETE" ? undefined : {};
    const answer = await instance.call(method, `/api/now/table/incident/${nobody}`, { body });
    expect([answer.status, answer.json()]).toEqual([404, missing]);
  });

  test("404 for a record the user may not read, as if it were not there", async () => {
    const [row] = await instance.rows<{ sys_id: string }>("incident", "ORDERBYnumber", {
      sysparm_limit: "1",
    });
    const answer = await instance.call("GET", `/api/now/table/incident/${present(row).sys_id}`, {
      as: "norole",
    });
    expect([answer.status, answer.json()]).toEqual([404, missing]);
  });

  test("400 for an unknown table and for an unknown path", async () => {
    const table = await instance.call("GET", "/api/now/table/not_a_real_class");
    expect([table.status, table.json()]).toEqual([400, failure("Invalid table not_a_real_class", null)]);
    const path = await instance.call("GET", "/api/now/nonsense");
    expect([path.status, path.json()]).toEqual([
      400,
      failure("Requested URI does not represent any resource", null),
    ]);
    await instance.control("PATCH", "config", { unknownUriStatus: 404 });
    expect((await instance.call("GET", "/api/now/nonsense")).status).toBe(404);
  });

  test("400 for a body that cannot be read; single quotes and bare keys can", async () => {
    const broken = await instance.call("POST", "/api/now/table/incident", { body: "{broken" });
    expect([broken.status, broken.json()]).toEqual([
      400,
      failure(
        "Exception while reading request",
        "Verify Request body and Content-type headers. Not able to parse request",
      ),
    ]);
    const lenient = await instance.call("POST", "/api/now/table/incident", {
      body: "{'short_description': 'a', urgency: 2,}",
    });
    expect(lenient.status).toBe(201);
    expect((lenient.result as { urgency: string }).urgency).toBe("2");
  });

  test("413 over 10 MB, 414 over 8,192 bytes of URL, 405, 406, 415", async () => {
    const large = await instance.call("POST", "/api/now/table/incident", {
      body: JSON.stringify({ description: "x".repeat(10_500_000) }),
    });
    expect(large.status).toBe(413);
    expect(large.text).toContain("Max allowed: 10485760 bytes.");
    expect(
      (await instance.call("GET", `/api/now/table/incident?sysparm_query=${"a".repeat(8200)}`)).status,
    ).toBe(414);
    expect((await instance.call("PATCH", "/api/now/table/incident", { body: {} })).status).toBe(405);
    expect(
      (await instance.call("GET", "/api/now/table/incident", { headers: { accept: "text/html" } })).status,
    ).toBe(406);
    expect(
      (
        await instance.call("POST", "/api/now/table/incident", {
          body: "a",
          headers: { "content-type": "application/pdf" },
        })
      ).status,
    ).toBe(415);
  });

  test("403 for insert, update and delete that access rules refuse", async () => {
    const [row] = await instance.rows<{ sys_id: string }>("incident", "ORDERBYnumber", {
      sysparm_limit: "1",
    });
    const refused = (word: string) =>
      failure("Operation Failed", `ACL Exception ${word} Failed due to security constraints`);
    const insert = await instance.call("POST", "/api/now/table/incident", { as: "norole", body: {} });
    const update = await instance.call("PATCH", `/api/now/table/incident/${present(row).sys_id}`, {
      as: "reader",
      body: {},
    });
    const remove = await instance.call("DELETE", `/api/now/table/incident/${present(row).sys_id}`, {
      as: "itil",
    });
    expect([insert.status, insert.json()]).toEqual([403, refused("Insert")]);
    expect([update.status, update.json()]).toEqual([403, refused("Update")]);
    expect([remove.status, remove.json()]).toEqual([403, refused("Delete")]);
  });

  test("403 with the labels of the fields that resolving needs", async () => {
    const { sys_id } = await instance.create<{ sys_id: string }>("incident", { short_description: "x" });
    const answer = await instance.call("PATCH", `/api/now/table/incident/${sys_id}`, {
      body: { state: "6" },
    });
    expect([answer.status, answer.json()]).toEqual([
      403,
      failure(
        "Operation Failed",
        "Data Policy Exception: \n\tThe following fields are mandatory: Resolution code, Close notes",
      ),
    ]);
    const fine = await instance.update<{ state: string; incident_state: string; resolved_at: string }>(
      "incident",
      sys_id,
      {
        state: "6",
        close_code: "Solution provided",
        close_notes: "done",
      },
    );
    expect(fine.incident_state).toBe("6");
    expect(fine.resolved_at).not.toBe("");
  });

  test("a change that jumps over states is aborted by its model, a problem keeps its state", async () => {
    const change = await instance.create<{ sys_id: string; state: string }>("change_request", {
      short_description: "x",
    });
    expect(change.state).toBe("-5");
    const jump = await instance.call("PATCH", `/api/now/table/change_request/${change.sys_id}`, {
      body: { state: "0" },
    });
    expect(jump.status).toBe(403);
    expect(jump.text).toContain(
      "Operation against file 'change_request' was aborted by Business Rule 'Change Model: Check State Transition^",
    );
    const problem = await instance.create<{ sys_id: string }>("problem", { short_description: "x" });
    expect((await instance.update("problem", problem.sys_id, { state: "104" })).state).toBe("101");
    expect((await instance.update("problem", problem.sys_id, { state: "102" })).state).toBe("102");
    expect((await instance.update("problem", problem.sys_id, { state: "106" })).state).toBe("102");
    for (const state of ["103", "104", "106", "107"])
      expect((await instance.update("problem", problem.sys_id, { state })).state).toBe(state);
  });

  test("session.debug_logs comes when it is asked for by header", async () => {
    const answer = await instance.call("GET", "/api/now/table/incident?sysparm_query=number=none", {
      headers: { "X-WantSessionDebugMessages": "true" },
    });
    expect(answer.json()).toEqual({ result: [], session: { debug_logs: [] } });
    const both = await instance.call("GET", "/api/now/table/incident?sysparm_query=number=none", {
      headers: { "X-WantSessionDebugMessages": "true", "X-WantSessionNotificationMessages": "true" },
    });
    expect(both.json()).toEqual({ result: [], session: { debug_logs: [], notifications: [] } });
  });

  test("limit and offset", async () => {
    for (const limit of ["0", "-1", "x"]) {
      const answer = await instance.call("GET", `/api/now/table/incident?sysparm_limit=${limit}`);
      expect([answer.status, answer.json()]).toEqual([
        400,
        failure("Invalid value given for sysparm_limit", "sysparm_limit must be a positive integer"),
      ]);
    }
    expect((await instance.call("GET", "/api/now/table/incident?sysparm_offset=-1")).status).toBe(400);
  });
});
