import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { present, toRow, toRows } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 10 });

describe("views", () => {
  const columns = async (table: string, view: string, more = ""): Promise<string[]> => {
    const answer = await instance.call(
      "GET",
      `/api/now/table/${table}?sysparm_view=${encodeURIComponent(view)}&sysparm_limit=1${more}`,
    );
    return Object.keys(present(toRows(answer.result)[0]));
  };

  test.each([
    ["incident", "mobile", "number short_description priority state assigned_to caller_id.phone sys_id"],
    ["incident", "ess", "number opened_at short_description state sys_updated_on sys_id"],
    ["problem", "mobile", "number short_description priority state sys_id"],
    ["change_request", "mobile", "number short_description state start_date sys_id"],
    ["sys_user", "mobile", "name title email phone mobile_phone sys_id"],
    ["sys_user", "desktop", "user_name name email active sys_created_on sys_updated_on sys_id"],
    // No list of its own in this view: that of the parent, else that of the default view.
    ["sc_task", "mobile", "number short_description state sys_id"],
    ["sys_user_group", "mobile", "name description active manager sys_updated_on sys_id"],
  ])("%s in the view %s", async (table, view, expected) => {
    expect((await columns(table, view)).sort()).toEqual(expected.split(" ").sort());
  });

  test("desktop, both and the default view are one; a table without any list gives every column", async () => {
    const desktop = await columns("incident", "desktop");
    expect(desktop).toContain("sys_updated_by");
    for (const view of ["both", "Default view", "no such view"])
      expect(await columns("incident", view)).toEqual(desktop);
    expect(await columns("sys_choice", "mobile")).toContain("sys_created_by");
  });

  test("sysparm_fields wins, and one record has the view too", async () => {
    expect(await columns("incident", "mobile", "&sysparm_fields=state")).toEqual(["state"]);
    const [{ sys_id }] = (await instance.rows<{ sys_id: string }>("incident", "", {
      sysparm_limit: "1",
    })) as [{ sys_id: string }];
    const one = await instance.call("GET", `/api/now/table/incident/${sys_id}?sysparm_view=ess`);
    expect(Object.keys(toRow(one.result))).toHaveLength(6);
  });

  test("a view is what its records say", async () => {
    const view = await instance.create<{ sys_id: string }>("sys_ui_view", { name: "slim", title: "Slim" });
    const list = await instance.create<{ sys_id: string }>("sys_ui_list", {
      name: "incident",
      view: view.sys_id,
    });
    for (const [position, element] of ["number", "caller_id.email"].entries())
      await instance.create("sys_ui_list_element", { list_id: list.sys_id, element, position });
    expect((await columns("incident", "slim")).sort()).toEqual(["caller_id.email", "number", "sys_id"]);
  });
});
