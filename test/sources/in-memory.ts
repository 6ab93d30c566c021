import { createHash } from "node:crypto";
import { parseQuery, type Condition, type ServiceNow } from "../../common";
import type { SourceThis } from "../../sources/common/this";
import { stubClient, stubTransport, type StubAnswer } from "../common/stub";

type Record_ = Record<string, string>;

export interface Event {
  id: string;
  ts: number;
  summary: string;
  data: Record<string, unknown>;
}

const holds = (row: Record_, { field, operator, value }: Condition): boolean => {
  const cell = row[field] ?? "";
  switch (operator) {
    case "ISEMPTY":
      return cell === "";
    case "ISNOTEMPTY":
      return cell !== "";
    case "IN":
      return value.split(",").includes(cell);
    case "=":
      return cell === value;
    case "!=":
      return cell !== "" && cell !== value;
    case ">":
      return cell !== "" && cell > value;
    case ">=":
      return cell !== "" && cell >= value;
    case "<":
      return cell !== "" && cell < value;
    case "<=":
      return cell !== "" && cell <= value;
    default:
      throw new Error(`this table does not know ${operator}`);
  }
};

/** Tables within the test's own process that answer as the Table API does: queries, order, pages, counts, formats and hidden rows. */
export class Tables {
  readonly rows: Record<string, Record_[]> = {};
  /** Records that are counted and not shown. */
  hidden: (row: Record_) => boolean = () => false;
  /** Whether answers say how many records there are. */
  counted = true;
  /** Tables that answer 403. */
  readonly closed = new Set<string>();
  /** Addresses that were asked for, decoded. */
  readonly asked: URL[] = [];
  now = Date.UTC(2026, 10, 21, 7);
  readonly client: ServiceNow;

  constructor() {
    this.client = stubClient(stubTransport(({ url }) => this.#answer(new URL(url)))).client;
  }

  /** A record with the columns that each has. `seconds`: when it was changed last, counted from the start of the day. */
  put(table: string, name: string, seconds: number, values: Record_ = {}): Record_ {
    const stamp = new Date(Date.UTC(2026, 10, 21, 0, 0, seconds))
      .toISOString()
      .slice(0, 19)
      .replace("T", " ");
    const row = {
      sys_id: idOf(name),
      number: name,
      sys_updated_on: stamp,
      sys_created_on: stamp,
      sys_mod_count: "0",
      ...values,
    };
    const rows = (this.rows[table] ??= []);
    const at = rows.findIndex(({ sys_id }) => sys_id === row.sys_id);
    if (at < 0) rows.push(row);
    else rows[at] = row;
    return row;
  }

  remove(table: string, name: string): void {
    this.rows[table] = (this.rows[table] ?? []).filter(({ sys_id }) => sys_id !== idOf(name));
  }

  #answer(url: URL): StubAnswer {
    this.asked.push(url);
    const [, api = "", table = ""] = /^\/api\/now\/(table|stats)\/(\w+)$/.exec(url.pathname) ?? [];
    const ask = url.searchParams;
    const { groups, order } = parseQuery(ask.get("sysparm_query") ?? "");
    const found = (this.rows[table] ?? []).filter((row) =>
      groups.some((group) => group.every((clause) => clause.some((condition) => holds(row, condition)))),
    );
    if (this.closed.has(table)) return { status: 403, json: { error: { message: "no", detail: "" } } };
    if (api === "stats") return { json: { result: { stats: statsOf(found, ask) } } };
    found.sort((a, b) => {
      for (const { field, descending } of order) {
        const [x, y] = [a[field] ?? "", b[field] ?? ""];
        if (x !== y) return x < y !== descending ? -1 : 1;
      }
      return 0;
    });
    const offset = Number(ask.get("sysparm_offset") ?? 0);
    const fields = ask.get("sysparm_fields")?.split(",");
    const shown = found
      .slice(offset, offset + Number(ask.get("sysparm_limit") ?? 10_000))
      .filter((row) => !this.hidden(row))
      .map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => !fields || fields.includes(name))),
      );
    const both = ask.get("sysparm_display_value") === "all";
    return {
      headers: {
        ...(this.counted ? { "x-total-count": String(found.length) } : {}),
        date: new Date(this.now).toUTCString(),
      },
      json: { result: both ? shown.map(bothForms) : shown },
    };
  }
}

export const idOf = (name: string): string => createHash("md5").update(name).digest("hex");

const bothForms = (row: Record_) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, { value, display_value: value && `Shown ${value}` }]),
  );

function statsOf(rows: Record_[], ask: URLSearchParams): Record<string, unknown> {
  const of = (name: string, compute: (values: number[]) => number | "") => {
    const column = ask.get(`sysparm_${name}_fields`);
    if (!column) return {};
    const values = rows.map((row) => row[column] ?? "").filter(Boolean);
    if (values.some((value) => Number.isNaN(Number(value)))) return { [name]: { [column]: values[0] } };
    return { [name]: { [column]: String(values.length ? compute(values.map(Number)) : "") } };
  };
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
  return {
    ...(ask.get("sysparm_count") ? { count: String(rows.length) } : {}),
    ...of("sum", sum),
    ...of("avg", (values) => sum(values) / values.length),
    ...of("min", (values) => Math.min(...values)),
    ...of("max", (values) => Math.max(...values)),
  };
}

/** `this` of a source on these tables: its memory, what it emits and what it logs. */
export class InMemorySource implements SourceThis {
  readonly memory = new Map<string, string>();
  readonly events: Event[] = [];
  readonly logs: string[] = [];
  /** Saves that are still to succeed; then the process "dies". */
  savesLeft = Infinity;
  readonly servicenow: { client(): ServiceNow };
  readonly db = {
    get: (key: string): unknown => {
      const text = this.memory.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    set: (key: string, value: unknown): void => {
      if (this.savesLeft-- <= 0) throw new Error("killed while it saved");
      this.memory.set(key, JSON.stringify(value));
    },
  };

  constructor(tables: Tables) {
    this.servicenow = { client: () => tables.client };
  }

  $emit(data: unknown, meta?: { id?: string | number; ts?: number; summary?: string }): void {
    this.events.push({
      id: String(meta?.id),
      ts: Number(meta?.ts),
      summary: String(meta?.summary),
      data: JSON.parse(JSON.stringify(data)) as Record<string, unknown>,
    });
  }

  /** What a step emits. Its log is kept. */
  async during(step: () => Promise<void>): Promise<Event[]> {
    const spoken = jest
      .spyOn(console, "log")
      .mockImplementation((...text) => void this.logs.push(text.join(" ")));
    const before = this.events.length;
    try {
      await step();
    } finally {
      spoken.mockRestore();
    }
    return this.events.slice(before);
  }
}
