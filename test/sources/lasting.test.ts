import newCommentOrWorkNote from "../../sources/new-comment-or-work-note/new-comment-or-work-note";
import newFieldChange from "../../sources/new-field-change/new-field-change";
import newMatchingRecord from "../../sources/new-matching-record/new-matching-record";
import newRecordDeletion from "../../sources/new-record-deletion/new-record-deletion";
import newStateChange from "../../sources/new-state-change/new-state-change";
import { useInstance } from "./platform";

/** What sources meet in the months after their deployment. */
const { writer, onPlatform } = useInstance({ incidents: 60 });

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
  expect(new Set(events.map(({ data }) => `${data.sys_id} ${data.new_value} ${data.detected_by}`))).toEqual(
    new Set([`${a.sys_id} 3 audit`, `${a.sys_id} 2 audit`]),
  );
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
