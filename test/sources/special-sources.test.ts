import newApprovalDecision from "../../sources/new-approval-decision/new-approval-decision";
import newApprovalRequest from "../../sources/new-approval-request/new-approval-request";
import newAttachment from "../../sources/new-attachment/new-attachment";
import newCommentOrWorkNote from "../../sources/new-comment-or-work-note/new-comment-or-work-note";
import newCountThreshold from "../../sources/new-count-threshold/new-count-threshold";
import newFieldChange from "../../sources/new-field-change/new-field-change";
import newQueryResult from "../../sources/new-query-result/new-query-result";
import newRecordDeletion from "../../sources/new-record-deletion/new-record-deletion";
import newSlaBreach from "../../sources/new-sla-breach/new-sla-breach";
import newStateChange from "../../sources/new-state-change/new-state-change";
import { Seen } from "../../sources/common/seen";
import { readFileSync, rmSync } from "node:fs";
import { useInstance } from "./platform";

const { writer, later, control, onPlatform } = useInstance({ incidents: 60 });

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
  const events = await source.poll();
  expect(events.map(({ data, summary }) => [data.type, data.text, data.author, summary])).toEqual([
    ["comment", "It is on fire", "admin", `Comment by admin on ${a.number} – Comments`],
    ["work_note", "Called the fire brigade", "admin", `Work note by admin on ${a.number} – Comments`],
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

test("approvals: a request once, then its decision once", async () => {
  const requests = await onPlatform(newApprovalRequest, { approver: ["David Loo"] });
  const decisions = await onPlatform(newApprovalDecision, {});
  await requests.deploy();
  await decisions.deploy();
  const a = await writer.create("incident", { short_description: "Needs approval" });
  const approval = await writer.create("sysapproval_approver", {
    approver: "5137153cc611227c000bbd1bd8cd2007",
    sysapproval: a.sys_id,
    source_table: "incident",
    document_id: a.sys_id,
    state: "requested",
  });
  const asked = await requests.poll();
  expect(asked.map(({ data, summary }) => [data.sys_id, summary])).toEqual([
    [approval.sys_id, `Approval requested from David Loo: ${a.number} – Needs approval`],
  ]);
  await writer.update("sysapproval_approver", approval.sys_id, { state: "approved" });
  expect((await decisions.poll()).map(({ data }) => [data.sys_id, data.state])).toEqual([
    [approval.sys_id, "approved"],
  ]);
  await writer.update("sysapproval_approver", approval.sys_id, { comments: "still fine" });
  expect(await decisions.poll()).toEqual([]);
  expect(await requests.poll()).toEqual([]);
});

describe("approvals that were there before the source", () => {
  const approvals = async (state: string, count: number) => {
    const a = await writer.create("incident", { short_description: "Old approvals" });
    const made = [];
    for (let at = 0; at < count; at++)
      made.push(
        await writer.create("sysapproval_approver", {
          approver: "5137153cc611227c000bbd1bd8cd2007",
          sysapproval: a.sys_id,
          source_table: "incident",
          document_id: a.sys_id,
          state,
        }),
      );
    await later(2);
    return made.map(({ sys_id }) => sys_id);
  };

  test("are no news when somebody comments on them", async () => {
    const requested = await approvals("requested", 2);
    const decided = await approvals("approved", 2);
    // More than a deployment emits.
    await approvals("requested", 25);
    await approvals("rejected", 25);
    await later(120);
    const requests = await onPlatform(newApprovalRequest, {});
    const decisions = await onPlatform(newApprovalDecision, {});
    const emitted = [...(await requests.deploy()), ...(await decisions.deploy())];
    const before = emitted.map(({ data }) => data.sys_id);
    for (const id of [...requested, ...decided]) {
      expect(before).not.toContain(id);
      await writer.update("sysapproval_approver", id, { comments: "Still waiting" });
    }
    expect(await requests.poll()).toEqual([]);
    expect(await decisions.poll()).toEqual([]);
    await writer.update("sysapproval_approver", requested[0], { state: "approved" });
    await writer.update("sysapproval_approver", decided[0], { state: "requested" });
    expect((await decisions.poll()).map(({ data }) => data.sys_id)).toEqual([requested[0]]);
    expect((await requests.poll()).map(({ data }) => data.sys_id)).toEqual([decided[0]]);
  });

  test("are news each time the decision is another one", async () => {
    const decisions = await onPlatform(newApprovalDecision, {});
    await decisions.deploy();
    const [id] = await approvals("requested", 1);
    const told: unknown[] = [];
    for (const state of ["approved", "rejected", "approved", "requested", "approved"]) {
      await writer.update("sysapproval_approver", id, { state });
      told.push(...(await decisions.poll()).map(({ data }) => data.state));
    }
    expect(told).toEqual(["approved", "rejected", "approved"]);
  });
});

test("what a source remembers longest is what it saw last", () => {
  const seen = new Seen({ db: { get: () => undefined, set: () => undefined } } as never, 3);
  expect(["a", "b", "c", "a", "d"].map((key) => seen.take(key))).toEqual([true, true, true, false, true]);
  expect([seen.take("a"), seen.take("b")]).toEqual([false, true]);
});

test("New Count Threshold emits a crossing once and swings within its hysteresis in silence", async () => {
  const query = "short_descriptionSTARTSWITHthreshold";
  const source = await onPlatform(newCountThreshold, {
    table: "incident",
    query,
    threshold: 2,
    hysteresis: 1,
    direction: "both",
  });
  const ids: (string | undefined)[] = [];
  const make = async () =>
    ids.push((await writer.create("incident", { short_description: "threshold" })).sys_id);
  const drop = async () => writer.remove("incident", ids.pop());
  for (let n = 0; n < 2; n++) await make();
  await source.deploy();
  expect(await source.poll()).toEqual([]);
  await make();
  expect((await source.poll()).map(({ data }) => [data.direction, data.value])).toEqual([["above", 3]]);
  expect(await source.poll()).toEqual([]);
  await drop();
  expect(await source.poll()).toEqual([]);
  await drop();
  expect((await source.poll()).map(({ data }) => [data.direction, data.value])).toEqual([["below", 1]]);
});

test("New Count Threshold gives each crossing an id of its own, also after another threshold was set", async () => {
  const query = "short_descriptionSTARTSWITHids of crossings";
  const source = await onPlatform(newCountThreshold, { table: "incident", query, threshold: 1 });
  const ids: (string | undefined)[] = [];
  const set = async (count: number) => {
    while (ids.length > count) await writer.remove("incident", ids.pop());
    while (ids.length < count)
      ids.push((await writer.create("incident", { short_description: "ids of crossings" })).sys_id);
  };
  await source.deploy();
  for (const threshold of [1, 3, 1]) {
    source.values.threshold = threshold;
    await set(threshold);
    await source.hook("activate");
    await set(threshold + 1);
    expect(await source.poll()).toHaveLength(1);
  }
  expect(new Set(source.events.map(({ id }) => id)).size).toBe(3);
});

test("New Count Threshold does not take a number for fallen when no record has one", async () => {
  const query = "short_descriptionSTARTSWITHnothing left";
  const source = await onPlatform(newCountThreshold, {
    table: "incident",
    query,
    threshold: 2,
    measure: "avg",
    measuredField: "reassignment_count",
    direction: "both",
  });
  await source.deploy();
  expect(source.logs.join()).toContain("No record has a value");
  const make = (reassignment_count: string) =>
    writer.create("incident", { short_description: "nothing left", reassignment_count });
  const a = await make("5");
  const values = async () => (await source.poll()).map(({ data }) => [data.direction, data.value]);
  expect(await values()).toEqual([["above", 5]]);
  await writer.remove("incident", a.sys_id);
  expect(await values()).toEqual([]);
  await make("1");
  expect(await values()).toEqual([["below", 1]]);
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

test("New SLA Breach warns before an agreement ends, once, and tells of the breach", async () => {
  const now = Number((await control("GET", "state")).milliseconds);
  const stamp = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  const task = await writer.create("incident", { short_description: "SLA" });
  const breach = await onPlatform(newSlaBreach, {});
  await breach.deploy();
  const sla = await writer.create("task_sla", {
    task: task.sys_id,
    stage: "in_progress",
    active: "true",
    has_breached: "false",
    planned_end_time: stamp(now + 20 * 60_000),
  });
  const warning = await onPlatform(newSlaBreach, { warnMinutes: 30 });
  expect((await warning.deploy()).map(({ data }) => [data.sys_id, data.breached])).toEqual([
    [sla.sys_id, false],
  ]);
  expect(await warning.poll()).toEqual([]);
  expect(await breach.poll()).toEqual([]);
  await writer.update("task_sla", sla.sys_id, { has_breached: "true", stage: "breached" });
  expect((await breach.poll()).map(({ data }) => [data.sys_id, data.breached])).toEqual([[sla.sys_id, true]]);
  await writer.update("task_sla", sla.sys_id, { percentage: "110" });
  expect(await breach.poll()).toEqual([]);
});

describe("New SLA Breach that warns before", () => {
  const stamp = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  const now = async () => Number((await control("GET", "state")).milliseconds);
  let task: Record<string, string>;
  beforeAll(async () => {
    await later(86_400);
    await writer.signIn();
    task = await writer.create("incident", { short_description: "Agreements" });
  });
  const agreement = async (minutes: number, values: Record<string, string> = {}) =>
    writer.create("task_sla", {
      task: task.sys_id,
      stage: "in_progress",
      active: "true",
      has_breached: "false",
      planned_end_time: stamp((await now()) + minutes * 60_000),
      ...values,
    });

  test("leaves out what is paused, and tells what ended since the poll before", async () => {
    const source = await onPlatform(newSlaBreach, { warnMinutes: 10, query: `task=${task.sys_id}` });
    await agreement(5, { stage: "paused" });
    expect(await source.deploy()).toEqual([]);
    const soon = await agreement(20);
    await later(25 * 60);
    expect((await source.poll()).map(({ data }) => [data.sys_id, data.breached, data.minutes_left])).toEqual([
      [soon.sys_id, true, 0],
    ]);
    expect(await source.poll()).toEqual([]);
  });

  test("emits at most 25 when it is deployed and the others with the next poll", async () => {
    for (let at = 0; at < 30; at++) await agreement(30 + at);
    const source = await onPlatform(newSlaBreach, { warnMinutes: 90, query: `task=${task.sys_id}` });
    expect(await source.deploy()).toHaveLength(25);
    expect(await source.poll()).toHaveLength(5);
    expect(await source.poll()).toEqual([]);
  });

  test.each([-5, "soon", 1.5])("refuses %p minutes", async (warnMinutes) => {
    const source = await onPlatform(newSlaBreach, { warnMinutes });
    await expect(source.deploy()).rejects.toThrow(/Warn Before must be a whole number from 1 to 10080/);
  });
});

test("New Attachment tells of a file and saves it", async () => {
  const source = await onPlatform(newAttachment, { recordTable: "incident", download: true });
  const a = await writer.create("incident", { short_description: "Files" });
  await source.deploy();
  await writer.attach(a.sys_id, "notes.txt", Buffer.from("hello"));
  const [event] = await source.poll();
  expect(event?.data).toMatchObject({ file_name: "notes.txt", table_sys_id: a.sys_id });
  const path = String(event?.data.file_path);
  expect(readFileSync(path, "utf8")).toBe("hello");
  rmSync(path);
});

test("New Attachment tells of a file that cannot be fetched, and goes on with the others", async () => {
  const source = await onPlatform(newAttachment, { recordTable: "incident", download: true });
  const a = await writer.create("incident", { short_description: "Closed files" });
  await source.deploy();
  const [closed, gone] = [
    await writer.attach(a.sys_id, "closed.txt", Buffer.from("closed")),
    await writer.attach(a.sys_id, "gone.txt", Buffer.from("gone")),
  ];
  await writer.attach(a.sys_id, "open.txt", Buffer.from("open"));
  const refused = (id: string | undefined, status: number) => ({
    match: { path: `/attachment/${id}/file` },
    status,
  });
  await control("PUT", "faults", { faults: [refused(closed.sys_id, 403), refused(gone.sys_id, 404)] });
  try {
    const events = await source.poll();
    const paths = new Map(events.map(({ data }) => [data.file_name, data.file_path]));
    expect([paths.get("closed.txt"), paths.get("gone.txt")]).toEqual([null, null]);
    expect(events.find(({ data }) => data.file_name === "gone.txt")?.data.file_skipped).toMatch(/404|not/);
    const path = String(paths.get("open.txt"));
    expect(readFileSync(path, "utf8")).toBe("open");
    rmSync(path);
    expect(await source.poll()).toEqual([]);
  } finally {
    await control("PUT", "faults", { faults: [] });
  }
});

test("New Attachment keeps a file for the next poll where a later try may succeed", async () => {
  const source = await onPlatform(newAttachment, { query: "file_name=busy.txt", download: true });
  const a = await writer.create("incident", { short_description: "Busy" });
  await source.deploy();
  const file = await writer.attach(a.sys_id, "busy.txt", Buffer.from("busy"));
  await control("PUT", "faults", {
    faults: [{ match: { path: `/attachment/${file.sys_id}/file` }, status: 401 }],
  });
  try {
    await expect(source.poll()).rejects.toThrow();
  } finally {
    await control("PUT", "faults", { faults: [] });
  }
  const [event] = await source.poll();
  rmSync(String(event?.data.file_path));
});
