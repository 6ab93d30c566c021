import type { Seeder } from "./seeder";

type FieldMap = [source: string, target: string, coalesce?: "coalesce", choiceAction?: string];

/** Transform maps of the staging tables. */
export function seedTransformMaps(seeder: Seeder): void {
  seedMap(seeder, "User", "imp_user", "sys_user", [
    ["user_id", "user_name", "coalesce"],
    ["first_name", "first_name"],
    ["last_name", "last_name"],
    ["email", "email"],
    ["phone", "phone"],
    ["title", "title"],
    ["department", "department", undefined, "ignore"],
  ]);
  seedMap(seeder, "Incident", "imp_incident", "incident", [
    ["u_correlation_id", "correlation_id", "coalesce"],
    ["u_short_description", "short_description"],
    ["u_description", "description"],
    ["u_caller", "caller_id", undefined, "reject"],
    ["u_impact", "impact"],
    ["u_urgency", "urgency"],
  ]);
  seedMap(seeder, "Notification", "imp_notification", "incident", [
    ["uuid", "correlation_id", "coalesce"],
    ["message", "short_description"],
  ]);
}

function seedMap(seeder: Seeder, name: string, source: string, target: string, fields: FieldMap[]): void {
  const map = seeder.add("sys_transform_map", name, {
    name,
    source_table: source,
    target_table: target,
  });
  for (const [from, to, coalesce, action] of fields)
    seeder.add("sys_transform_entry", `${name} ${to}`, {
      map,
      source_field: from,
      target_field: to,
      coalesce: coalesce === "coalesce",
      choice_action: action ?? null,
    });
}
