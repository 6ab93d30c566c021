import newCommentOrWorkNote from "../../sources/new-comment-or-work-note/new-comment-or-work-note";
import newFieldChange from "../../sources/new-field-change/new-field-change";
import newMatchingRecord from "../../sources/new-matching-record/new-matching-record";
import newRecord from "../../sources/new-record/new-record";
import newRecordDeletion from "../../sources/new-record-deletion/new-record-deletion";
import newStateChange from "../../sources/new-state-change/new-state-change";
import { useInstance } from "./platform";
import { toText } from "../helpers/present";

/** What sources meet in the months after their deployment. */
const { writer, control, onPlatform, later } = useInstance({ incidents: 60 });

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

test("remembered values of records that left the filter make room for others", async () => {
  const source = await onPlatform(newFieldChange, {
    table: "incident",
    query: "short_descriptionSTARTSWITHforget^active=true",
    watchedFields: ["description"],
    detection: "values",
  });
  const open = await writer.create("incident", { short_description: "forget not", description: "first" });
  await source.deploy();
  for (const round of numbers(4)) {
    const passing = [];
    for (const _ of numbers(3))
      passing.push(
        await writer.create("incident", { short_description: "forget", description: "x".repeat(3_500) }),
      );
    await writer.update("incident", open.sys_id, { description: `round ${round}` });
    expect((await source.poll()).map(({ data }) => [data.sys_id, data.new_value])).toEqual([
      [open.sys_id, `round ${round}`],
    ]);
    for (const { sys_id } of passing.slice(0, 2))
      await writer.update("incident", sys_id, { state: "7", close_code: "Duplicate", close_notes: "x" });
    await writer.remove("incident", passing[2]?.sys_id);
  }
  expect(Buffer.byteLength(source.db.get("state") ?? "")).toBeLessThan(48_000);
});

describe("a table that extends the watched one is created between two polls", () => {
  let parent = "";
  let count = 0;
  const extend = () =>
    writer.create("sys_db_object", { name: `u_late_${count++}`, label: "Late", super_class: parent });
  beforeAll(async () => void (parent = await writer.idOf("sys_db_object", "incident")));

  test("deletions", async () => {
    const source = await onPlatform(newRecordDeletion, { table: "incident" });
    const a = await writer.create("incident", { short_description: "To be deleted" });
    await source.deploy();
    await writer.remove("incident", a.sys_id);
    await extend();
    expect((await source.poll()).map(({ data }) => data.sys_id)).toEqual([a.sys_id]);
  });

  test("comments", async () => {
    const source = await onPlatform(newCommentOrWorkNote, { table: "incident" });
    const a = await writer.create("incident", { short_description: "Commented" });
    await source.deploy();
    await writer.update("incident", a.sys_id, { comments: "Still there?" });
    await extend();
    expect((await source.poll()).map(({ data }) => data.text)).toEqual(["Still there?"]);
  });

  test("changes of state, from the audit history", async () => {
    const source = await onPlatform(newStateChange, { table: "incident" });
    const a = await writer.create("incident", { short_description: "Changed" });
    await writer.update("incident", a.sys_id, { category: "network" });
    await source.deploy();
    await writer.update("incident", a.sys_id, { state: "2" });
    await extend();
    const events = await source.poll();
    expect(events.map(({ data }) => [data.sys_id, data.new_label, data.detected_by])).toEqual([
      [a.sys_id, "In Progress", "audit"],
    ]);
  });
});

test("changes of tasks come from the audit history of the tables that extend task", async () => {
  const source = await onPlatform(newStateChange, { table: "task" });
  const a = await writer.create("incident", { short_description: "A task as well" });
  await writer.update("incident", a.sys_id, { state: "2" });
  await source.deploy();
  await writer.update("incident", a.sys_id, { state: "3", hold_reason: "1" });
  await writer.update("incident", a.sys_id, { state: "2" });
  const events = await source.poll();
  expect(
    new Set(
      events.map(
        ({ data }) => `${toText(data.sys_id)} ${toText(data.new_value)} ${toText(data.detected_by)}`,
      ),
    ),
  ).toEqual(new Set([`${a.sys_id} 3 audit`, `${a.sys_id} 2 audit`]));
});

test("a filter of many alternatives reads the records of a busy poll in pieces", async () => {
  const query = numbers(6)
    .map(
      (n) =>
        `short_descriptionSTARTSWITHbusy^urgency=${(n % 3) + 1}^short_description!=${"no".repeat(20)}${n}`,
    )
    .join("^NQ");
  const matching = await onPlatform(newMatchingRecord, { table: "incident", query });
  const changes = await onPlatform(newFieldChange, { table: "incident", query, watchedFields: ["impact"] });
  const comments = await onPlatform(newCommentOrWorkNote, { table: "incident", query });
  for (const source of [matching, changes, comments]) await source.deploy();
  const ids = await Promise.all(
    numbers(60).map(async (n) => {
      const { sys_id } = await writer.create("incident", { short_description: `busy ${n}`, impact: "3" });
      await writer.update("incident", sys_id, { impact: "1", comments: "Busy" });
      return sys_id;
    }),
  );
  for (const source of [matching, changes, comments]) {
    const seen = (await source.poll()).map(({ data }) => data.sys_id);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(seen).toHaveLength(60);
  }
});

test("New Matching Record tells the time of records that are written only once", async () => {
  const a = await writer.create("incident", { short_description: "Audited" });
  const source = await onPlatform(newMatchingRecord, {
    table: "sys_audit",
    query: `documentkey=${a.sys_id}^fieldname=urgency`,
  });
  await source.deploy();
  await writer.update("incident", a.sys_id, { urgency: "1" });
  const [event] = await source.poll();
  expect(Math.abs(Date.now() - (event?.ts ?? 0))).toBeLessThan(60_000);
});

describe("the account loses its right between two polls", () => {
  const closed = (table: string) =>
    control("PATCH", "config", { acls: [{ table, operation: "read", roles: ["nobody_has_it"] }] });
  const opened = () => control("PATCH", "config", { acls: [] });
  afterEach(opened);

  test.each([
    ["New Record", newRecord, "incident"],
    ["New Comment or Work Note", newCommentOrWorkNote, "sys_journal_field"],
    ["New Comment or Work Note", newCommentOrWorkNote, "incident"],
  ])(
    "%s says so, and emits what came meanwhile when the right is back (%#)",
    async (_name, component, table) => {
      const source = await onPlatform(component, { table: "incident" }, "itil");
      const a = await writer.create("incident", { short_description: "Before", comments: "Seen" });
      await source.deploy();
      await source.poll();
      await closed(table);
      const b = await writer.create("incident", { short_description: "Meanwhile", comments: "Not seen" });
      await later(120);
      await expect(source.poll()).rejects.toThrow(/may read none|role/);
      await opened();
      const seen = (await source.poll()).map(({ data }) => data.sys_id);
      expect(seen).toEqual([b.sys_id]);
      expect(a.sys_id).not.toBe(b.sys_id);
    },
  );

  test("New Matching Record does not take hidden records as gone", async () => {
    const query = "short_descriptionSTARTSWITHveiled^active=true";
    const source = await onPlatform(newMatchingRecord, { table: "incident", query }, "itil");
    const [a, b] = [
      await writer.create("incident", { short_description: "veiled 1" }),
      await writer.create("incident", { short_description: "veiled 2" }),
    ];
    await source.deploy();
    await closed("incident");
    expect(await source.poll()).toEqual([]);
    await opened();
    expect(await source.poll()).toEqual([]);
    const close = (active: boolean) => writer.update("incident", a.sys_id, { active: String(active) });
    await close(false);
    expect(await source.poll()).toEqual([]);
    await close(true);
    expect((await source.poll()).map(({ data }) => data.sys_id)).toEqual([a.sys_id]);
    expect(b.sys_id).not.toBe(a.sys_id);
  });
});

test("a column of the filter that can no longer be read is an error, not all records", async () => {
  const values = { table: "incident", query: "urgency=1", fields: ["number"] };
  const sources = [
    await onPlatform(newRecord, values, "itil"),
    await onPlatform(newMatchingRecord, values, "itil"),
    await onPlatform(newStateChange, { ...values, detection: "values" }, "itil"),
    await onPlatform(newCommentOrWorkNote, values, "itil"),
  ];
  for (const source of sources) await source.deploy();
  await control("PATCH", "config", {
    queryAcl: "drop",
    acls: [{ table: "incident", field: "urgency", operation: "read", roles: ["nobody_has_it"] }],
  });
  await writer.create("incident", { short_description: "Not urgent", urgency: "3", comments: "Slow" });
  for (const source of sources) await expect(source.poll()).rejects.toThrow(/urgency/);
  await control("PATCH", "config", { queryAcl: "error", acls: [] });
});

test.each<[string, (state: Record<string, unknown>) => unknown]>([
  ["lost its records", (state) => ({ ...state, k: null })],
  ["names records by a number", (state) => ({ ...state, k: 5 })],
  ["is cut off", (state) => ({ ...state, k: String(state.k).slice(0, -3) })],
])("a state of New Matching Record that %s starts again and says so", async (_what, damage) => {
  const source = await onPlatform(newMatchingRecord, { table: "incident", query: "active=true" });
  await source.deploy();
  const state = JSON.parse(source.db.get("state") ?? "") as Record<string, unknown>;
  source.db.set("state", JSON.stringify(damage(state)));
  expect(await source.poll()).toEqual([]);
  expect(source.logs.join()).toContain("starts again");
  expect(await source.poll()).toEqual([]);
});
