import { buildInstance, type BuiltInstance } from "../../../instance/src/build";
import { stamp } from "../../../instance/src/clock/time";
import { compileQuery } from "../../../instance/src/query/compile";
import type { QueryContext } from "../../../instance/src/query/fields";
import { parseQuery } from "../../../instance/src/query/parse";
import { and, or } from "../../../instance/src/store/sql";
import type { User } from "../../../instance/src/users/users";

/** What the instance finds in rows of its store, against what plain JavaScript finds in the same rows. */

export interface Person {
  sys_id: string;
  name: string | null;
  manager: string | null;
}
export interface Incident {
  sys_id: string;
  short_description: string | null;
  description: string | null;
  reassignment_count: number | null;
  reopen_count: number | null;
  knowledge: number | null;
  opened_at: string | null;
  work_start: string | null;
  caller_id: string | null;
}

let state = 7;
export const below = (limit: number): number => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * limit);
};
export const pick = <T>(items: readonly T[]): T => {
  const item = items[below(items.length)];
  if (item === undefined && items.length === 0) throw new Error("nothing to pick from");
  return item as T;
};
export const id = (letter: string, at: number): string => `${letter}${String(at).padStart(31, "0")}`;

export const texts = [
  null,
  "disk",
  "Disk full",
  "full",
  "a",
  "b",
  "B",
  "network down",
  "disk",
  "%",
  "a_b",
  "Straße",
];
const numbers = [null, 0, 1, 2, 5, 10, -3];
export const people: Person[] = [null, "Ada Able", "Bea Bold", "ada able", "Cy Cook"].map((name, at) => ({
  sys_id: id("d", at),
  name,
  manager: at < 2 ? null : id("d", at - 1),
}));
export const now = Date.UTC(2026, 2, 10, 15, 20, 30);
/** Times around both changes of the clocks in New York and in Sydney, and around now. */
const around = [
  Date.UTC(2026, 2, 8, 7),
  Date.UTC(2025, 10, 2, 6),
  Date.UTC(2026, 3, 4, 16),
  Date.UTC(2025, 9, 4, 16),
  now,
];
const time = (): string | null =>
  below(8) === 0 ? null : stamp(pick(around) + (below(97) - 48) * 3_600_000 + below(3) * 1_799_000);
export const incidents: Incident[] = Array.from({ length: 160 }, (_, at) => ({
  sys_id: id("e", at),
  short_description: pick(texts),
  description: pick(texts),
  reassignment_count: pick(numbers),
  reopen_count: pick(numbers),
  knowledge: pick([null, 0, 1]),
  opened_at: time(),
  work_start: time(),
  caller_id: pick([null, ...people.map(({ sys_id }) => sys_id), id("f", 0)]),
}));

/** There inside of tests and hooks only. */
export let built: BuiltInstance;
beforeAll(() => {
  built = buildInstance({ seed: "empty" });
  for (const person of people) built.store.insert("sys_user", { ...person });
  for (const incident of incidents) built.store.insert("task", { ...incident, sys_class_name: "incident" });
});
afterAll(() => built.close());

export function contextIn(timeZone: string): QueryContext {
  const { users, dictionary } = built.instance;
  const admin = users.byName("admin");
  if (!admin) throw new Error("an instance has an administrator");
  const user: User = { ...admin, timeZone };
  return { dictionary, user, now, dateLiterals: "utc", refused: "drop", allowed: () => true };
}

export function find(query: string, timeZone = "UTC"): { ids: string[]; dropped: string[] } {
  const table = built.instance.dictionary.known("incident");
  const compiled = compileQuery(parseQuery(query), table, contextIn(timeZone));
  const where = and([{ sql: "r.sys_class_name = 'incident'", parameters: [] }, or(compiled.groups)]);
  const order = compiled.order.map(({ sql, descending }) => `${sql}${descending ? " DESC" : ""}`);
  const rows = built.store.all(
    `SELECT r.sys_id FROM task r WHERE ${where.sql} ORDER BY ${[...order, "r.sys_id"].join(", ")}`,
    where.parameters,
  );
  return { ids: rows.map((row) => String(row.sys_id)), dropped: compiled.dropped };
}

export function expectFound(query: string, meets: (row: Incident) => boolean, timeZone?: string): void {
  const { ids, dropped } = find(query, timeZone);
  const wanted = incidents.filter(meets).map(({ sys_id }) => sys_id);
  expect({ query, dropped, ids }).toEqual({ query, dropped: [], ids: wanted });
}

export type Plain = string | number;
export type Test<T> = (value: T, wanted: T) => boolean;
export const comparisons: Record<string, Test<Plain>> = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
/** ASCII letters alone are equal in both cases. */
export const folded = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
