import { account } from "../helpers/components";
import newAttachment from "../../sources/new-attachment/new-attachment";
import newCommentOrWorkNote from "../../sources/new-comment-or-work-note/new-comment-or-work-note";
import newFieldChange from "../../sources/new-field-change/new-field-change";
import newOrUpdatedRecord from "../../sources/new-or-updated-record/new-or-updated-record";
import newRecordDeletion from "../../sources/new-record-deletion/new-record-deletion";
import newRecord from "../../sources/new-record/new-record";
import { useInstance, type Emitted, type SourceOnPlatform } from "./platform";

const { writer, later, onPlatform, url } = useInstance({ incidents: 300 });

const idsOf = (events: readonly Emitted[]) => events.map(({ data }) => String(data.sys_id));
const all = (fields: string[], query = "") => writer.rows("incident", query, fields, 5_000);

/** As a host that is killed behind so many saves: what was emitted since the last one is gone with it. */
async function killedAfter(saves: number, source: SourceOnPlatform): Promise<number> {
  const before = source.events.length;
  let kept = before;
  let left = saves;
  const set = jest.spyOn(source.db, "set").mockImplementation(function (
    this: Map<string, string>,
    key,
    value,
  ) {
    if (left-- === 0) throw new Error("killed");
    kept = source.events.length;
    return Map.prototype.set.call(this, key, value) as typeof source.db;
  });
  await source.poll().catch((error: unknown) => {
    if (!String(error).includes("killed")) throw error;
    source.events.length = kept;
  });
  set.mockRestore();
  return source.events.length - before;
}

test("Everything comes once, in order, though each poll is killed at another save", async () => {
  const source = await onPlatform(newRecord, {
    table: "incident",
    fields: ["number"],
    startFrom: "everything",
  });
  expect(await source.deploy()).toEqual([]);
  const there = await all(["sys_id", "sys_created_on"]);
  for (let poll = 0; poll < 20; poll++) await killedAfter(poll % 4, source);
  await source.poll();
  expect(idsOf(source.events).sort()).toEqual(there.map(({ sys_id: id }) => id).sort());
  const times = source.events.map(({ ts }) => ts);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(await source.poll()).toEqual([]);
});

test("What changes during the backfill comes with the next poll, once, in its last version", async () => {
  const source = await onPlatform(newOrUpdatedRecord, {
    table: "incident",
    fields: ["number", "short_description"],
    startFrom: "everything",
  });
  const created = await writer.create("incident", { short_description: "From just before the start" });
  await source.deploy();
  await killedAfter(3, source);
  const known = new Set(idsOf(source.events));
  const [waiting] = (await all(["sys_id"])).filter(({ sys_id: id }) => !known.has(String(id)));
  await writer.update("incident", waiting?.sys_id, { short_description: "Changed meanwhile" });
  const next = await source.poll();
  expect(next.find(({ data }) => data.sys_id === waiting?.sys_id)?.data.short_description).toBe(
    "Changed meanwhile",
  );
  while ((await source.poll()).length > 0);
  const counts = new Map<string, number>();
  for (const id of idsOf(source.events)) counts.set(id, (counts.get(id) ?? 0) + 1);
  expect([...counts.values()].every((count) => count === 1)).toBe(true);
  expect(counts.size).toBe((await all(["sys_id"])).length);
  expect(counts.get(String(created.sys_id))).toBe(1);
});

test("A date starts with its first second, and a time with a zone is read in that zone", async () => {
  await later(600);
  const first = await writer.create("incident", { short_description: "On the second" });
  await later(1);
  const second = await writer.create("incident", { short_description: "A second later" });
  const stamp = String(first.sys_created_on);
  const withZone = `${new Date(Date.parse(`${stamp.replace(" ", "T")}Z`) + 2 * 3600_000).toISOString().slice(0, 19)}+02:00`;
  for (const startDate of [stamp, withZone]) {
    const source = await onPlatform(newRecord, { table: "incident", startFrom: "date", startDate });
    await source.deploy();
    expect(idsOf(await source.poll())).toEqual([first.sys_id, second.sys_id]);
  }
});

test("A moment of the last minute leaves out what was there a few seconds before it", async () => {
  await later(600);
  await writer.create("incident", { short_description: "Too early" });
  await later(5);
  const { sys_id: id, sys_created_on: startDate } = await writer.create("incident", {
    short_description: "In time",
  });
  const source = await onPlatform(newRecord, { table: "incident", startFrom: "date", startDate });
  await source.deploy();
  expect(idsOf(await source.poll())).toEqual([id]);
  await later(2);
  const { sys_id: next } = await writer.create("incident", { short_description: "Later" });
  expect(idsOf(await source.poll())).toEqual([next]);
});

test("Now emits nothing of what is there, and then what comes", async () => {
  const source = await onPlatform(newRecord, {
    table: "incident",
    startFrom: "Now: nothing that is there already",
  });
  await writer.create("incident", { short_description: "Just before" });
  expect(await source.deploy()).toEqual([]);
  expect(await source.poll()).toEqual([]);
  await later(2);
  const { sys_id: id } = await writer.create("incident", { short_description: "Just after" });
  expect(idsOf(await source.poll())).toEqual([id]);
});

test.each([
  ["a date is missing", { startFrom: "date" }, "Start Date is missing"],
  [
    "a date is given and would be ignored",
    { startFrom: "now", startDate: "2026-01-01" },
    'Start From is "now"',
  ],
  [
    "a day does not exist",
    { startFrom: "date", startDate: "2026-02-30" },
    "Start Date is not a date that exists",
  ],
  ["the start is unknown", { startFrom: "yesterday" }, 'must be "newest", "now", "date" or "everything"'],
])("It is refused where %s", async (_, values, message) => {
  const source = await onPlatform(newRecord, { table: "incident", ...values });
  await expect(source.deploy()).rejects.toThrow(message);
});

test("Another filter ends the backfill of the one before, and begins at the present", async () => {
  const source = await onPlatform(newRecord, { table: "incident", startFrom: "everything" });
  await source.deploy();
  await killedAfter(2, source);
  source.values = { ...source.values, query: "priority=1" };
  expect(await source.hook("activate")).toEqual([]);
  expect(await source.poll()).toEqual([]);
});

describe("Leave Out My Own Changes", () => {
  test("leaves out what the account wrote last, and emits what others did", async () => {
    const source = await onPlatform(newOrUpdatedRecord, {
      table: "incident",
      fields: ["number"],
      startFrom: "now",
      leaveOutOwnChanges: true,
    });
    await source.deploy();
    const { sys_id: own } = await writer.create("incident", { short_description: "By the account" });
    const { sys_id: other } = await writer.create("incident", { short_description: "By the account first" });
    const itil = await account(url(), "itil", "itil");
    const changed = await fetch(`${url()}/api/now/table/incident/${other}`, {
      method: "PATCH",
      headers: {
        authorization: `Bearer ${itil.oauth_access_token}`,
        "content-type": "application/json",
        accept: "application/json",
      },
      body: JSON.stringify({ short_description: "By somebody else last" }),
    });
    expect(changed.status).toBe(200);
    expect(idsOf(await source.poll())).toEqual([other]);
    await writer.update("incident", other, { short_description: "By the account again" });
    expect(await source.poll()).toEqual([]);
    const asOther = await onPlatform(
      newOrUpdatedRecord,
      { table: "incident", leaveOutOwnChanges: true },
      "itil",
    );
    expect(idsOf(await asOther.deploy())).toContain(own);
  });

  test("takes the author of a file from who attached it", async () => {
    const source = await onPlatform(newAttachment, { startFrom: "now", leaveOutOwnChanges: "true" });
    await source.deploy();
    const { sys_id: id } = await writer.create("incident", { short_description: "With a file" });
    await writer.attach(id, "own.txt", Buffer.from("own"));
    expect(await source.poll()).toEqual([]);
  });

  test.each([
    ["New Comment or Work Note", newCommentOrWorkNote, {}],
    [
      "New Field Change by the audit",
      newFieldChange,
      { watchedFields: ["state", "comments"], detection: "audit" },
    ],
    [
      "New Field Change by remembered values",
      newFieldChange,
      { watchedFields: ["state"], detection: "values" },
    ],
    ["New Record Deletion", newRecordDeletion, {}],
  ])("%s leaves them out too, and emits them without the setting", async (_, component, values) => {
    const { sys_id: id } = await writer.create("incident", { short_description: "Watched", state: "1" });
    const sources = [];
    for (const leaveOutOwnChanges of [true, false]) {
      const source = await onPlatform(component, { table: "incident", ...values, leaveOutOwnChanges });
      await source.deploy();
      sources.push(source);
    }
    await later(2);
    await writer.update("incident", id, { state: "2", comments: "On it" });
    if (component === newRecordDeletion) await writer.remove("incident", id);
    const [without, withOwn] = [await sources[0]?.poll(), await sources[1]?.poll()];
    expect(without).toEqual([]);
    expect(withOwn).toHaveLength(1);
  });
});

test("New Record Deletion starts from everything, oldest first, and each once", async () => {
  const removed: string[] = [];
  for (let index = 0; index < 30; index++) {
    const { sys_id: id } = await writer.create("problem", { short_description: `Problem ${index}` });
    await writer.remove("problem", id);
    removed.push(String(id));
    if (index % 10 === 0) await later(1);
  }
  await later(120);
  const source = await onPlatform(newRecordDeletion, { table: "problem", startFrom: "everything" });
  expect(await source.deploy()).toEqual([]);
  expect(idsOf(await source.poll()).sort()).toEqual(removed.sort());
  expect(await source.poll()).toEqual([]);
});
