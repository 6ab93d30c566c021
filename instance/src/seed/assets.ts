import { fixedId } from "../ids/sys-id";
import type { Random } from "../ids/random";
import type { People } from "./people";
import type { Seeder } from "./seeder";

const categories: [name: string, ciClass: string, assetClass: string][] = [
  ["Computer", "cmdb_ci_computer", "alm_hardware"],
  ["Server", "cmdb_ci_server", "alm_hardware"],
  ["Software License", "cmdb_ci_spkg", "alm_asset"],
];

/** Assets with their models, what they cost, and machines in a cloud. */
export function seedAssets(seeder: Seeder, random: Random, people: People): void {
  const ids = categories.map(([name, ciClass, assetClass]) =>
    seeder.add("cmdb_model_category", name, { name, cmdb_ci_class: ciClass, asset_class: assetClass }),
  );
  const model = seeder.add("cmdb_model", "Thinkstation", {
    name: "Thinkstation",
    display_name: "Lenovo Thinkstation",
    model_number: "S20",
  });
  for (let at = 0; at < 20; at += 1) {
    const tag = `P${2000 + at}`;
    const asset = seeder.add("alm_hardware", tag, {
      display_name: `${tag} - Lenovo Thinkstation`,
      asset_tag: tag,
      serial_number: fixedId("serial", tag).slice(0, 12),
      model,
      model_category: random.pick(ids),
      assigned_to: random.pick(people.users),
      company: random.pick(people.companies),
      location: random.pick(people.locations),
      install_status: 1,
      cost: "1250.00",
    });
    seeder.add("fm_expense_line", tag, {
      number: `EXP${String(at + 1).padStart(7, "0")}`,
      short_description: `Purchase of ${tag}`,
      amount: "1250.00",
      date: "2025-01-15",
      state: "processed",
      asset,
      user: random.pick(people.users),
    });
  }
  for (let at = 0; at < 12; at += 1) {
    const table = at % 2 === 0 ? "cmdb_ci_ec2_instance" : "cmdb_ci_vm_instance";
    const name = `${at % 2 === 0 ? "ec2" : "vm"}-${String(at).padStart(3, "0")}`;
    seeder.add(table, name, {
      name,
      short_description: `Machine ${name} of the shop`,
      object_id: `i-${fixedId("vm", name).slice(0, 17)}`,
      vm_inst_id: `i-${fixedId("vm", name).slice(0, 17)}`,
      state: at % 3 === 0 ? "off" : "on",
      cpus: 2 + (at % 4),
      memory: 4096,
      ip_address: `10.20.0.${10 + at}`,
    });
  }
  seeder.add("cmdb_ci_service_discovered", "Web Shop", {
    name: "Web Shop",
    number: "SNSVC0001001",
    environment: "Production",
    version: "1.0",
    short_description: "Where customers buy",
  });
}
