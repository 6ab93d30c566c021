import { cycle, type Random } from "../ids/random";
import { stamp } from "../clock/time";
import type { People } from "./people";
import type { Seeder } from "./seeder";
import { seedSlas } from "./slas";
import { fixedId } from "../ids/sys-id";

/** Kinds of relations between configuration items: how the parent sees it, and how the child does. */
const relationTypes = [
  "Runs on::Runs",
  "Depends on::Used by",
  "Hosted on::Hosts",
  "Contains::Contained by",
  "Connects to::Connected by",
  "Members::Member of",
  "Powers::Powered by",
  "Cools::Cooled By",
];

/** Configuration items, problems, changes, requests, cases and articles. Returns the sys_ids of the configuration items. */
export function seedRecords(seeder: Seeder, random: Random, people: People): string[] {
  const items = seedItems(seeder, random, people);
  seedTasks(seeder, random, people, items);
  seedSlas(seeder);
  return items;
}

const knownItems: [string, string, string][] = [
  ["109562a3c611227500a7b7ff98cc0dc7", "Storage Area Network 001", "cmdb_ci_storage_device"],
  ["27d32778c0a8000b00db970eeaa60f16", "Email", "cmdb_ci_service"],
  ["26da329f0a0a0bb400f69d8159bc753d", "SAP Enterprise Services", "cmdb_ci_service"],
  ["3a72d947c0a8ce0100a7a64397fdcd53", "SAP ORA01", "cmdb_ci_db_ora_instance"],
  ["106c5c13c61122750194a1e96cfde951", "Service-now Production Sacramento", "cmdb_ci_server"],
  ["3a27d4370a0a0bb4006316812bf45439", "PS Apache01", "cmdb_ci_web_server"],
  ["55b35562c0a8010e01cff22378e0aea9", "ny8500-nbxs08", "cmdb_ci_netgear"],
  ["27d3f35cc0a8000b001df42d019a418f", "Blackberry", "cmdb_ci_service"],
];

function seedItems(seeder: Seeder, random: Random, people: People): string[] {
  const items = knownItems.map(([sys_id, name, table]) => seeder.add(table, name, { sys_id, name }));
  const classes = ["cmdb_ci_linux_server", "cmdb_ci_win_server", "cmdb_ci_computer", "cmdb_ci_appl"];
  for (let at = 0; at < 60; at += 1) {
    const table = cycle(classes, at);
    const name = `${table.slice("cmdb_ci_".length).replace(/_/g, "-")}-${String(at).padStart(3, "0")}`;
    items.push(
      seeder.add(table, name, {
        name,
        serial_number: `SN-${10_000 + at}`,
        asset_tag: `P${1000 + at}`,
        ip_address: `10.0.${at % 8}.${10 + at}`,
        assigned_to: random.pick(people.users),
        company: random.pick(people.companies),
        location: random.pick(people.locations),
      }),
    );
  }
  const [runsOn = ""] = relationTypes.map((name) => {
    const [parent = "", child = ""] = name.split("::");
    return seeder.add("cmdb_rel_type", name, {
      name,
      parent_descriptor: parent,
      child_descriptor: child,
    });
  });
  for (let at = 0; at < 12; at += 1)
    seeder.add("cmdb_rel_ci", `rel ${at}`, {
      parent: cycle(items, 1 + (at % 3)),
      child: cycle(items, 8 + at * 3),
      type: runsOn,
    });
  return items;
}

const day = 86_400_000;
const start = Date.UTC(2025, 0, 6, 9);

function seedTasks(seeder: Seeder, random: Random, people: People, items: string[]): void {
  const common = (at: number): Record<string, string | number | boolean | null> => {
    const created = stamp(start + at * day);
    return {
      opened_at: created,
      opened_by: random.pick(people.agents),
      assignment_group: random.pick(people.groups),
      assigned_to: random.pick(people.agents),
      cmdb_ci: random.pick(items),
      sys_created_on: created,
      sys_updated_on: stamp(start + at * day + 3_600_000 * random.below(20)),
      sys_mod_count: random.below(5),
    };
  };
  const add = (
    table: string,
    prefix: string,
    at: number,
    values: Record<string, string | number | boolean | null>,
  ): string => {
    const number = `${prefix}${String(at + 1).padStart(7, "0")}`;
    return seeder.add(table, number, { ...common(at), number, task_effective_number: number, ...values });
  };
  for (let at = 0; at < 24; at += 1) {
    const state = cycle([101, 102, 103, 104, 106, 107], at);
    const id = add("problem", "PRB", at, {
      short_description: `Recurring failure ${at + 1}`,
      state,
      problem_state: state,
      active: state !== 107,
    });
    if (at % 3 === 0)
      add("problem_task", "PTASK", at, {
        short_description: "Find the cause",
        problem: id,
        parent: id,
        state: 151,
      });
  }
  const model = seeder.add("chg_model", "normal", {
    name: "Normal",
    type: "normal",
    default_change_model: true,
  });
  for (const [name, type] of [
    ["Standard", "standard"],
    ["Emergency", "emergency"],
  ] as const)
    seeder.add("chg_model", type, { name, type });
  for (let at = 0; at < 40; at += 1) {
    const state = cycle([-5, -4, -3, -2, -1, 0, 3, 4], at);
    const type = cycle(["normal", "normal", "standard", "emergency"], at);
    const id = add("change_request", "CHG", at, {
      ...(at === 23 ? { sys_id: "1766f1de47410200e90d87e8dee490f6" } : {}),
      ...(at === 8 ? { sys_id: "d7323e9dc0a8016700538974c2efb7f1" } : {}),
      short_description: `Change ${at + 1}: upgrade a component`,
      state,
      type,
      chg_model: type === "normal" ? model : fixedId("chg_model", type),
      active: state !== 3 && state !== 4,
      start_date: stamp(start + (at + 10) * day),
      end_date: stamp(start + (at + 10) * day + 7_200_000),
      requested_by: random.pick(people.users),
    });
    if (at % 2 === 0)
      add("change_task", "CTASK", at, {
        short_description: "Implement",
        change_request: id,
        parent: id,
        state: 1,
      });
    if (state === -4)
      seeder.add("sysapproval_approver", `approval ${at}`, {
        sysapproval: id,
        document_id: id,
        source_table: "change_request",
        approver: random.pick(people.agents),
        state: "requested",
      });
  }
  for (let at = 0; at < 12; at += 1)
    add("sn_customerservice_case", "CS", at, {
      short_description: `Customer question ${at + 1}`,
      state: cycle([1, 10, 18, 6, 3], at),
      priority: 1 + (at % 4),
    });
}
