import { duringTests } from "../../helpers/instance";
import { errorOf, serve, type Answer, type Json } from "./served";
import { present, toRow, toText } from "../../helpers/present";

const instance = duringTests(serve);

const base = "/api/sn_chg_rest/change";
const nobody = "0".repeat(32);

const value = (record: Json, field: string): unknown => toRow(record[field]).value;
const idOf = (answer: Answer): string => toText(value(answer.result, "sys_id"));

async function made(fields: Json = {}, type = "normal"): Promise<string> {
  const answer = await instance.call("POST", `${base}/${type}`, { short_description: "Change", ...fields });
  expect(answer.status).toBe(200);
  return idOf(answer);
}

async function aServer(): Promise<string> {
  const answer = await instance.call("POST", "/api/now/table/cmdb_ci_server", {
    name: `server ${Math.random()}`,
  });
  return toText(answer.result.sys_id);
}

describe("values", () => {
  test("every column is an object with a typed value; numbers have a decimal point", async () => {
    const answer = await instance.call(
      "POST",
      `${base}/normal`,
      { short_description: "Typed", impact: 2 },
      "sydney",
    );
    expect(answer.text).toContain('"state":{"display_value":"New","value":-5.0}');
    expect(answer.text).toContain('"value":2.0}');
    const { result } = answer;
    expect(result.on_hold).toEqual({ display_value: "false", value: false });
    expect(result.number).toEqual({
      display_value: value(result, "number"),
      value: expect.stringMatching(/^CHG\d{7}$/),
    });
    expect(result.cab_recommendation).toEqual({ display_value: "", value: "" });
    expect(value(result, "sys_id")).toMatch(/^[0-9a-f]{32}$/);
    expect(result.type).toEqual({ display_value: "Normal", value: "normal" });
    const created = result.sys_created_on as Record<string, string>;
    expect(created.value).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(created.display_value).toMatch(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d (AM|PM)$/);
    const shift = Date.parse(`${created.display_value_internal}Z`) - Date.parse(`${created.value}Z`);
    expect([10, 11]).toContain(shift / 3_600_000);
    expect(result.sla_due).toEqual({ display_value: "UNKNOWN", value: "", display_value_internal: "" });
    expect(result.opened_by).toMatchObject({ display_value: "Sydney Agent" });
  });

  test("keys that do not exist or may not be written are named in __meta", async () => {
    const id = await made();
    const answer = await instance.call("PATCH", `${base}/${id}?justification=by+URL`, {
      short_description: "New words",
      no_such_field: "x",
      sys_created_by: "me",
    });
    expect(answer.result.__meta).toEqual({ ignoredFields: ["no_such_field", "sys_created_by"] });
    expect(value(answer.result, "short_description")).toBe("New words");
    expect(value(answer.result, "justification")).toBe("by URL");
    expect(value(answer.result, "sys_created_by")).toBe("admin");
  });
});

describe("records", () => {
  test("lists by type, query, text, order, limit and offset", async () => {
    await made({ short_description: "Zeppelin landing" });
    await made({ short_description: "Zeppelin start" }, "emergency");
    const numbers = async (path: string): Promise<unknown[]> =>
      (await instance.call("GET", base + path)).list.map((row) => value(row, "number"));
    const kinds = async (path: string): Promise<unknown[]> => [
      ...new Set((await instance.call("GET", base + path)).list.map((row) => value(row, "type"))),
    ];
    expect(await kinds("/emergency")).toEqual(["emergency"]);
    expect(await kinds("/normal?sysparm_query=short_descriptionLIKEx^NQshort_descriptionLIKEe")).toEqual([
      "normal",
    ]);
    expect(await numbers("?sysparm_query=short_descriptionSTARTSWITHzeppelin")).toHaveLength(2);
    expect(await numbers("?textSearch=zeppelin")).toHaveLength(2);
    expect(await numbers("/normal?textSearch=zeppelin")).toHaveLength(1);
    expect(await numbers("?type=Emergency&short_description=Zeppelin start")).toHaveLength(1);
    const all = await numbers("");
    expect(all).toEqual([...all].sort());
    expect(await numbers("?sysparm_limit=2&sysparm_offset=1")).toEqual(all.slice(1, 3));
    expect((await instance.call("GET", `${base}?sysparm_limit=-1`)).status).toBe(400);
  });

  test("a record is found under its own type and under no other", async () => {
    const id = await made({}, "emergency");
    for (const path of [`${base}/${id}`, `${base}/emergency/${id}`, `/api/sn_chg_rest/v1/change/${id}`])
      expect(idOf(await instance.call("GET", path))).toBe(id);
    for (const path of [`${base}/normal/${id}`, `${base}/${nobody}`]) {
      const answer = await instance.call("GET", path);
      expect(answer.status).toBe(404);
      expect(errorOf(answer).message).toBe("No Record found");
    }
    const gone = await instance.call("DELETE", `${base}/emergency/${id}`);
    expect(idOf(gone)).toBe(id);
    expect((await instance.call("GET", `${base}/${id}`)).status).toBe(404);
  });

  test("a model decides the type; a template brings its values", async () => {
    const models = await instance.call("GET", `${base}/model?sysparm_query=name=Emergency`);
    const model = value(present(models.list[0]), "sys_id");
    expect(idOf(await instance.call("GET", `${base}/model/${toText(model)}`))).toBe(model);
    const byModel = await instance.call("POST", base, { chg_model: model });
    expect(value(byModel.result, "type")).toBe("emergency");
    expect((await instance.call("POST", base, { chg_model: nobody })).status).toBe(400);

    const templates = await instance.call("GET", `${base}/standard/template?sysparm_query=nameLIKEswitch`);
    const template = value(present(templates.list[0]), "sys_id");
    expect(idOf(await instance.call("GET", `${base}/standard/template/${toText(template)}`))).toBe(template);
    const standard = await instance.call("POST", `${base}/standard/${toText(template)}`, { impact: "1" });
    expect(value(standard.result, "type")).toBe("standard");
    expect(standard.result.category).toEqual({ display_value: "Network", value: "Network" });
    expect(standard.result.assignment_group).toMatchObject({ display_value: "Network" });
    expect(standard.result.std_change_producer_version).toMatchObject({
      display_value: "Add network switch to datacenter cabinet - 1",
    });
    expect(value(standard.result, "impact")).toBe(1);
    expect((await instance.call("POST", `${base}/standard/${nobody}`, {})).status).toBe(404);
  });

  test("tasks belong to their change", async () => {
    const id = await made();
    const other = await made();
    const task = await instance.call("POST", `${base}/${id}/task`, { short_description: "Do it", what: "?" });
    expect(task.result.__meta).toEqual({ ignoredFields: ["what"] });
    expect(task.result.change_request).toMatchObject({ value: id });
    const path = `task/${idOf(task)}`;
    expect((await instance.call("GET", `${base}/${id}/task`)).list).toHaveLength(1);
    expect((await instance.call("GET", `${base}/${other}/${path}`)).status).toBe(404);
    const closed = await instance.call("PATCH", `${base}/${id}/${path}`, { state: "3" });
    expect(value(closed.result, "active")).toBe(false);
    expect((await instance.call("DELETE", `${base}/${id}/${path}`)).status).toBe(200);
    expect((await instance.call("GET", `${base}/${id}/task`)).list).toEqual([]);
  });

  test("roles: readers read, itil writes, the change manager deletes", async () => {
    const id = await made();
    expect((await instance.call("GET", `${base}/${id}`, undefined, "employee")).status).toBe(404);
    expect((await instance.call("POST", `${base}/normal`, {}, "employee")).status).toBe(403);
    expect((await instance.call("PATCH", `${base}/${id}`, { impact: 2 }, "itil")).status).toBe(200);
    expect((await instance.call("DELETE", `${base}/${id}`, undefined, "itil")).status).toBe(403);
    expect((await instance.call("DELETE", `${base}/${id}`, undefined, "change.manager")).status).toBe(200);
  });
});

describe("states, approvals, risk", () => {
  test("nextstates names what is available; a step outside it is refused in the API's words", async () => {
    const id = await made();
    const next = await instance.call("GET", `${base}/${id}/nextstates`);
    expect(next.result).toEqual({
      available_states: ["-4", "4", "-5"],
      state_transitions: [
        [
          {
            sys_id: expect.any(String),
            display_value: "New to Assess",
            from_state: "-5",
            to_state: "-4",
            transition_available: true,
            automatic_transition: false,
            conditions: [
              {
                passed: true,
                condition: { name: "Not On hold", description: null, sys_id: expect.any(String) },
              },
            ],
          },
        ],
        [expect.objectContaining({ display_value: "New to Canceled", conditions: [] })],
      ],
      state_label: { "-4": "Assess", "4": "Canceled", "-5": "New" },
    });
    const refused = await instance.call("PATCH", `${base}/${id}`, { state: "0" });
    expect(refused.status).toBe(400);
    expect(errorOf(refused)).toEqual({
      message: expect.stringMatching(
        /^Change Request record could not be updated\. Operation against file 'change_request' was aborted by Business Rule 'Change Model: Check State Transition/,
      ),
      detail: "",
    });
    expect(value((await instance.call("PATCH", `${base}/${id}`, { state: -4 })).result, "state")).toBe(-4);
  });

  test("the caller answers an approval of the change, and the first answer decides", async () => {
    const id = await made();
    const users = await instance.call(
      "GET",
      "/api/now/table/sys_user?sysparm_query=user_nameINitil,bow.ruggeri^ORDERBYuser_name",
    );
    for (const user of users.list)
      await instance.call("POST", "/api/now/table/sysapproval_approver", {
        sysapproval: id,
        approver: user.sys_id,
        state: "requested",
      });
    const answer = (state: string, user: string): Promise<Answer> =>
      instance.call("PATCH", `${base}/${id}/approvals`, { state, comments: "Fine" }, user);
    expect((await answer("maybe", "itil")).status).toBe(400);
    expect((await answer("approved", "admin")).status).toBe(404);
    const first = await answer("approved", "itil");
    expect(first.result.state).toEqual({ display_value: "Approved", value: "approved" });
    expect(value((await instance.call("GET", `${base}/${id}`)).result, "approval")).toBe("approved");
    expect((await answer("rejected", "bow.ruggeri")).status).toBe(404);
  });

  test("risk comes from impact", async () => {
    const id = await made({ impact: 1 });
    expect((await instance.call("PATCH", `${base}/${id}/risk`)).result.risk).toEqual({
      display_value: "High",
      value: 2,
    });
  });
});

describe("items, schedules, conflicts", () => {
  test("associating items answers 202 with a worker that tells how it went", async () => {
    const id = await made();
    const ci = await aServer();
    const started = await instance.call("POST", `${base}/${id}/ci`, {
      association_type: "affected",
      cmdb_ci_sys_ids: `${ci},${nobody}`,
    });
    expect(started.status).toBe(202);
    expect(started.result).toMatchObject({ type: "affected", state: { value: 1, display_value: "Waiting" } });
    const { link } = started.result.worker as { link: string };
    const worker = await instance.call("GET", link.slice(instance.url.length));
    expect(worker.result).toMatchObject({
      state: { value: 3, display_value: "Complete" },
      messages: {
        errorMessages: [],
        warningMessages: [expect.stringContaining("Invalid CMDB_CI")],
        infoMessages: [],
      },
    });
    const items = await instance.call("GET", `${base}/${id}/ci?association_type=affected`);
    expect(items.list.map((row) => value(row, "ci_item"))).toEqual([ci]);
    expect((await instance.call("GET", `${base}/${id}/ci`)).status).toBe(400);
    expect((await instance.call("POST", `${base}/${id}/ci`, { association_type: "affected" })).status).toBe(
      400,
    );
    expect((await instance.call("GET", `${base}/worker/${nobody}`)).status).toBe(404);
  });

  test("a conflict is another change of the same item at the same time", async () => {
    const ci = await aServer();
    const times = { cmdb_ci: ci, start_date: "2030-01-01 01:00:00", end_date: "2030-01-01 03:00:00" };
    const first = await made(times);
    const second = await made(times);
    const before = await instance.call("GET", `${base}/${second}/conflict`);
    expect(before.result).toMatchObject({
      status: "Not Run",
      last_run: "",
      record_count: "0",
      conflicts: [],
    });
    const checked = await instance.call("POST", `${base}/${second}/conflict`);
    expect(checked.result).toMatchObject({
      status: "Conflict",
      record_count: "1",
      conflicts: [
        {
          conflicting_change: { value: first },
          type: { display_value: "CI Already Scheduled", value: "ci_already_scheduled" },
        },
      ],
    });
    expect((await instance.call("GET", `${base}/${second}/conflict`)).result).toEqual(checked.result);
    expect((await instance.call("DELETE", `${base}/${second}/conflict`)).status).toBe(400);
    expect((await instance.call("POST", `${base}/${await made()}/conflict`)).status).toBe(400);
  });

  test("a schedule has time spans in which the item is free, and the first can be taken", async () => {
    const ci = await aServer();
    const started = await instance.call(
      "GET",
      `${base}/ci/${ci}/schedule?duration_in_seconds=10800&planned_start_time=2030-05-01 12:00:00`,
      undefined,
      "sydney",
    );
    expect(started.status).toBe(202);
    const { sysId } = started.result.worker as { sysId: string };
    const worker = await instance.call("GET", `${base}/worker/${sysId}`);
    const { spans } = worker.result.payload as { spans: Json[] };
    expect(spans).toHaveLength(5);
    expect(spans[0]).toEqual({
      start: { value: "2030-05-02 01:00:00", display_value: "02/05/2030 11:00:00 AM" },
      end: { value: "2030-05-02 04:00:00", display_value: "02/05/2030 02:00:00 PM" },
    });
    for (const query of ["", "duration_in_seconds=0", "duration_in_seconds=60&planned_start_time=soon"])
      expect((await instance.call("GET", `${base}/ci/${ci}/schedule?${query}`)).status).toBe(400);
    const id = await made({
      cmdb_ci: ci,
      start_date: "2030-01-01 01:00:00",
      end_date: "2030-01-01 02:00:00",
    });
    expect((await instance.call("GET", `${base}/${id}/schedule`)).status).toBe(202);
    const moved = await instance.call("PATCH", `${base}/${id}/schedule/first_available`);
    expect(value(moved.result, "start_date")).toMatch(/ 01:00:00$/);
    expect(value(moved.result, "start_date")).not.toBe("2030-01-01 01:00:00");
    expect((await instance.call("GET", `${base}/${await made()}/schedule`)).status).toBe(400);
  });
});
