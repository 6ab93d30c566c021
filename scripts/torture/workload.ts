import { parseStamp } from "../../common/change-feed";
import type { Client } from "./client";
import type { Random } from "./random";
import { Truth } from "./truth";

/** Times that the writer's answers hold. */
const FIELDS =
  "sysparm_exclude_reference_link=true&sysparm_fields=sys_id,sys_updated_on,sys_mod_count,sys_class_name,category";
const BATCH = 100;
const EMPLOYEE = "681ccaf9c0a8016400b98a06818d57c7";
const ADMIN = "6816f79cc0a8016401c5a33be04be441";

/** A commit may come this much later than its stamp; well inside the promise's 60 s. */
export const LATE_SECONDS = 30;

export interface Tables {
  tables: readonly string[];
  records: number;
}

/** Writes what tortures a poller, and keeps the truth about it. */
export class Workload {
  readonly truth = new Truth();
  private readonly ids: { table: string; sysId: string; mine: boolean }[] = [];
  /** Records with a commit under way: left alone until it is visible. */
  private readonly busy = new Map<string, number>();
  private counter = 0;
  private hiddenFrom = 0;

  constructor(
    private readonly client: Client,
    private readonly random: Random,
    /** Simulated time, epoch seconds. */
    private readonly now: () => number,
  ) {}

  get written(): number {
    return this.truth.versions.length;
  }

  private note(
    table: string,
    row: Record<string, string> | undefined,
    facts: { category: string; mine: boolean; late?: number; backDated?: boolean },
  ): void {
    if (!row?.sys_id) return;
    this.truth.add({
      table: row.sys_class_name || table,
      sysId: row.sys_id,
      time: parseStamp(row.sys_updated_on ?? ""),
      mod: Number(row.sys_mod_count),
      visible: this.now() + (facts.late ?? 0),
      until: Number.POSITIVE_INFINITY,
      category: facts.category,
      mine: facts.mine,
      backDated: facts.backDated ?? false,
    });
  }

  async create(table: string, count: number): Promise<void> {
    for (let done = 0; done < count; done += BATCH) {
      const facts = Array.from({ length: Math.min(BATCH, count - done) }, () => ({
        category: this.random.chance(0.5) ? "software" : "hardware",
        mine: this.random.chance(0.2),
      }));
      const rows = await this.client.batch(
        facts.map(({ category, mine }) => ({
          method: "POST",
          path: `/api/now/table/${table}?${FIELDS}`,
          body: { short_description: `n${this.counter++}`, category, opened_by: mine ? EMPLOYEE : ADMIN },
        })),
      );
      rows.forEach((row, index) => {
        const { category, mine } = facts[index] as (typeof facts)[number];
        this.note(table, row, { category, mine });
        if (row?.sys_id) this.ids.push({ table, sysId: row.sys_id, mine });
      });
    }
  }

  private free(): { table: string; sysId: string; mine: boolean } | undefined {
    for (let tries = 0; tries < 20; tries++) {
      const record = this.random.pick(this.ids);
      if ((this.busy.get(record.sysId) ?? 0) <= this.now() && this.truth.current.has(record.sysId))
        return record;
    }
    return undefined;
  }

  /** Updates in this one second; some move the record into the filter or out of it. */
  async update(count: number): Promise<void> {
    for (let done = 0; done < count; done += BATCH) {
      const chosen = new Map<string, { table: string; sysId: string; mine: boolean; category: string }>();
      for (let at = done; at < Math.min(done + BATCH, count); at++) {
        const record = this.free();
        if (!record) continue;
        const before = this.truth.current.get(record.sysId)?.category ?? "software";
        const category = this.random.chance(0.2) ? (before === "software" ? "hardware" : "software") : before;
        chosen.set(record.sysId, { ...record, category });
      }
      await this.write([...chosen.values()]);
    }
  }

  /** Updates of incidents that the employee may not read, in this one second; of each at most one. */
  async updateHidden(count: number): Promise<void> {
    const chosen = this.ids.filter(
      ({ table, sysId, mine }) =>
        table === "incident" &&
        !mine &&
        this.truth.current.has(sysId) &&
        (this.busy.get(sysId) ?? 0) <= this.now(),
    );
    const from = this.hiddenFrom % Math.max(1, chosen.length);
    this.hiddenFrom += count;
    const inTurn = [...chosen.slice(from), ...chosen.slice(0, from)].slice(0, count);
    for (let done = 0; done < inTurn.length; done += BATCH)
      await this.write(
        inTurn.slice(done, done + BATCH).map((record) => ({
          ...record,
          category: this.truth.current.get(record.sysId)?.category ?? "software",
        })),
      );
  }

  private async write(
    records: { table: string; sysId: string; mine: boolean; category: string }[],
  ): Promise<void> {
    const rows = await this.client.batch(
      records.map(({ table, sysId, category }) => ({
        method: "PATCH",
        path: `/api/now/table/${table}/${sysId}?${FIELDS}`,
        body: { short_description: `n${this.counter++}`, category },
      })),
    );
    rows.forEach((row, index) => {
      const { table, mine, category } = records[index] as (typeof records)[number];
      this.note(table, row, { category, mine });
    });
  }

  /** The same few records, several times within one second. */
  async hot(records: number, times: number): Promise<void> {
    const chosen = this.ids
      .slice(0, records)
      .filter(({ sysId }) => this.truth.current.has(sysId) && (this.busy.get(sysId) ?? 0) <= this.now());
    for (let round = 0; round < times; round++)
      await this.write(
        chosen.map((record) => ({
          ...record,
          category: this.truth.current.get(record.sysId)?.category ?? "software",
        })),
      );
  }

  /** Updates whose commit others see only later. */
  async late(count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      const record = this.free();
      if (!record) continue;
      const category = this.truth.current.get(record.sysId)?.category ?? "software";
      const answer = await this.client.send(
        "PATCH",
        `/api/now/table/${record.table}/${record.sysId}?${FIELDS}&sysparm_torture=late`,
        {
          short_description: `late ${this.counter++}`,
        },
      );
      const row = (answer.data as { result?: Record<string, string> }).result;
      this.note(record.table, row, { category, mine: record.mine, late: LATE_SECONDS });
      this.busy.set(record.sysId, this.now() + LATE_SECONDS + 1);
    }
  }

  /** An import that stamps its changes an hour into the past. */
  async backDate(count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      const record = this.free();
      if (!record) continue;
      const category = this.truth.current.get(record.sysId)?.category ?? "software";
      const stamp = new Date((this.now() - 3600) * 1000).toISOString().slice(0, 19).replace("T", " ");
      const answer = await this.client.send(
        "PATCH",
        `/api/now/table/${record.table}/${record.sysId}?${FIELDS}&sysparm_suppress_auto_sys_field=true`,
        { short_description: `old ${this.counter++}`, sys_updated_on: stamp },
      );
      const row = (answer.data as { result?: Record<string, string> }).result;
      this.note(record.table, row, { category, mine: record.mine, backDated: true });
    }
  }

  /** Records that become another kind of task: they leave one table and enter another. */
  async reclass(count: number, tables: readonly string[]): Promise<void> {
    for (let at = 0; at < count; at++) {
      const record = this.free();
      if (!record) continue;
      const target = this.random.pick(tables.filter((table) => table !== record.table));
      await this.client.send("PATCH", `/api/now/table/${record.table}/${record.sysId}?${FIELDS}`, {
        sys_class_name: target,
      });
      // What the old table answers is not what the new one holds, the category of a case for instance.
      const answer = await this.client.send("GET", `/api/now/table/${target}/${record.sysId}?${FIELDS}`);
      const row = (answer.data as { result?: Record<string, string> }).result;
      if (row?.sys_class_name !== target)
        throw new Error(`A ${record.table} did not become a ${target}: ${JSON.stringify(answer.data)}`);
      record.table = target;
      this.note(target, row, { category: row.category ?? "", mine: record.mine });
    }
  }

  async remove(count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      const record = this.free();
      if (!record) continue;
      const { status } = await this.client.send("DELETE", `/api/now/table/${record.table}/${record.sysId}`);
      if (status === 204) this.truth.remove(record.sysId, this.now());
    }
  }
}
