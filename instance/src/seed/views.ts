import type { Seeder } from "./seeder";

/** Views by name; the default view has none. */
const titles: Record<string, string> = { "": "Default view", ess: "Self Service", mobile: "Mobile" };

/** Columns of the lists of a table in a view: `table view`. */
const layouts: Record<string, string> = {
  "task ": "number priority state assigned_to short_description sys_class_name",
  "task mobile": "number short_description state",
  "incident ":
    "number opened_at short_description caller_id priority state category assignment_group assigned_to sys_updated_on sys_updated_by",
  "incident ess": "number opened_at short_description state sys_updated_on",
  "incident mobile": "number short_description priority state assigned_to caller_id.phone",
  "problem ":
    "number short_description state category priority assignment_group assigned_to known_error opened_at",
  "problem mobile": "number short_description priority state",
  "change_request ":
    "number short_description type state risk start_date end_date assignment_group assigned_to sys_updated_on",
  "change_request mobile": "number short_description state start_date",
  "sys_user ": "user_name name email active sys_created_on sys_updated_on",
  "sys_user mobile": "name title email phone mobile_phone",
  "sys_user_group ": "name description active manager sys_updated_on",
};

/** The views every instance has, as records: what `sysparm_view` gives is read from them. */
export function seedViews(seeder: Seeder): void {
  const views = Object.fromEntries(
    Object.entries(titles).map(([name, title]) => [
      name,
      seeder.add("sys_ui_view", title, { name: name || null, title }),
    ]),
  );
  for (const [key, columns] of Object.entries(layouts)) {
    const [table = "", view = ""] = key.split(" ");
    const list = seeder.add("sys_ui_list", key, { name: table, view: views[view] ?? null });
    for (const [position, element] of columns.split(" ").entries())
      seeder.add("sys_ui_list_element", `${key} ${element}`, { list_id: list, element, position });
  }
}
