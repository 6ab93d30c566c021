import newCommentOrWorkNote from "../../sources/new-comment-or-work-note/new-comment-or-work-note";
import newFieldChange from "../../sources/new-field-change/new-field-change";
import newQueryResult from "../../sources/new-query-result/new-query-result";
import newRecordDeletion from "../../sources/new-record-deletion/new-record-deletion";
import newStateChange from "../../sources/new-state-change/new-state-change";
import { useInstance } from "./platform";

const { writer, later, onPlatform } = useInstance({ incidents: 60 });

test("New Field Change sees every change of an audited field, also those between two polls, with labels", async () => {
  const source = await onPlatform(newFieldChange, {
    table: "incident",
    watchedFields: ["state", "assigned_to"],
  });
  const a = await writer.create("incident", { short_description: "Field changes" });
  // An empty history says nothing of the right to read it.
  await writer.update("incident", a.sys_id, { category: "network" });
  await source.deploy();
  await writer.update("incident", a.sys_id, { state: "2" });
  await writer.update("incident", a.sys_id, { state: "3", hold_reason: "1" });
  await writer.update("incident", a.sys_id, {
    assigned_to: "5137153cc611227c000bbd1bd8cd2007",
    urgency: "1",
  });
  const events = await source.poll();
  expect(source.logs.join()).toContain("audit history");
  expect(
    events
      .filter(({ data }) => data.sys_id === a.sys_id)
      .map(({ data }) => [data.field, data.old_label, data.new_label, data.detected_by])
      .sort(),
  ).toEqual([
    ["assigned_to", "", "David Loo", "audit"],
    ["state", "In Progress", "On Hold", "audit"],
    ["state", "New", "In Progress", "audit"],
  ]);
});

test("New Field Change compares remembered values where the audit history is closed, and says so", async () => {
  const source = await onPlatform(
    newFieldChange,
    { table: "incident", watchedFields: ["state"], toValues: ["2"] },
    "itil",
  );
  const a = await writer.create("incident", { short_description: "Watched" });
  source.values.detection = "values";
  await source.deploy();
  expect(source.logs.join()).toContain("comparing values");
  await writer.update("incident", a.sys_id, { urgency: "1" });
  expect(await source.poll()).toEqual([]);
  await writer.update("incident", a.sys_id, { state: "2" });
  const events = await source.poll();
  expect(events.map(({ data }) => [data.sys_id, data.old_value, data.new_value, data.new_label])).toEqual([
    [a.sys_id, "1", "2", "In Progress"],
  ]);
  await writer.update("incident", a.sys_id, { state: "1" });
  expect(await source.poll()).toEqual([]);
});

test("New State Change keeps to the states it is given", async () => {
  const source = await onPlatform(newStateChange, { table: "incident", toStates: ["6"] });
  const a = await writer.create("incident", { short_description: "States" });
  await source.deploy();
  await writer.update("incident", a.sys_id, { state: "2" });
  await writer.update("incident", a.sys_id, {
    state: "6",
    close_code: "Solution provided",
    close_notes: "Done",
  });
  expect((await source.poll()).map(({ data }) => [data.sys_id, data.new_label])).toEqual([
    [a.sys_id, "Resolved"],
  ]);
});

test("New Comment or Work Note tells author, type and text from the journal", async () => {
  const source = await onPlatform(newCommentOrWorkNote, {
    table: "incident",
    fields: ["number"],
  });
  const a = await writer.create("incident", { short_description: "Comments" });
  await source.deploy();
  await writer.update("incident", a.sys_id, { comments: "It is on fire" });
  await later(2);
  await writer.update("incident", a.sys_id, { work_notes: "Called the fire brigade" });
  await later(2);
  const formatted = "[code]<p>It is <b>out</b> &amp; wet: 1 &lt; 2</p>[/code]";
  await writer.update("incident", a.sys_id, { work_notes: formatted });
  const events = await source.poll();
  expect(events.map(({ data, summary }) => [data.type, data.text, data.author, summary])).toEqual([
    ["comment", "It is on fire", "admin", `Comment by admin on ${a.number} – Comments`],
    ["work_note", "Called the fire brigade", "admin", `Work note by admin on ${a.number} – Comments`],
    ["work_note", formatted, "admin", `Work note by admin on ${a.number} – Comments`],
  ]);
  expect(events.map(({ data }) => data.markdown)).toEqual([
    "It is on fire",
    "Called the fire brigade",
    "It is **out** & wet: 1 < 2",
  ]);
});

describe("where the journal is closed", () => {
  const closed = useInstance({
    incidents: 20,
    config: { acls: [{ table: "sys_journal_field", operation: "read", roles: ["admin"] }] },
  });

  test("New Comment or Work Note falls back to the text of the record", async () => {
    const values = { table: "incident", kind: "comments" };
    const source = await closed.onPlatform(newCommentOrWorkNote, values, "newyork");
    const a = await closed.writer.create("incident", { short_description: "Fallback" });
    await source.deploy();
    const journal = source.logs.join().includes("may not read the journal");
    await closed.later(5);
    await closed.writer.update("incident", a.sys_id, { comments: "First line\nsecond line" });
    const events = await source.poll();
    expect(events.map(({ data }) => [data.type, data.text])).toEqual([
      ["comment", "First line\nsecond line"],
    ]);
    expect(Math.abs(Date.now() - (events[0]?.ts ?? 0))).toBeLessThan(60_000);
    expect(await source.poll()).toEqual([]);
    expect(journal).toBe(true);
  });
});

test("New Record Deletion sees deletions of a class that extends the table", async () => {
  const source = await onPlatform(newRecordDeletion, { table: "task" });
  const a = await writer.create("incident", { short_description: "To be deleted" });
  await source.deploy();
  await writer.remove("incident", a.sys_id);
  expect((await source.poll()).map(({ data }) => [data.sys_id, data.table, data.deleted_by])).toEqual([
    [a.sys_id, "incident", "admin"],
  ]);
});

test("New Record Deletion says what is missing where sys_audit_delete cannot be read", async () => {
  const removed = await writer.create("incident", { short_description: "Gone" });
  await writer.remove("incident", removed.sys_id);
  const source = await onPlatform(newRecordDeletion, { table: "incident" }, "itil");
  await expect(source.deploy()).rejects.toThrow(/sys_audit_delete.*administrator/s);
});

test("New Query Result gives one event with the list and the count, or one per record", async () => {
  const values = {
    table: "incident",
    query: "short_descriptionSTARTSWITHresult",
    fields: ["number"],
    maxRecords: 2,
  };
  for (let n = 0; n < 3; n++) await writer.create("incident", { short_description: `result ${n}` });
  const list = await onPlatform(newQueryResult, values);
  const [event] = await list.poll({ timestamp: 1_785_500_000 });
  expect(event?.data).toMatchObject({ count: 3, returned: 2, complete: false });
  const each = await onPlatform(newQueryResult, {
    ...values,
    emitAs: "records",
    maxRecords: 100,
  });
  expect(await each.poll({ timestamp: 1_785_500_000 })).toHaveLength(3);
});
