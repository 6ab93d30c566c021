import type { Seeder } from "./seeder";

/** Three resolution SLAs on incidents, and the definition of state spans. */
export function seedSlas(seeder: Seeder): void {
  seeder.add("cmn_schedule", "8-5", { name: "8-5 weekdays", time_zone: "UTC" });
  seeder.add("metric_definition", "Incident State Duration", {
    name: "Incident State Duration",
    table: "incident",
    field: "state",
    type: "field_value_duration",
  });
  for (const [name, priority, duration] of [
    ["Priority 1 resolution (1 hour)", 1, "1970-01-01 01:00:00"],
    ["Priority 2 resolution (8 hour)", 2, "1970-01-01 08:00:00"],
    ["Priority 3 resolution (1 day)", 3, "1970-01-02 00:00:00"],
  ] as const)
    seeder.add("contract_sla", name, {
      name,
      collection: "incident",
      target: "resolution",
      duration,
      start_condition: `active=true^priority=${priority}^stateNOT IN3,6,7,8`,
      stop_condition: "stateIN6,7,8",
      pause_condition: "state=3",
    });
}
