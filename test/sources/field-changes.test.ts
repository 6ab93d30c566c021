import { FieldChanges, type Watch } from "../../sources/common/field-change";
import { makeFilter } from "../../sources/common/filter";
import { idOf, InMemorySource, Tables } from "./in-memory";

/** Changes of watched fields, found by comparing values between polls or in the audit history. */

const START = Date.UTC(2026, 10, 21) / 1000;

function setup(given: Partial<Watch> & { query?: string } = {}) {
  const tables = new Tables();
  const source = Object.assign(new InMemorySource(tables), { startFrom: "now" });
  const watch: Watch = {
    table: "incident",
    columns: ["state", "priority"],
    filter: makeFilter(given.query),
    format: "false",
    ...given,
  };
  const of = (more: Partial<Watch> = {}) => new FieldChanges(source, { ...watch, ...more });
  const seconds = () => tables.now / 1000 - START;
  const put = (name: string, values: Record<string, string>) =>
    tables.put("incident", name, seconds(), { sys_updated_by: "ann", ...values });
  let audits = 0;
  const audit = (
    name: string,
    fieldname: string,
    oldvalue: string,
    newvalue: string,
    tablename = "incident",
  ) =>
    tables.put("sys_audit", `audit ${audits++}`, seconds(), {
      tablename,
      documentkey: idOf(name),
      fieldname,
      oldvalue,
      newvalue,
      user: "ann",
    });
  const later = () => void (tables.now += 120_000);
  const poll = async (more: Partial<Watch> = {}) => {
    later();
    const events = await source.during(() => of(more).run());
    return events.map(({ data }) => [data.field, data.old_value, data.new_value]);
  };
  const deploy = () => source.during(() => of().deploy());
  const activate = (more: Partial<Watch> = {}) => source.during(() => of(more).activate());
  return { tables, source, put, audit, later, poll, deploy, activate };
}

describe("remembered values", () => {
  const byValues = (given: Parameters<typeof setup>[0] = {}) => setup({ detection: "values", ...given });

  test("each changed field of each record is a change with an id of its own, at each poll", async () => {
    const { put, poll, deploy, source } = byValues();
    for (const name of ["a", "b", "c"]) put(name, { state: "1", priority: "4" });
    expect(await deploy()).toEqual([]);
    expect(source.logs.join()).toContain("found by comparing values between polls");
    for (const name of ["a", "b"]) put(name, { state: "2", priority: "3" });
    put("c", { state: "1", priority: "4", sys_mod_count: "1" });
    expect((await poll()).sort()).toEqual([
      ["priority", "4", "3"],
      ["priority", "4", "3"],
      ["state", "1", "2"],
      ["state", "1", "2"],
    ]);
    put("a", { state: "3", priority: "3" });
    expect(await poll()).toEqual([["state", "2", "3"]]);
    expect(await poll()).toEqual([]);
    expect(new Set(source.events.map(({ id }) => id)).size).toBe(5);
    expect(source.events[4]).toMatchObject({
      summary: "a: state 2 → Shown 3",
      ts: Date.UTC(2026, 10, 21, 7, 2),
      data: {
        sys_id: idOf("a"),
        table: "incident",
        changed_by: "ann",
        detected_by: "values",
        changed_at: "2026-11-21T07:02:00.000Z",
        record: { number: "a", state: "3" },
      },
    });
  });

  test("a record that is seen for the first time has not changed, one that gets or loses a value has", async () => {
    const { put, poll, deploy, source } = byValues();
    put("a", { state: "1", priority: "" });
    await deploy();
    put("new", { state: "1", priority: "1" });
    put("a", { state: "", priority: "2" });
    expect(await poll()).toEqual([
      ["state", "1", ""],
      ["priority", "", "2"],
    ]);
    expect(source.events.map(({ summary }) => summary)).toEqual([
      "a: state 1 → empty",
      "a: priority empty → Shown 2",
    ]);
    put("new", { state: "2", priority: "1" });
    expect(await poll()).toEqual([["state", "1", "2"]]);
  });

  test("a poll that dies before it saves finds the same changes under the same ids", async () => {
    const { put, poll, deploy, source } = byValues();
    put("a", { state: "1", priority: "4" });
    await deploy();
    put("a", { state: "2", priority: "3" });
    source.savesLeft = 0;
    await expect(poll()).rejects.toThrow("killed while it saved");
    source.savesLeft = Infinity;
    expect(await poll()).toHaveLength(2);
    const ids = source.events.map(({ id }) => id);
    expect(ids.slice(2)).toEqual(ids.slice(0, 2));
  });

  test("the record of an event has the chosen fields, and those that are watched are asked for", async () => {
    const { put, poll, deploy, source } = byValues({ columns: ["state"], fields: ["short_description"] });
    put("a", { state: "1", short_description: "words", description: "long" });
    await deploy();
    put("a", { state: "2", short_description: "words", description: "long" });
    await poll();
    expect(source.events[0]?.data).toMatchObject({ new_label: "Shown 2" });
    expect(source.events[0]?.data.record).toEqual({
      sys_id: idOf("a"),
      short_description: "words",
      sys_created_on: "2026-11-21 07:00:00",
      sys_updated_on: "2026-11-21 07:00:00",
      sys_mod_count: "0",
    });
  });

  test("a lost memory begins again with the values of now", async () => {
    const { put, poll, deploy, source } = byValues({ columns: ["state"] });
    put("a", { state: "1" });
    await deploy();
    source.memory.delete("state");
    put("b", { state: "1" });
    expect(await poll()).toEqual([]);
    for (const name of ["a", "b"]) put(name, { state: "2" });
    expect(await poll()).toEqual([
      ["state", "1", "2"],
      ["state", "1", "2"],
    ]);
  });

  test("a poll with room in its memory does not list the whole filter", async () => {
    const { put, poll, deploy, tables } = byValues({ columns: ["state"] });
    put("a", { state: "1" });
    await deploy();
    put("a", { state: "2" });
    tables.asked.length = 0;
    expect(await poll()).toHaveLength(1);
    expect(tables.asked.map(({ searchParams }) => searchParams.get("sysparm_fields"))).not.toContain(
      "sys_id",
    );
  });

  test("from and to leave out other changes, which are remembered all the same", async () => {
    const { put, poll, deploy } = byValues({ columns: ["state"], from: ["1", "2"], to: ["3"] });
    put("a", { state: "1" });
    await deploy();
    put("a", { state: "2" });
    expect(await poll()).toEqual([]);
    put("a", { state: "3" });
    expect(await poll()).toEqual([["state", "2", "3"]]);
    put("a", { state: "4" });
    expect(await poll()).toEqual([]);
    put("a", { state: "3" });
    expect(await poll()).toEqual([]);
  });

  test("a condition on what people see decides with both labels", async () => {
    const seen: string[][] = [];
    const { put, poll, deploy } = byValues({
      columns: ["state"],
      accepts: ({ to }, ...labels) => seen.push(labels) > 0 && to !== "2",
    });
    put("a", { state: "1" });
    await deploy();
    put("a", { state: "2" });
    expect(await poll()).toEqual([]);
    put("a", { state: "3" });
    expect(await poll()).toEqual([["state", "2", "3"]]);
    expect(seen).toEqual([
      ["1", "Shown 2"],
      ["2", "Shown 3"],
    ]);
  });

  test("a full memory forgets who left the filter, and still knows the others", async () => {
    const long = "x".repeat(5_000);
    const { put, poll, deploy } = byValues({ columns: ["state"], query: "priority=1" });
    for (const name of ["stays", "leaves", "goes"]) put(name, { priority: "1", state: long });
    await deploy();
    for (const name of ["leaves", "goes"]) put(name, { priority: "2", state: long });
    expect(await poll()).toEqual([]);
    for (const name of ["more", "and more", "and another"]) put(name, { priority: "1", state: long });
    expect(await poll()).toEqual([]);
    put("stays", { priority: "1", state: "short" });
    expect(await poll()).toEqual([["state", long, "short"]]);
    for (const n of [1, 2, 3]) put(`too much ${n}`, { priority: "1", state: long });
    await expect(poll()).rejects.toThrow("do not fit into this source's memory");
  });

  test("other settings begin with the values of now, the same ones go on", async () => {
    const { put, poll, deploy, activate, later } = byValues({ columns: ["state"] });
    put("a", { state: "1", priority: "1" });
    await deploy();
    put("a", { state: "2", priority: "2" });
    await activate();
    expect(await poll()).toEqual([["state", "1", "2"]]);
    put("a", { state: "3", priority: "3" });
    later();
    await activate({ columns: ["priority"] });
    expect(await poll({ columns: ["priority"] })).toEqual([]);
    put("a", { state: "3", priority: "4" });
    expect(await poll({ columns: ["priority"] })).toEqual([["priority", "3", "4"]]);
  });

  test("a first poll without a deployment begins; a start in the past is refused", async () => {
    const { put, poll, source } = byValues({ columns: ["state"] });
    put("a", { state: "1" });
    expect(await poll()).toEqual([]);
    put("a", { state: "2" });
    expect(await poll()).toEqual([["state", "1", "2"]]);
    const other = byValues();
    Object.assign(other.source, { startFrom: "everything" });
    await expect(other.deploy()).rejects.toThrow("audit history (sys_audit)");
    expect(source.db.get("mode")).toBe("values");
  });
});

describe("the audit history", () => {
  test("is taken where it can be read: every change of a watched field of the table, none of others", async () => {
    const { put, audit, poll, deploy, source } = setup();
    put("a", { state: "1" });
    audit("before", "state", "0", "1");
    await deploy();
    expect(source.logs.join()).toContain("come from its audit history");
    audit("a", "state", "1", "2");
    audit("a", "state", "2", "3");
    audit("a", "urgency", "1", "2");
    audit("a", "state", "5", "6", "problem");
    expect(await poll()).toHaveLength(2);
    expect(
      source.events.map(({ data }) => `${String(data.old_value)} ${String(data.new_value)}`).sort(),
    ).toEqual(["1 2", "2 3"]);
    expect(new Set(source.events.map(({ id }) => id)).size).toBe(2);
    expect(source.events[0]?.data).toMatchObject({
      detected_by: "audit",
      changed_by: "ann",
      record: { number: "a" },
    });
  });

  test("counts the tables that extend the watched one", async () => {
    const { tables, put, audit, poll, deploy } = setup();
    tables.put("sys_db_object", "1", 0, { name: "incident" });
    tables.put("sys_db_object", "2", 0, { name: "u_outage", "super_class.name": "incident" });
    tables.put("sys_db_object", "3", 0, { name: "u_big_outage", "super_class.name": "u_outage" });
    tables.put("sys_db_object", "4", 0, { name: "problem", "super_class.name": "task" });
    put("a", { state: "1" });
    audit("a", "state", "0", "1");
    await deploy();
    for (const [at, table] of ["incident", "u_outage", "u_big_outage", "problem"].entries())
      audit("a", "state", "1", String(at), table);
    expect((await poll()).map(([, , to]) => to).sort()).toEqual(["0", "1", "2"]);
  });

  test("of a record that is gone is told where there is no filter, and cannot be held against one", async () => {
    for (const query of [undefined, "priority=1"]) {
      const { put, audit, poll, deploy, source } = setup({ query });
      put("here", { state: "1", priority: "1" });
      put("other", { state: "1", priority: "2" });
      audit("here", "state", "0", "1");
      await deploy();
      for (const name of ["here", "gone", "other"]) audit(name, "state", "1", "2");
      await poll();
      const told = new Map(
        source.events.map(({ data, summary }) => [data.sys_id, [data.record !== null, summary]]),
      );
      expect(told.get(idOf("here"))).toEqual([true, "here: state Shown 1 → 2"]);
      expect(told.get(idOf("gone"))).toEqual(query ? undefined : [false, `${idOf("gone")}: state 1 → 2`]);
      expect(told.has(idOf("other"))).toBe(!query);
    }
  });

  test("that is demanded and cannot be read is an error that says whom to ask", async () => {
    const { tables, put, audit, deploy, activate, source } = setup({ detection: "audit" });
    put("a", { state: "1" });
    audit("a", "state", "0", "1");
    tables.closed.add("sys_audit");
    for (const step of [deploy, activate])
      await expect(step()).rejects.toThrow(
        /The audit history \(sys_audit\) cannot be read.*Ask an administrator/,
      );
    expect(source.db.get("mode")).toBeUndefined();
  });

  test("that cannot be read, or shows nothing of what it has, is replaced by values where none is demanded", async () => {
    for (const how of ["closed", "hidden", "empty"]) {
      const { tables, put, audit, deploy, source } = setup();
      put("a", { state: "1", priority: "1" });
      if (how !== "empty") audit("a", "state", "0", "1");
      if (how === "closed") tables.closed.add("sys_audit");
      if (how === "hidden") tables.hidden = ({ tablename }) => tablename !== undefined;
      await deploy();
      expect([how, source.db.get("mode")]).toEqual([how, "values"]);
    }
  });

  test("that is empty is believed where it is demanded", async () => {
    const { audit, put, deploy, poll } = setup({ detection: "audit" });
    put("a", { state: "1" });
    await deploy();
    audit("a", "state", "1", "2");
    expect(await poll()).toEqual([["state", "1", "2"]]);
  });
});

test("no field to watch is refused", () => {
  const { tables } = setup();
  const watch: Watch = { table: "incident", columns: [], filter: makeFilter(""), format: "false" };
  expect(() => new FieldChanges(new InMemorySource(tables), watch)).toThrow("No field is given");
});
