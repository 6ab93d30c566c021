import { cycle } from "../ids/random";
import { stamp } from "../clock/time";
import type { Seeder } from "./seeder";

/** Accounts with contacts and a consumer, who are the customers of the demo's cases. */
export function seedCustomers(seeder: Seeder): void {
  const accounts = ["Boxeo", "Rainbow Sales", "Acme Retail"].map((name, at) =>
    seeder.add("customer_account", name, {
      name,
      number: `ACCT000100${at}`,
      phone: `555 010${at}`,
    }),
  );
  const contacts = [
    ["Amy", "Pascal"],
    ["Marta", "Hoch"],
    ["Alex", "Linde"],
    ["Denis", "Koch"],
  ].map(([first = "", last = ""], at) =>
    seeder.add("customer_contact", `${first} ${last}`, {
      user_name: `${first}.${last}`.toLowerCase(),
      first_name: first,
      last_name: last,
      name: `${first} ${last}`,
      email: `${first}.${last}@example.com`.toLowerCase(),
      account: cycle(accounts, at),
    }),
  );
  const consumer = seeder.add("csm_consumer", "Crissy Stark", {
    number: "CNSR0001001",
    first_name: "Crissy",
    last_name: "Stark",
    name: "Crissy Stark",
    email: "crissy.stark@example.com",
  });
  const { store } = seeder.instance;
  const cases = store.all(
    "SELECT sys_id, sys_created_on FROM task WHERE sys_class_name = 'sn_customerservice_case' ORDER BY number",
  );
  for (const [at, row] of cases.entries())
    store.update(
      "task",
      String(row.sys_id),
      at % 4 === 3 ? { consumer } : { account: cycle(accounts, at), contact: cycle(contacts, at) },
    );
  const first = cases[0];
  if (first)
    seeder.add("sys_journal_field", "first answer", {
      name: "sn_customerservice_case",
      element: "comments",
      element_id: String(first.sys_id),
      value: "Can you send us a photo of the label?",
      sys_created_on: stamp(Date.parse(`${String(first.sys_created_on).replace(" ", "T")}Z`) + 3_600_000),
      sys_created_by: "david.loo",
    });
}
