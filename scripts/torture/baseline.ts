import { formatStamp, parseStamp } from "../../common/change-feed";
import type { Client } from "./client";

/** How other systems follow a table, from their descriptions; each as simple as it is there. */
export interface Baseline {
  name: string;
  about: string;
  poll(client: Client, table: string, now: number): Promise<void>;
  /** Ids of the versions emitted, repetitions included. */
  readonly emitted: string[];
}

interface Row {
  sys_id: string;
  sys_updated_on: string;
  sys_mod_count: string;
}

const idOf = (row: Row): string =>
  `${row.sys_id}-${parseStamp(row.sys_updated_on).toString(36)}-${row.sys_mod_count}`;

async function read(client: Client, table: string, query: string, limit: number, offset = 0): Promise<Row[]> {
  const params = new URLSearchParams({
    sysparm_query: query,
    sysparm_limit: String(limit),
    sysparm_offset: String(offset),
    sysparm_fields: "sys_id,sys_updated_on,sys_mod_count",
  });
  const { data } = await client.send("GET", `/api/now/table/${table}?${params.toString()}`);
  return (data as { result: Row[] }).result;
}

/** The platform's memory of ids: the last 100. */
class Memory {
  private readonly ids: string[] = [];

  isNew(id: string): boolean {
    if (this.ids.includes(id)) return false;
    this.ids.push(id);
    if (this.ids.length > 100) this.ids.shift();
    return true;
  }
}

const LIMIT = 1_000;

/** Strictly after the newest time seen, newest first, one page: the pattern of database pollers. */
function strictlyAfter(): Baseline {
  let cursor: string | undefined;
  const emitted: string[] = [];
  return {
    name: "strictlyGreater",
    about: "time > cursor, cursor = newest time seen",
    emitted,
    async poll(client, table, now) {
      const rows = await read(
        client,
        table,
        `sys_updated_on>${cursor ?? formatStamp(now)}^ORDERBYsys_updated_on`,
        LIMIT,
      );
      for (const row of rows) emitted.push(idOf(row));
      cursor = rows.at(-1)?.sys_updated_on ?? cursor ?? formatStamp(now);
    },
  };
}

/** From the newest time seen on, with a memory of 100 ids against the repetition. */
function timeOnly(): Baseline {
  let cursor: string | undefined;
  const emitted: string[] = [];
  const memory = new Memory();
  return {
    name: "timeOnly",
    about: "time >= cursor, and the platform's memory of 100 ids",
    emitted,
    async poll(client, table, now) {
      const rows = await read(
        client,
        table,
        `sys_updated_on>=${cursor ?? formatStamp(now)}^ORDERBYsys_updated_on`,
        LIMIT,
      );
      for (const row of rows) if (memory.isNew(idOf(row))) emitted.push(idOf(row));
      cursor = rows.at(-1)?.sys_updated_on ?? cursor ?? formatStamp(now);
    },
  };
}

/** The newest 100 at each poll, with a memory of 100 ids. */
function newestWithCap(): Baseline {
  let begun = false;
  const emitted: string[] = [];
  const memory = new Memory();
  return {
    name: "newestFirstCapped",
    about: "the newest 100 of each poll, and a memory of 100 ids",
    emitted,
    async poll(client, table) {
      const rows = await read(client, table, "ORDERBYDESCsys_updated_on", 100);
      for (const row of rows.reverse()) {
        const isNew = memory.isNew(idOf(row));
        if (isNew && begun) emitted.push(idOf(row));
      }
      begun = true;
    },
  };
}

/** Everything in the window since the last poll, by pages with an offset, newest first; the cursor is the end of the window. */
function offsetPaging(): Baseline {
  let cursor: string | undefined;
  const emitted: string[] = [];
  return {
    name: "offsetPaging",
    about: "time > last run, newest first, pages of 200 by offset up to 4,000",
    emitted,
    async poll(client, table, now) {
      const until = formatStamp(now);
      if (cursor !== undefined) {
        const query = `sys_updated_on>${cursor}^sys_updated_on<=${until}^ORDERBYDESCsys_updated_on`;
        for (let offset = 0; offset < 4_000; offset += 200) {
          const rows = await read(client, table, query, 200, offset);
          for (const row of rows) emitted.push(idOf(row));
          if (rows.length < 200) break;
        }
      }
      cursor = until;
    },
  };
}

/** Strictly after the moment of the last poll. */
function cursorIsNow(): Baseline {
  let cursor: string | undefined;
  const emitted: string[] = [];
  return {
    name: "cursorIsNow",
    about: "time > moment of the last poll",
    emitted,
    async poll(client, table, now) {
      if (cursor !== undefined) {
        const rows = await read(client, table, `sys_updated_on>${cursor}^ORDERBYsys_updated_on`, 10_000);
        for (const row of rows) emitted.push(idOf(row));
      }
      cursor = formatStamp(now);
    },
  };
}

export const baselineCursors = (): Baseline[] => [
  strictlyAfter(),
  timeOnly(),
  newestWithCap(),
  offsetPaging(),
  cursorIsNow(),
];
