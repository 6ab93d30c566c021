import { fixedId } from "../ids/sys-id";
import { knownUsers } from "./known-users";
import type { Seeder } from "./seeder";

const networkGroup = "287ebd7da9fe198100f92cc8d1d2154e";

/** A shift of the group Network that never ends, whose members take turns each week from Monday 08:00 UTC. */
export function seedOnCall(seeder: Seeder): void {
  const schedule = seeder.add("cmn_schedule", "24x7", { name: "24x7", time_zone: "UTC" });
  seeder.add("cmn_schedule_span", "24x7", {
    name: "24x7",
    schedule,
    start_date_time: "2024-01-01 00:00:00",
    end_date_time: "2024-01-01 23:59:59",
    all_day: true,
    repeat_type: "daily",
  });
  const rota = seeder.add("cmn_rota", "Network Support", {
    name: "Network Support",
    group: networkGroup,
    schedule,
  });
  const roster = seeder.add("cmn_rota_roster", "Network Primary", {
    name: "Primary",
    rota,
    rotation_start_date: "2024-01-01",
    rotation_start_time: "08:00:00",
  });
  for (const [at, userName] of ["itil", "beth.anglin", "david.loo"].entries())
    seeder.add("cmn_rota_member", `Network ${userName}`, {
      member: knownUsers.find((user) => user.userName === userName)?.id ?? fixedId("sys_user", userName),
      roster,
      order: at + 1,
    });
}
