import { duringTests } from "../../helpers/instance";
import { serve, type Answer, type Json } from "./served";
import { present, toRow, toRows, toText } from "../../helpers/present";

const instance = duringTests(serve);

const base = "/api/sn_chg_rest/change";
const value = (record: Json, field: string): unknown => toRow(record[field]).value;

let items = 0;
const server = (more: Json = {}): Promise<string> =>
  instance.create("cmdb_ci_linux_server", { name: `windowed ${(items += 1)}`, ...more });
async function change(ci: string, start_date: string, end_date: string, more: Json = {}): Promise<string> {
  const answer = await instance.call("POST", `${base}/normal`, {
    cmdb_ci: ci,
    start_date,
    end_date,
    ...more,
  });
  return toText(value(answer.result, "sys_id"));
}
const check = (id: string): Promise<Answer> => instance.call("POST", `${base}/${id}/conflict`);
/** The kinds of conflicts that a change has. */
async function kinds(id: string): Promise<unknown[]> {
  const { result } = await check(id);
  return toRows(result.conflicts).map((conflict) => value(conflict, "type"));
}
/** A schedule with one entry. Its sys_id. */
async function scheduled(table: string, values: Json, entry: Json): Promise<string> {
  const schedule = await instance.create(table, values);
  await instance.create("cmn_schedule_span", { schedule, ...entry });
  return schedule;
}
async function property(name: string, text: string): Promise<() => Promise<void>> {
  const id = await instance.create("sys_properties", { name: `change.conflict.${name}`, value: text });
  return async () => void (await instance.call("DELETE", `/api/now/table/sys_properties/${id}`));
}

describe("blackout windows", () => {
  test("a change within a blackout of its item's class conflicts with it, and with no other", async () => {
    const schedule = await scheduled(
      "cmn_schedule_blackout",
      {
        name: "Year end",
        time_zone: "UTC",
        applies_to: "cmdb_ci_server",
        condition: "nameSTARTSWITHwindowed",
      },
      {
        start_date_time: "20301220T000000Z",
        end_date_time: "20310105T000000Z",
      },
    );
    const ci = await server();
    const within = await change(ci, "2030-12-24 01:00:00", "2030-12-24 02:00:00");
    const { result } = await check(within);
    expect(result).toMatchObject({
      status: "Conflict",
      record_count: "1",
      conflicts: [
        {
          type: { display_value: "Blackout", value: "blackout" },
          schedule: { display_value: "Year end", value: schedule },
          configuration_item: { value: ci },
        },
      ],
    });
    expect(await kinds(await change(ci, "2030-12-01 01:00:00", "2030-12-01 02:00:00"))).toEqual([]);
    const other = await server({ name: "not one of them" });
    expect(await kinds(await change(other, "2030-12-24 01:00:00", "2030-12-24 02:00:00"))).toEqual([]);
    const off = await property("blackout", "false");
    expect(await kinds(within)).toEqual([]);
    await off();
  });

  test("one for changes looks at the change; an entry may repeat, in the zone of the schedule", async () => {
    await scheduled(
      "cmn_schedule_blackout",
      {
        name: "Trading hours",
        time_zone: "Australia/Sydney",
        applies_to: "change_request",
        condition: "category=Network^EQ",
      },
      {
        start_date_time: "20290101T090000",
        end_date_time: "20290101T170000",
        repeat_type: "weekdays",
      },
    );
    const ci = await server();
    const at = async (start: string, end: string, more: Json = { category: "Network" }): Promise<unknown[]> =>
      kinds(await change(ci, start, end, more));
    // Tuesday, 2 July 2030, 10:00 in Sydney, which is UTC+10 in July and UTC+11 in January.
    expect(await at("2030-07-02 00:00:00", "2030-07-02 00:30:00")).toEqual(["blackout"]);
    expect(await at("2030-07-02 08:00:00", "2030-07-02 09:00:00")).toEqual([]);
    expect(await at("2030-07-02 06:30:00", "2030-07-02 08:00:00")).toEqual(["blackout"]);
    expect(await at("2030-01-01 06:30:00", "2030-01-01 06:45:00")).toEqual([]);
    // Saturday
    expect(await at("2030-07-06 00:00:00", "2030-07-06 00:30:00")).toEqual([]);
    expect(await at("2030-07-03 00:00:00", "2030-07-03 00:30:00", { category: "Hardware" })).toEqual([]);
  });
});

describe("maintenance windows", () => {
  test("a change outside the windows of its item conflicts, within one it does not", async () => {
    const schedule = await scheduled(
      "cmn_schedule_maintenance",
      {
        name: "Saturday night",
        time_zone: "UTC",
      },
      {
        start_date_time: "2029-01-06 22:00:00",
        end_date_time: "2029-01-07 04:00:00",
        repeat_type: "weekly",
        days_of_week: "6",
      },
    );
    await instance.call("PATCH", `/api/now/table/cmn_schedule_maintenance/${schedule}`, {
      applies_to: "cmdb_ci_linux_server",
      condition: "comments=kept",
    });
    const ci = await server({ comments: "kept" });
    const inside = await change(ci, "2030-02-02 22:00:00", "2030-02-03 04:00:00");
    const late = await change(ci, "2030-02-09 23:00:00", "2030-02-10 05:00:00");
    expect(await kinds(inside)).toEqual([]);
    expect(await kinds(late)).toEqual(["not_in_maintenance_window"]);
    const outside = async (id: string): Promise<unknown> =>
      value((await instance.call("GET", `${base}/${id}`)).result, "outside_maintenance_schedule");
    expect([await outside(inside), await outside(late)]).toEqual([false, true]);
    // An item without any window is free all the time.
    expect(await kinds(await change(await server(), "2030-02-06 10:00:00", "2030-02-06 11:00:00"))).toEqual(
      [],
    );
  });

  test("the schedule that an item names holds for it, and free slots lie in its windows", async () => {
    const schedule = await scheduled(
      "cmn_schedule",
      { name: "Sunday", time_zone: "UTC" },
      {
        start_date_time: "20300106T050000Z",
        end_date_time: "20300106T090000Z",
        repeat_type: "weekly",
      },
    );
    const ci = await server({ maintenance_schedule: schedule });
    await change(ci, "2030-03-10 05:00:00", "2030-03-10 06:00:00");
    expect(await kinds(await change(ci, "2030-03-05 05:00:00", "2030-03-05 06:00:00"))).toEqual([
      "not_in_maintenance_window",
    ]);
    const started = await instance.call(
      "GET",
      `${base}/ci/${ci}/schedule?duration_in_seconds=7200&planned_start_time=2030-03-01 00:00:00`,
    );
    const worker = await instance.call("GET", `${base}/worker/${String(toRow(started.result.worker).sysId)}`);
    const { spans } = worker.result.payload as { spans: { start: Json }[] };
    expect(spans.map(({ start }) => start.value)).toEqual([
      "2030-03-03 05:00:00",
      "2030-03-17 05:00:00",
      "2030-03-24 05:00:00",
      "2030-03-31 05:00:00",
      "2030-04-07 05:00:00",
    ]);
  });
});

describe("what is looked at", () => {
  test("related items, affected items and the same person, each by its property", async () => {
    const [ci, above, beside] = [await server(), await server(), await server()];
    const [type] = (await instance.call("GET", "/api/now/table/cmdb_rel_type?sysparm_limit=1")).list;
    await instance.create("cmdb_rel_ci", { parent: above, child: ci, type: present(type).sys_id });
    await scheduled(
      "cmn_schedule_blackout",
      {
        name: "Of the service above",
        time_zone: "UTC",
        applies_to: "cmdb_ci",
        condition: `sys_id=${above}`,
      },
      {
        all_day: "true",
        start_date_time: "20300501T000000Z",
        end_date_time: "20300502T000000Z",
      },
    );
    const [person] = (await instance.call("GET", "/api/now/table/sys_user?sysparm_query=user_name=itil"))
      .list;
    const times = ["2030-05-02 10:00:00", "2030-05-02 11:00:00"] as const;
    const id = await change(ci, ...times, { assigned_to: present(person).sys_id });
    await change(beside, ...times, { assigned_to: present(person).sys_id });
    await instance.create("task_ci", { task: id, ci_item: beside });
    expect(await kinds(id)).toEqual([]);
    const off = [await property("relatedparentblackout", "true")];
    expect(await kinds(id)).toEqual(["parent_blackout"]);
    off.push(await property("mode", "advanced"));
    expect(await kinds(id)).toEqual(["parent_blackout", "ci_already_scheduled"]);
    off.push(await property("assigned_to", "true"));
    expect(await kinds(id)).toEqual([
      "parent_blackout",
      "ci_already_scheduled",
      "assigned_to_already_scheduled",
    ]);
    for (const undo of off) await undo();
  });
});
