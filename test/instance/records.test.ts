import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { present, toText } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 30 });

type Texts = Record<string, string>;
const incident = (values: object = {}, as = "admin") =>
  instance.create<Texts>("incident", { short_description: "x", ...values }, as);

describe("what is written down about changes", () => {
  test("sys_audit holds each changed column of audited classes, references as ids", async () => {
    const { sys_id } = await incident();
    await instance.update(
      "incident",
      present(sys_id),
      { urgency: "1", caller_id: "46d44a23a9fe19810012d100cca80666" },
      "itil",
    );
    const rows = await instance.rows<Texts>("sys_audit", `documentkey=${sys_id}^ORDERBYfieldname`);
    expect(rows.map((row) => [row.fieldname, row.oldvalue, row.newvalue, row.user])).toEqual([
      ["caller_id", "", "46d44a23a9fe19810012d100cca80666", "itil"],
      ["priority", "5", "3", "itil"],
      ["urgency", "3", "1", "itil"],
    ]);
  });

  test("a delete leaves a row with the actual class, unless it is switched off", async () => {
    const { sys_id } = await instance.create<Texts>("cmdb_ci_linux_server", { name: "gone" });
    expect((await instance.call("DELETE", `/api/now/table/cmdb_ci/${sys_id}`)).status).toBe(204);
    const [row] = await instance.rows<Texts>("sys_audit_delete", `documentkey=${sys_id}`);
    expect(row).toMatchObject({ tablename: "cmdb_ci_linux_server", display_value: "gone" });
    expect(present(row).payload).toContain("<name>gone</name>");
    expect(await instance.rows("sys_audit_delete", `tablename=cmdb_ci^documentkey=${sys_id}`)).toEqual([]);
    expect(await instance.rows("sys_audit", `documentkey=${sys_id}^fieldname=DELETED`)).toHaveLength(1);
    await instance.control("PATCH", "config", { deleteAudit: false });
    const other = await incident();
    await instance.call("DELETE", `/api/now/table/incident/${other.sys_id}`);
    expect(await instance.rows("sys_audit_delete", `documentkey=${other.sys_id}`)).toEqual([]);
    await instance.control("PATCH", "config", { deleteAudit: true });
  });

  test("deletes beyond the horizon are forgotten", async () => {
    const { sys_id } = await incident();
    await instance.call("DELETE", `/api/now/table/incident/${sys_id}`);
    await instance.control("PATCH", "config", { deleteAuditHorizonDays: 7 });
    expect(await instance.rows("sys_audit_delete", `documentkey=${sys_id}`)).toHaveLength(1);
    await instance.control("POST", "clock", { advanceSeconds: 8 * 86_400 });
    expect(await instance.rows("sys_audit_delete", `documentkey=${sys_id}`)).toEqual([]);
    await instance.control("POST", "clock", { real: true });
    await instance.control("PATCH", "config", { deleteAuditHorizonDays: 0 });
  });

  test("journal entries are rows of sys_journal_field, and count as an update", async () => {
    const { sys_id } = await incident({ comments: "one" });
    expect(await instance.update("incident", present(sys_id), { work_notes: "two" })).toMatchObject({
      sys_mod_count: "1",
    });
    const rows = await instance.rows<Texts>("sys_journal_field", `element_id=${sys_id}^ORDERBYelement`);
    expect(rows.map((row) => [row.name, row.element, row.value])).toEqual([
      ["incident", "comments", "one"],
      ["incident", "work_notes", "two"],
    ]);
    expect(rows[0]).not.toHaveProperty("sys_updated_on");
  });

  test("metric_instance has a row for each span in a state", async () => {
    await instance.control("POST", "clock", { set: "2026-06-01 10:00:00", freeze: true });
    const { sys_id } = await incident();
    await instance.control("POST", "clock", { advanceSeconds: 3600 });
    await instance.update("incident", present(sys_id), { state: "2" });
    await instance.control("POST", "clock", { real: true });
    const rows = await instance.rows<Texts>("metric_instance", `id=${sys_id}^ORDERBYstart`);
    expect(rows.map((row) => [row.value, row.field_value, row.start, row.end])).toEqual([
      ["New", "1", "2026-06-01 10:00:00", "2026-06-01 11:00:00"],
      ["In Progress", "2", "2026-06-01 11:00:00", ""],
    ]);
    const [shown] = await instance.rows<Record<string, Texts>>("metric_instance", `id=${sys_id}`, {
      sysparm_display_value: "all",
    });
    expect(present(shown).id).toMatchObject({
      display_value: expect.stringMatching(/^Incident: INC/) as string,
      value: sys_id,
    });
  });
});

describe("SLAs and approvals", () => {
  test("a high incident starts an SLA, which breaches, and completes when it is resolved", async () => {
    await instance.control("POST", "clock", { set: "2026-06-02 10:00:00", freeze: true });
    const { sys_id } = await incident({ impact: 1, urgency: 1 });
    const sla = async (): Promise<Texts> =>
      present((await instance.rows<Texts>("task_sla", `task=${sys_id}`))[0]);
    expect(await sla()).toMatchObject({
      stage: "in_progress",
      has_breached: "false",
      planned_end_time: "2026-06-02 11:00:00",
    });
    await instance.control("POST", "clock", { advanceSeconds: 3601 });
    expect(await sla()).toMatchObject({
      stage: "breached",
      has_breached: "true",
      sys_updated_on: "2026-06-02 11:00:00",
    });
    await instance.update("incident", present(sys_id), {
      state: "6",
      close_code: "User error",
      close_notes: "x",
    });
    expect(await sla()).toMatchObject({ stage: "completed", active: "false", has_breached: "true" });
    await instance.control("POST", "clock", { real: true });
  });

  test("a change that is assessed asks for approvals; the first answer decides", async () => {
    const change = await instance.create<Texts>("change_request", { short_description: "x" });
    expect(await instance.update("change_request", present(change.sys_id), { state: "-4" })).toMatchObject({
      approval: "requested",
    });
    const asked = await instance.rows<Texts>(
      "sysapproval_approver",
      `sysapproval=${change.sys_id}^state=requested`,
    );
    expect(asked).not.toEqual([]);
    await instance.update("sysapproval_approver", present(present(asked[0]).sys_id), { state: "approved" });
    expect(await instance.rows("change_request", `sys_id=${change.sys_id}^approval=approved`)).toHaveLength(
      1,
    );
    expect(
      await instance.rows("sysapproval_approver", `sysapproval=${change.sys_id}^state=requested`),
    ).toEqual([]);
  });
});

describe("business rules", () => {
  const rule = (values: object) =>
    instance.create<Texts>("sys_script", { collection: "incident", advanced: true, active: true, ...values });

  test("an after rule sends what happened to a server on this machine, and to no other", async () => {
    const received: { body: Record<string, string>; token: string | undefined }[] = [];
    let arrived: () => void = () => {};
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        received.push({
          body: JSON.parse(text) as Record<string, string>,
          token: toText(request.headers["x-token"]),
        });
        response.end("{}");
        arrived();
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const { sys_id: ruleId } = await rule({
      name: "Outbound",
      when: "async",
      action_insert: true,
      action_update: true,
      action_delete: true,
      filter_condition: "short_descriptionSTARTSWITHhook",
      script: `(function executeRule(current, previous) {
        var r = new sn_ws.RESTMessageV2();
        r.setEndpoint("${endpoint}"); r.setHttpMethod("post"); r.setRequestHeader("x-token", "t");
        r.setRequestBody(JSON.stringify({ op: current.operation(), table: current.getTableName(), id: current.getUniqueValue(),
          number: current.getValue("number"), state: current.state.getDisplayValue(), old: previous ? String(previous.short_description) : "", changed: current.short_description.changes() }));
        r.execute();
      })(current, previous);`,
    });
    const next = () => new Promise<void>((done) => (arrived = done));
    let wait = next();
    const row = await incident({ short_description: "hook 1" });
    await wait;
    wait = next();
    await instance.update("incident", present(row.sys_id), { short_description: "hook 2" });
    await wait;
    wait = next();
    await instance.call("DELETE", `/api/now/table/incident/${row.sys_id}`);
    await wait;
    await incident({ short_description: "not this one" });
    expect(received.map(({ body }) => body.op)).toEqual(["insert", "update", "delete"]);
    expect(received[1]).toEqual({
      token: "t",
      body: {
        op: "update",
        table: "incident",
        id: row.sys_id,
        number: row.number,
        state: "New",
        old: "hook 1",
        changed: true,
      },
    });
    await instance.update("sys_script", present(ruleId), {
      script: `var r = new sn_ws.RESTMessageV2(); r.setEndpoint("http://example.com/"); r.execute(); gs.info("sent " + current.number);`,
    });
    const last = await incident({ short_description: "hook 3" });
    for (let tries = 0; tries < 50; tries += 1)
      if ((await instance.rows("syslog", `message=sent ${last.number}`)).length > 0) break;
    expect(await instance.rows("syslog", `message=sent ${last.number}`)).toHaveLength(1);
    await instance.update("sys_script", present(ruleId), { active: false });
    server.close();
  });

  test("a before rule changes the record or aborts the write", async () => {
    await rule({
      name: "Guard",
      when: "before",
      action_insert: true,
      action_update: true,
      script: `if (String(current.description) === "forbidden") current.setAbortAction(true); else if (String(current.description) === "fill") current.correlation_id = "filled by " + gs.getUserName();`,
    });
    expect(await incident({ description: "fill" }, "itil")).toMatchObject({
      correlation_id: "filled by itil",
    });
    const refused = await instance.call("POST", "/api/now/table/incident", {
      body: { description: "forbidden" },
    });
    expect(refused.status).toBe(403);
    expect(refused.text).toMatch(
      /Operation against file 'incident' was aborted by Business Rule 'Guard\^[0-9a-f]{32}'. Business Rule Stack:Guard/,
    );
    expect(await instance.rows("incident", "description=forbidden")).toEqual([]);
  });

  test("CHANGESTO and VALCHANGES decide on what changed", async () => {
    await rule({
      name: "On hold",
      when: "before",
      action_update: true,
      filter_condition: "stateCHANGESTO3",
      script: "current.correlation_display = 'held';",
    });
    const { sys_id } = await incident();
    expect(await instance.update("incident", present(sys_id), { state: "2" })).toMatchObject({
      correlation_display: "",
    });
    expect(await instance.update("incident", present(sys_id), { state: "3" })).toMatchObject({
      correlation_display: "held",
    });
  });

  test.each([
    ["for ever", "while (true) {}"],
    ["all memory", "var a = []; while (true) a.push(new Array(1000).join('x'));"],
    [
      "a way out",
      "current.correlation_id = [typeof process, typeof require, typeof fetch, typeof globalThis.XMLHttpRequest].join();",
    ],
    ["nonsense", "]["],
  ])("a script that wants %s harms nothing", async (name, script) => {
    const { sys_id } = await rule({
      name,
      when: "before",
      action_insert: true,
      filter_condition: `description=${name}`,
      script,
    });
    const row = await incident({ description: name });
    expect(row.correlation_id).toBe(name === "a way out" ? "undefined,undefined,undefined,undefined" : "");
    await instance.update("sys_script", present(sys_id), { active: false });
  });
});
