import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { present } from "../helpers/present";

type Texts = Record<string, string>;

const instance = duringTests(testInstance, { incidents: 5 });

const plain = { sysparm_exclude_reference_link: "true" };

async function remove(table: string, id: string): Promise<number> {
  return (await instance.call("DELETE", `/api/now/table/${table}/${id}`)).status;
}

async function tableId(name: string): Promise<string> {
  const [row] = await instance.rows<Texts>("sys_db_object", `name=${name}`);
  return present(present(row).sys_id);
}

describe("rows of the dictionary make tables, columns and choices", () => {
  test("a column of incident can be written, queried, sorted, counted and taken away", async () => {
    const column = await instance.create<Texts>("sys_dictionary", {
      name: "incident",
      element: "u_floor",
      column_label: "Floor",
      internal_type: "integer",
      default_value: "3",
    });
    expect(column.element).toBe("u_floor");
    const made = await instance.create<Texts>("incident", { short_description: "floors", u_floor: "7" });
    expect(made.u_floor).toBe("7");
    expect((await instance.create<Texts>("incident", { short_description: "floors" })).u_floor).toBe("3");
    const found = await instance.rows<Texts>("incident", "u_floor>3", { sysparm_fields: "u_floor" });
    expect(found).toEqual([{ u_floor: "7" }]);
    await instance.update("incident", present(made.sys_id), { u_floor: "1" });
    const sorted = await instance.rows<Texts>("incident", "short_description=floors^ORDERBYu_floor", {
      sysparm_fields: "u_floor",
      sysparm_display_value: "true",
    });
    expect(sorted).toEqual([{ u_floor: "1" }, { u_floor: "3" }]);
    const stats = await instance.call(
      "GET",
      "/api/now/stats/incident?sysparm_sum_fields=u_floor&sysparm_query=u_floorISNOTEMPTY",
    );
    expect(stats.result).toMatchObject({ stats: { sum: { u_floor: "4" } } });
    // Rows that were there before have nothing in it.
    expect(await instance.rows("incident", "u_floorISEMPTY")).toHaveLength(5);
    const [label] = await instance.rows<Texts>("sys_documentation", "name=incident^element=u_floor");
    expect(label).toMatchObject({ label: "Floor" });

    expect(await remove("sys_dictionary", present(column.sys_id))).toBe(204);
    const [left] = await instance.rows<Texts>("incident", `sys_id=${made.sys_id}`);
    expect(left).not.toHaveProperty("u_floor");
    // The term is dropped now, as for any unknown column.
    expect(await instance.rows("incident", "u_floor=999")).toHaveLength(7);
  });

  test("a column of task is there in every class; a reference shows its record", async () => {
    await instance.create("sys_dictionary", {
      name: "task",
      element: "u_sponsor",
      internal_type: "reference",
      reference: "sys_user",
    });
    const [abel] = await instance.rows<Texts>("sys_user", "user_name=abel.tuter");
    const problem = await instance.create<Texts>("problem", { u_sponsor: present(present(abel).sys_id) });
    const [shown] = await instance.rows<Texts>("task", `sys_id=${problem.sys_id}^u_sponsor.name=Abel Tuter`, {
      sysparm_display_value: "all",
      sysparm_fields: "u_sponsor,u_sponsor.email",
    });
    expect(shown).toMatchObject({
      u_sponsor: { display_value: "Abel Tuter", value: present(abel).sys_id },
      "u_sponsor.email": { value: "abel.tuter@example.com" },
    });
    const [row] = await instance.rows<Texts>("sys_dictionary", "name=task^element=u_sponsor", plain);
    expect(row).toMatchObject({ internal_type: "reference", reference: "sys_user" });
  });

  test("a table of its own, with columns, a prefix and its own row of sys_dictionary", async () => {
    const table = await instance.create<Texts>("sys_db_object", { label: "Parking Space" });
    expect(table.name).toBe("u_parking_space");
    const add = (element: string, more: object = {}): Promise<Texts> =>
      instance.create<Texts>("sys_dictionary", { name: table.name, element, ...more });
    await add("u_name", { display: "true", max_length: "5" });
    await add("u_free", { internal_type: "boolean", default_value: "true" });
    await instance.create("sys_dictionary", {
      name: "incident",
      element: "u_space",
      internal_type: "reference",
      reference: table.name,
    });
    const space = await instance.create<Texts>("u_parking_space", {
      u_name: "A-17 by the door",
      u_free: "x",
    });
    expect(space).toMatchObject({
      u_name: "A-17 ",
      u_free: "false",
      sys_mod_count: "0",
      sys_created_by: "admin",
    });
    const incident = await instance.create<Texts>("incident", { u_space: present(space.sys_id) });
    const [shown] = await instance.rows<Texts>("incident", `sys_id=${incident.sys_id}`, {
      sysparm_display_value: "true",
      sysparm_fields: "u_space.u_free,u_space",
      ...plain,
    });
    expect(shown).toEqual({ "u_space.u_free": "false", u_space: "A-17 " });
    const described = await instance.rows<Texts>("sys_dictionary", `name=${table.name}`, plain);
    expect(described.map((row) => row.element).sort()).toEqual([
      "",
      "sys_created_by",
      "sys_created_on",
      "sys_id",
      "sys_mod_count",
      "sys_updated_by",
      "sys_updated_on",
      "u_free",
      "u_name",
    ]);
    expect(await remove("sys_db_object", present(table.sys_id))).toBe(204);
    const gone = await instance.call("GET", "/api/now/table/u_parking_space");
    expect(gone.status).toBe(400);
    expect(gone.json()).toMatchObject({ error: { message: "Invalid table u_parking_space" } });
    expect(await instance.rows("sys_dictionary", `name=${table.name}`)).toEqual([]);
  });

  test("a table that extends task numbers its records and is found through task", async () => {
    await instance.create("sys_db_object", {
      name: "u_visit",
      label: "Visit",
      super_class: await tableId("task"),
    });
    await instance.create("sys_number", { category: "u_visit", prefix: "VIS" });
    await instance.create("sys_dictionary", { name: "u_visit", element: "u_host" });
    const visit = await instance.create<Texts>("u_visit", { short_description: "Board", u_host: "Beth" });
    expect(visit).toMatchObject({ number: "VIS0010001", u_host: "Beth", sys_class_name: "u_visit" });
    const [task] = await instance.rows<Texts>("task", `sys_id=${visit.sys_id}`);
    expect(task).toMatchObject({ sys_class_name: "u_visit", number: "VIS0010001" });
    expect(task).not.toHaveProperty("u_host");
    expect(
      await instance.rows(
        "u_visit",
        "sys_created_onONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
      ),
    ).toHaveLength(1);
    const itil = await instance.call("POST", "/api/now/table/u_visit", { as: "itil", body: { u_host: "I" } });
    expect(itil.status).toBe(201);
  });

  test("choices of a new column: labels are shown, other values are not applied", async () => {
    await instance.create("sys_dictionary", { name: "problem", element: "u_mood", choice: "3" });
    for (const [value, label] of [
      ["good", "Good"],
      ["bad", "Quite bad"],
    ])
      await instance.create("sys_choice", {
        name: "problem",
        element: "u_mood",
        value: present(value),
        label: present(label),
      });
    const made = await instance.create<Texts>("problem", { u_mood: "bad" });
    const [shown] = await instance.rows<Texts>("problem", `sys_id=${made.sys_id}`, {
      sysparm_display_value: "true",
      sysparm_fields: "u_mood",
    });
    expect(shown).toEqual({ u_mood: "Quite bad" });
    expect(await instance.update("problem", present(made.sys_id), { u_mood: "strange" })).toMatchObject({
      u_mood: "bad",
    });
    const [choice] = await instance.rows<Texts>("sys_choice", "name=problem^element=u_mood^value=bad");
    await remove("sys_choice", present(present(choice).sys_id));
    expect(await instance.update("problem", present(made.sys_id), { u_mood: "good" })).toMatchObject({
      u_mood: "good",
    });
    expect(await instance.update("problem", present(made.sys_id), { u_mood: "bad" })).toMatchObject({
      u_mood: "good",
    });
  });

  test("a new choice of a column that has a list may be written", async () => {
    const before = await instance.create<Texts>("incident", { category: "drone" });
    expect(before.category).not.toBe("drone");
    await instance.create("sys_choice", {
      name: "incident",
      element: "category",
      value: "drone",
      label: "Drone",
    });
    expect(await instance.create("incident", { category: "drone" })).toMatchObject({ category: "drone" });
  });

  test("only an administrator may; what the instance stands on cannot be taken away", async () => {
    for (const table of ["sys_db_object", "sys_dictionary", "sys_choice"]) {
      const refused = await instance.call("POST", `/api/now/table/${table}`, {
        as: "itil",
        body: { name: "u_mine", element: "u_x" },
      });
      expect(refused.status).toBe(403);
    }
    const [priority] = await instance.rows<Texts>("sys_dictionary", "name=task^element=priority");
    const column = await instance.call("DELETE", `/api/now/table/sys_dictionary/${present(priority).sys_id}`);
    expect(column.status).toBe(403);
    const table = await instance.call("DELETE", `/api/now/table/sys_db_object/${await tableId("incident")}`);
    expect(table.status).toBe(403);
    expect(table.text).toContain("was aborted by Business Rule 'Prevent deletion of base tables^");
    for (const body of [{ name: "no_such_table", element: "u_x" }, { name: "incident" }]) {
      const refused = await instance.call("POST", "/api/now/table/sys_dictionary", { body });
      expect(refused.status).toBe(403);
    }
    const odd = await instance.create<Texts>("sys_dictionary", { name: "incident", element: `"; DROP` });
    expect(odd.element).toBe("u__drop");
    expect(await instance.rows("incident", "u__dropISNOTEMPTY")).toEqual([]);
  });

  test("a column that is not committed yet is not there yet", async () => {
    await instance.control("POST", "clock", { freeze: true });
    await instance.control("PATCH", "config", { commitDelaySeconds: 10 });
    await instance.create("sys_dictionary", { name: "incident", element: "u_late" });
    await instance.control("PATCH", "config", { commitDelaySeconds: 0 });
    const [before] = await instance.rows<Texts>("incident", "ORDERBYnumber", { sysparm_limit: "1" });
    expect(before).not.toHaveProperty("u_late");
    await instance.control("POST", "clock", { advanceSeconds: 11 });
    const [after] = await instance.rows<Texts>("incident", "ORDERBYnumber", { sysparm_limit: "1" });
    expect(after).toHaveProperty("u_late", "");
    await instance.control("POST", "clock", { real: true });
  });
});

test("custom tables and columns are there again when the file is opened again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "instance-dictionary-"));
  const args = ["--data", join(folder, "data.db")];
  const first = await testInstance({ seed: "empty", args });
  await first.create("sys_db_object", { name: "u_kept", label: "Kept" });
  await first.create("sys_dictionary", { name: "u_kept", element: "u_word" });
  await first.create("u_kept", { u_word: "still here" });
  await first.stop();
  const second = await testInstance({ seed: "empty", args });
  expect(await second.rows("u_kept", "u_word=still here")).toHaveLength(1);
  await second.stop();
  rmSync(folder, { recursive: true, force: true });
});
