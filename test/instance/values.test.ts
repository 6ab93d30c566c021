import { duringTests } from "../helpers/instance";
import { testInstance, type Row } from "./client";
import { present, toRow, toText } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 5 });
const beth = "46d44a23a9fe19810012d100cca80666";
const noon = "2026-07-01 10:00:00";
/** Records the rows of the tables below speak of, by table. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  const make = async (table: string, values: Row): Promise<void> => {
    ids[table] = (await instance.create<{ sys_id: string }>(table, values)).sys_id;
  };
  await make("problem", {});
  await make("incident", {
    short_description: "x",
    impact: "2",
    urgency: "1",
    caller_id: beth,
    watch_list: `${beth},admin@example.com`,
    business_duration: "1970-01-02 04:23:17",
    calendar_stc: "102197",
    opened_at: noon,
    origin_table: "problem",
    origin_id: present(ids.problem),
  });
  await make("sc_cat_item", { name: "x", price: "509.95" });
  await make("cmdb_ci_computer", { name: "x", purchase_date: "2021-08-25" });
  await make("sys_user", { user_name: "values", last_password: "stored" });
});

async function shown(table: string, display: string, more: Row = {}, as = "admin"): Promise<Row> {
  const query = new URLSearchParams({ sysparm_display_value: display, ...more });
  const answer = await instance.call("GET", `/api/now/table/${table}/${ids[table]}?${query}`, { as });
  return answer.result;
}

/** Puts the instance's address and made ids into an expected value. */
function filled(expected: unknown): unknown {
  const text = JSON.stringify(expected)
    .replaceAll("{now}", `${instance.url}/api/now`)
    .replaceAll("{problem}", present(ids.problem));
  return JSON.parse(text) as unknown;
}

const user = `{now}/table/sys_user/${beth}`;
const group = "{now}/table/sys_user_group/global";
const pair = (display_value: string | null, value: string) => ({ display_value, value });

describe("value shapes", () => {
  test.each<[kind: string, table: string, column: string, raw: unknown, display: unknown, all: unknown]>([
    ["plain", "incident", "short_description", "x", "x", pair("x", "x")],
    ["choice", "incident", "priority", "2", "2 - High", pair("2 - High", "2")],
    [
      "reference",
      "incident",
      "caller_id",
      { link: user, value: beth },
      { display_value: "Beth Anglin", link: user },
      { display_value: "Beth Anglin", link: user, value: beth },
    ],
    ["empty reference", "incident", "assigned_to", "", "", pair("", "")],
    ["boolean", "incident", "active", "true", "true", pair("true", "true")],
    ["integer", "incident", "calendar_stc", "102197", "102,197", pair("102,197", "102197")],
    ["date-time", "incident", "opened_at", noon, noon, pair(noon, noon)],
    ["empty date-time", "incident", "closed_at", "", "", pair("", "")],
    [
      "date",
      "cmdb_ci_computer",
      "purchase_date",
      "2021-08-25",
      "2021-08-25",
      pair("2021-08-25", "2021-08-25"),
    ],
    [
      "duration",
      "incident",
      "business_duration",
      "1970-01-02 04:23:17",
      "1 Day 4 Hours 23 Minutes",
      pair("1 Day 4 Hours 23 Minutes", "1970-01-02 04:23:17"),
    ],
    ["empty due date", "incident", "sla_due", "", "UNKNOWN", pair("UNKNOWN", "")],
    [
      "price",
      "sc_cat_item",
      "price",
      "509.95",
      "$509.95",
      { display_value: "$509.95", currency_display_value: "USD;509.95", value: "509.95" },
    ],
    ["journal without entries", "incident", "work_notes", "", "", pair("", "")],
    [
      "domain",
      "incident",
      "sys_domain",
      { link: group, value: "global" },
      { display_value: "global", link: group },
      { display_value: "global", link: group, value: "global" },
    ],
    ["class", "incident", "sys_class_name", "incident", "Incident", pair("Incident", "incident")],
    ["password", "sys_user", "last_password", "stored", "********", pair("********", "stored")],
    [
      "list",
      "incident",
      "watch_list",
      `${beth},admin@example.com`,
      "Beth Anglin, admin@example.com",
      pair("Beth Anglin, admin@example.com", `${beth},admin@example.com`),
    ],
    ["empty choice of text", "incident", "subcategory", "", null, pair(null, "")],
    ["empty choice of numbers", "incident", "hold_reason", "", "", pair("", "")],
  ])("%s", async (_kind, table, column, raw, display, all) => {
    const fields = { sysparm_fields: column };
    expect(await shown(table, "false", fields)).toEqual({ [column]: filled(raw) });
    expect(await shown(table, "true", fields)).toEqual({ [column]: filled(display) });
    expect(await shown(table, "all", fields)).toEqual({ [column]: filled(all) });
  });

  test("a reference without links is its value, its display value or both", async () => {
    const bare = { sysparm_fields: "caller_id", sysparm_exclude_reference_link: "true" };
    expect(await shown("incident", "false", bare)).toEqual({ caller_id: beth });
    expect(await shown("incident", "true", bare)).toEqual({ caller_id: "Beth Anglin" });
    expect(await shown("incident", "all", bare)).toEqual({ caller_id: pair("Beth Anglin", beth) });
  });

  test("a document id shows the table and the record", async () => {
    const { number } = await shown("problem", "false", { sysparm_fields: "number" });
    const fields = { sysparm_fields: "origin_id", sysparm_exclude_reference_link: "true" };
    expect(await shown("incident", "false", fields)).toEqual({ origin_id: ids.problem });
    expect(await shown("incident", "true", fields)).toEqual({ origin_id: `Problem: ${toText(number)}` });
    expect(await shown("incident", "false", { sysparm_fields: "origin_id" })).toEqual({
      origin_id: filled({ link: "{now}/table/problem/{problem}", value: "{problem}" }),
    });
  });

  test("everything that is no reference is text", async () => {
    for (const value of Object.values(await shown("incident", "false")))
      if (typeof value !== "object") expect(typeof value).toBe("string");
  });

  test("dates are shown in the reader's zone and format, and given in UTC", async () => {
    const fields = { sysparm_fields: "opened_at" };
    expect(await shown("incident", "true", fields, "sydney")).toEqual({
      opened_at: "01/07/2026 08:00:00 PM",
    });
    expect(await shown("incident", "true", fields, "newyork")).toEqual({ opened_at: "2026-07-01 06:00:00" });
    expect(await shown("incident", "false", fields, "sydney")).toEqual({ opened_at: noon });
    const day = await shown("cmdb_ci_computer", "true", { sysparm_fields: "purchase_date" }, "sydney");
    expect(day).toEqual({ purchase_date: "25/08/2021" });
  });

  test("a reference to nobody keeps its value and shows nothing; an object is cut to 32 signs", async () => {
    await instance.update("incident", present(ids.incident), { assigned_to: "glide.maint" });
    expect((await shown("incident", "all")).assigned_to).toEqual(pair("", "glide.maint"));
    const row = await instance.update("incident", present(ids.incident), {
      assigned_to: { link: "https://instance.service-now.com/x", value: "y" },
    });
    expect(toRow(row.assigned_to).value).toBe("{link=https://instance.service-n");
  });

  test("dot-walked columns are flat keys; unknown ones are passed over; links keep the version", async () => {
    const answer = await instance.call(
      "GET",
      `/api/now/v2/table/incident/${ids.incident}?sysparm_fields=number,caller_id.email,caller_id.company,nonsense,caller_id.nonsense`,
    );
    const row = toRow(answer.result);
    expect(Object.keys(row)).toEqual(["number", "caller_id.email", "caller_id.company"]);
    expect(row["caller_id.email"]).toBe("beth.anglin@example.com");
    expect((row["caller_id.company"] as { link: string }).link).toContain("/api/now/v2/table/core_company/");
  });

  test("a parent table gives its own columns and the real class", async () => {
    const [row] = await instance.rows("task", `sys_id=${ids.incident}`);
    expect(row).toMatchObject({ sys_class_name: "incident" });
    expect(row).not.toHaveProperty("caller_id");
  });

  test("sys_dictionary is keyed by name", async () => {
    const [row] = await instance.rows<Record<string, Row>>(
      "sys_dictionary",
      "name=incident^element=caller_id",
    );
    expect(row).toMatchObject({
      internal_type: {
        link: `${instance.url}/api/now/table/sys_glide_object?name=reference`,
        value: "reference",
      },
      reference: { value: "sys_user" },
    });
  });
});

describe("journal fields", () => {
  let id: string;
  beforeAll(async () => {
    await instance.control("POST", "clock", { set: "2026-07-01 10:00:00", freeze: true });
    id = (await instance.create<{ sys_id: string }>("incident", { work_notes: "first" })).sys_id;
    await instance.control("POST", "clock", { advanceSeconds: 60 });
    await instance.update("incident", id, { comments: "second" }, "itil");
    await instance.control("POST", "clock", { real: true });
    ids.incident = id;
  });

  test("as values they are always empty", async () => {
    const fields = { sysparm_fields: "comments,work_notes,comments_and_work_notes" };
    expect(await shown("incident", "false", fields)).toEqual({
      comments: "",
      work_notes: "",
      comments_and_work_notes: "",
    });
  });

  test("as display values they are the history, newest first, in the reader's zone", async () => {
    const note = "2026-07-01 10:00:00 - System Administrator (Work notes)\nfirst\n\n";
    const comment = "2026-07-01 10:01:00 - ITIL User (Additional comments)\nsecond\n\n";
    expect(await shown("incident", "true")).toMatchObject({
      work_notes: note,
      comments: comment,
      comments_and_work_notes: comment + note,
    });
    expect(await shown("incident", "all")).toMatchObject({ work_notes: { display_value: note, value: "" } });
    const local = await shown("incident", "true", { sysparm_fields: "work_notes" }, "newyork");
    expect(local.work_notes).toMatch(/^2026-07-01 06:00:00 - System Administrator \(Work notes\)/);
  });

  test("each entry is a row of sys_journal_field, which other users do not see", async () => {
    const query = `element_id=${id}^name=incident^ORDERBYelement`;
    expect(await instance.rows("sys_journal_field", query)).toMatchObject([
      { element: "comments", value: "second", sys_created_by: "itil", sys_created_on: "2026-07-01 10:01:00" },
      { element: "work_notes", value: "first", sys_created_by: "admin" },
    ]);
    expect(await instance.rows("sys_journal_field", query, {}, "employee")).toEqual([]);
  });
});
