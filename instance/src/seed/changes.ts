import type { Seeder } from "./seeder";

const networkGroup = "287ebd7da9fe198100f92cc8d1d2154e";

/** Standard change templates. */
export function seedChangeTemplates(seeder: Seeder): void {
  const templates: [string, string, string][] = [
    [
      "92b8544047810200e90d87e8dee490b0",
      "Add network switch to datacenter cabinet",
      "category=Network^risk=4^impact=3",
    ],
    [
      "",
      "Clear BGP sessions on a router",
      "category=Network^risk=3^backout_plan=Reboot the router^description=End all sessions of the router with its neighbours, so that they send their routes again",
    ],
    ["", "Reboot a Windows server", "category=Hardware^risk=4"],
  ];
  for (const [sysId, name, template] of templates) {
    const id = seeder.add("std_change_record_producer", name, {
      ...(sysId ? { sys_id: sysId } : {}),
      name,
      short_description: `Standard change: ${name}`,
      table_name: "change_request",
      template: `short_description=${name}^assignment_group=${networkGroup}^${template}`,
    });
    seeder.add("std_change_producer_version", name, {
      name: `${name} - 1`,
      std_change_producer: id,
      version: 1,
    });
  }
}
