import { duringTests } from "../../helpers/instance";
import { errorOf, forbidInserts, serve, type Json } from "./served";
import { present, toText } from "../../helpers/present";

const instance = duringTests(serve);

const abel = "62826bf03710200044e0bfc8bcbe5df1";

describe("e-mail", () => {
  const mail = {
    to: ["User One <one@example.com>", "two@example.com"],
    cc: ["three@example.com"],
    bcc: ["four@example.com"],
    subject: "Hello",
    text: "Test",
    html: "<b>Test</b>",
    headers: { "X-Custom": "header" },
  };

  test("a message is stored ready to be sent, and can be read again", async () => {
    const answer = await instance.call("POST", "/api/now/email", mail);
    expect(answer.status).toBe(200);
    const { id } = answer.result;
    expect(answer.result).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      links: [
        { rel: "self", href: `/now/v1/email/${toText(id)}` },
        { rel: "status", href: `/now/v1/email/${toText(id)}?sysparm_fields=id,type,state,error` },
      ],
    });
    const read = await instance.call("GET", `/api/now/v1/email/${toText(id)}`);
    expect(read.result).toMatchObject({ id, ...mail, type: "send-ready", state: "ready", importance: "" });
    const status = await instance.call(
      "GET",
      `/api/now/v1/email/${toText(id)}?sysparm_fields=id,type,state,error`,
    );
    expect(status.result).toEqual({ id, type: "send-ready", state: "ready", error: "" });
    const row = await instance.call("GET", `/api/now/table/sys_email/${toText(id)}`);
    expect(row.result).toMatchObject({ type: "send-ready", subject: "Hello", copied: "three@example.com" });
  });

  test("refusals: no recipient, too many, a record without its table, a user without the role, an unknown id", async () => {
    for (const body of [
      { subject: "x" },
      { cc: ["a@example.com"] },
      { to: ["nonsense"] },
      { to: Array(101).fill("a@example.com") },
      { to: ["a@example.com"], table_name: "incident" },
    ])
      expect((await instance.call("POST", "/api/now/email", body)).status).toBe(400);
    expect((await instance.call("POST", "/api/now/email", mail, "employee")).status).toBe(403);
    expect((await instance.call("GET", `/api/now/email/${"0".repeat(32)}`)).status).toBe(403);
  });
});

describe("roles, events, GraphQL", () => {
  test("user_role_inheritance gives roles as paths to those who administer users", async () => {
    const users = await instance.call("GET", "/api/now/table/sys_user?sysparm_query=user_name=itil");
    const path = `/api/global/user_role_inheritance?user_sysid=${toText(present(users.list[0]).sys_id)}`;
    const answer = await instance.call("GET", path);
    expect(answer.result).toEqual({
      user_name: "itil",
      from_group: [],
      from_role: expect.arrayContaining([
        "/itil",
        "/itil/sn_incident_read",
        "/itil/sn_incident_write/sn_incident_read",
        "/snc_internal",
      ]),
    });
    expect((await instance.call("GET", path, undefined, "itil")).status).toBe(403);
    expect((await instance.call("GET", "/api/global/user_role_inheritance")).status).toBe(400);
    expect((await instance.call("GET", "/api/global/user_role_inheritance?user_sysid=nobody")).status).toBe(
      404,
    );
  });

  test("events come in bulk and fire no business rule", async () => {
    await forbidInserts(instance, "em_event");
    const answer = await instance.call("POST", "/api/global/em/jsonv2", {
      records: [
        {
          source: "Nagios",
          node: "host-1",
          severity: "1",
          description: "Disk full",
          additional_info: { mount: "/" },
        },
        { source: "Nagios", node: "host-2", severity: "0" },
      ],
    });
    expect(answer.body).toEqual({ result: { "Default Bulk Endpoint": "2 events were inserted" } });
    const events = await instance.call(
      "GET",
      "/api/now/table/em_event?sysparm_query=source=Nagios^ORDERBYnode",
    );
    expect(events.list).toMatchObject([
      { node: "host-1", additional_info: '{"mount":"/"}' },
      { node: "host-2" },
    ]);
    expect((await instance.call("POST", "/api/global/em/jsonv2", { records: "x" })).status).toBe(400);
    expect((await instance.call("POST", "/api/global/em/jsonv2", { records: [] }, "employee")).status).toBe(
      403,
    );
  });

  test("GraphQL is refused as a whole", async () => {
    for (const method of ["GET", "POST"]) {
      const answer = await instance.call(
        method,
        "/api/now/graphql",
        method === "POST" ? { query: "{a}" } : undefined,
      );
      expect(answer.status).toBe(400);
      expect(errorOf(answer).message).toContain("GraphQL");
    }
  });
});

describe("who and what", () => {
  test("the current user", async () => {
    const answer = await instance.call("GET", "/api/now/ui/user/current_user", undefined, "abel.tuter");
    expect(answer.result).toMatchObject({
      user_sys_id: abel,
      user_name: "abel.tuter",
      user_display_name: "Abel Tuter",
      user_initials: "AT",
    });
    expect((await instance.call("GET", "/api/now/ui/user/current_user", undefined, "")).status).toBe(401);
    for (const query of ["sys_id=javascript:gs.getUserID()", "user_name=javascript:gs.getUserName()"]) {
      const row = await instance.call(
        "GET",
        `/api/now/table/sys_user?sysparm_query=${query}`,
        undefined,
        "abel.tuter",
      );
      expect(row.list.map((user) => user.sys_id)).toEqual([abel]);
    }
  });

  test("the list of tables for pickers", async () => {
    const answer = await instance.call("GET", "/api/now/doc/table/schema");
    expect(answer.result).toEqual(
      expect.arrayContaining([
        { label: "Incident", value: "incident" },
        { label: "Change Request", value: "change_request" },
      ]),
    );
  });

  test("columns and choices for the interface, and whether a plugin is there", async () => {
    const meta = await instance.call("GET", "/api/now/ui/meta/incident");
    const columns = meta.result.columns as Record<string, Json>;
    expect(columns.state).toMatchObject({
      label: "State",
      type: "integer",
      choices: expect.arrayContaining([{ value: "1", label: "New" }]),
    });
    expect(columns.caller_id).toMatchObject({ type: "reference", reference: "sys_user" });
    const plugin = await instance.call(
      "GET",
      "/api/now/check_plugin_installation/is_plugin_installed/com.sn_customerservice",
    );
    expect(plugin.result).toEqual({ installed: true });
  });
});
