import { cycle, type Random } from "../ids/random";
import { holdsValue, multiRowSetsOf, variablesOf } from "../apis/catalog-form";
import { stamp } from "../clock/time";
import { eventRoom } from "./catalog";
import type { People } from "./people";
import type { Seeder } from "./seeder";

const day = 86_400_000;
const start = Date.UTC(2025, 2, 3, 8);
const count = 12;

interface Step {
  request: string;
  stage: string;
  item: number;
  active: boolean;
}

/** How far the requests are: asked for, at work, done. */
const steps: Step[] = [
  { request: "requested", stage: "waiting_for_approval", item: 1, active: true },
  { request: "approved", stage: "fulfillment", item: 2, active: true },
  { request: "closed_complete", stage: "complete", item: 3, active: false },
];

/** Requests of the catalog with their items, tasks and answers. */
export function seedRequests(seeder: Seeder, random: Random, people: People): void {
  const { store } = seeder.instance;
  const items = store.all(
    "SELECT * FROM sc_cat_item WHERE sys_class_name = 'sc_cat_item' AND active = 1 ORDER BY name",
  );
  const plain = items.filter((item) => item.sys_id !== eventRoom);
  const event = items.filter((item) => item.sys_id === eventRoom);
  const wanted = [...Array.from({ length: count }, (_, at) => cycle(plain, at)), ...event];
  for (const [at, item] of wanted.entries()) {
    const step = cycle(steps, at);
    const itemId = String(item.sys_id);
    const requestedFor = random.pick(people.users);
    const created = stamp(start + at * day);
    const common = {
      opened_at: created,
      opened_by: requestedFor,
      sys_created_on: created,
      sys_updated_on: stamp(start + at * day + 3_600_000 * (1 + random.below(20))),
      sys_mod_count: random.below(4),
      active: step.active,
      short_description: String(item.short_description ?? item.name),
      ...(step.active
        ? {}
        : { closed_at: stamp(start + (at + 2) * day), closed_by: random.pick(people.agents) }),
    };
    const task = (table: string, prefix: string, values: Record<string, string | number | null>): string => {
      const number = `${prefix}${String(at + 1).padStart(7, "0")}`;
      return seeder.add(table, number, { ...common, number, task_effective_number: number, ...values });
    };
    const request = task("sc_request", "REQ", {
      requested_for: requestedFor,
      request_state: step.request,
      price: item.price === null ? null : String(item.price),
      state: step.active ? 1 : 3,
    });
    const requested = task("sc_req_item", "RITM", {
      request,
      parent: request,
      cat_item: itemId,
      quantity: 1,
      price: item.price === null ? null : String(item.price),
      requested_for: requestedFor,
      stage: step.stage,
      state: step.item,
      assignment_group: item.group === null ? null : String(item.group),
    });
    if (item.group)
      task("sc_task", "SCTASK", {
        request,
        request_item: requested,
        parent: requested,
        cat_item: itemId,
        assignment_group: String(item.group),
        state: step.item,
      });
    seedAnswers(seeder, itemId, requested, requestedFor);
  }
}

const guests = [
  { guest_name: "Ada Lovelace", guest_mail: "ada@example.com", badge: "day" },
  { guest_name: "Charles Babbage", guest_mail: "charles@example.com", badge: "week" },
];

function seedAnswers(seeder: Seeder, itemId: string, requested: string, requestedFor: string): void {
  const { instance } = seeder;
  for (const variable of variablesOf(instance, itemId).filter(holdsValue)) {
    const id = String(variable.sys_id);
    const value = variable.type === 31 ? requestedFor : variable.default_value;
    const option = seeder.add("sc_item_option", `${requested} ${id}`, {
      item_option_new: id,
      value: value === null ? null : String(value),
      order: Number(variable.order ?? 0),
    });
    seeder.add("sc_item_option_mtom", `${requested} ${id}`, {
      request_item: requested,
      sc_item_option: option,
    });
  }
  for (const set of multiRowSetsOf(instance, itemId))
    for (const [at, guest] of guests.entries())
      for (const [name, value] of Object.entries(guest)) {
        const variable = set.variables.find((column) => column.name === name);
        seeder.add("sc_multi_row_question_answer", `${requested} ${at} ${name}`, {
          parent_table_name: "sc_req_item",
          parent_id: requested,
          variable_set: set.id,
          item_option_new: String(variable?.sys_id ?? ""),
          row_index: at + 1,
          value,
        });
      }
}
