import { seedVariables } from "./catalog-variables";
import type { Seeder } from "./seeder";

/** A single-row and a multi-row variable set for an item, the first with a UI policy of its own. */
export function seedVariableSets(seeder: Seeder, item: string): void {
  const contact = seedSet(seeder, item, "contact_details", "Contact details", "one_to_one", 300);
  const { call_first, phone } = seedVariables(
    seeder,
    contact,
    [
      ["contact", 8, "Whom to ask", { reference: "sys_user" }],
      ["call_first", 7, "Call before setting up", {}],
      ["phone", 6, "Phone", {}],
    ],
    "variable_set",
  );
  const policy = seeder.add("catalog_ui_policy", "call needs phone", {
    short_description: "A call needs a number",
    applies_to: "set",
    variable_set: contact,
    catalog_conditions: `IO:${call_first}=true^EQ`,
  });
  seeder.add("catalog_ui_policy_action", "call phone", {
    ui_policy: policy,
    variable_set: contact,
    catalog_variable: `IO:${phone}`,
    variable: "phone",
    visible: "true",
    mandatory: "true",
  });
  const guests = seedSet(seeder, item, "guests", "Guests", "one_to_many", 400);
  seedVariables(
    seeder,
    guests,
    [
      ["guest_name", 6, "Name", { mandatory: true }],
      ["guest_mail", 26, "Mail", {}],
      ["badge", 5, "Badge", { choices: "day:Day,week:Week", default_value: "day" }],
    ],
    "variable_set",
  );
}

function seedSet(
  seeder: Seeder,
  item: string,
  name: string,
  title: string,
  type: string,
  order: number,
): string {
  const set = seeder.add("item_option_new_set", name, { internal_name: name, name, title, type, order });
  seeder.add("io_set_item", name, { sc_cat_item: item, variable_set: set, order });
  return set;
}
