import { sources } from "../../components/registry";
import newIncident from "../../sources/new-incident/new-incident";
import newMatchingRecord from "../../sources/new-matching-record/new-matching-record";
import newOrUpdatedRecord from "../../sources/new-or-updated-record/new-or-updated-record";
import newRecord from "../../sources/new-record/new-record";
import { useInstance } from "./platform";

const { writer, later, onPlatform } = useInstance({ incidents: 60 });

/** Values that a source cannot do without. */
const NEEDED: Record<string, Record<string, unknown>> = {
  "servicenow-new-record": { table: "incident" },
  "servicenow-new-or-updated-record": { table: "incident" },
  "servicenow-new-matching-record": { table: "incident", query: "priority=1^active=true" },
  "servicenow-new-field-change": { table: "incident", watchedFields: ["state"] },
  "servicenow-new-comment-or-work-note": { table: "incident" },
  "servicenow-new-record-deletion": { table: "incident" },
  "servicenow-new-query-result": { table: "incident" },
  "servicenow-new-count-threshold": { table: "incident", threshold: 25 },
  "servicenow-new-record-event-instant": { table: "incident", http: { endpoint: "http://127.0.0.1:9/hook" } },
};

test.each(sources.map((source) => [source.key, source] as const))(
  "%s deploys with at most 25 events, each with an id of at most 64 characters, and an idle poll emits nothing",
  async (key, source) => {
    const deployed = await onPlatform(source, NEEDED[key] ?? {});
    const first = await deployed.deploy();
    expect(first.length).toBeLessThanOrEqual(25);
    for (const event of first) {
      expect(event.id.length).toBeLessThanOrEqual(64);
      expect(event.summary).not.toBe("");
      expect(Number.isFinite(event.ts)).toBe(true);
    }
    expect(first.map(({ ts }) => ts)).toEqual(first.map(({ ts }) => ts).sort((a, b) => a - b));
    if (key !== "servicenow-new-query-result") expect(await deployed.poll()).toEqual([]);
    await deployed.hook("deactivate");
  },
);

test("New or Updated Record tells creations from updates, also for a record created and changed between two polls", async () => {
  const source = await onPlatform(newOrUpdatedRecord, {
    table: "incident",
    fields: ["number"],
  });
  await source.deploy();
  const a = await writer.create("incident", { short_description: "Printer jams" });
  await later(2);
  const b = await writer.create("incident", { short_description: "Mail is slow" });
  await writer.update("incident", b.sys_id, { short_description: "Mail is very slow" });
  const events = await source.poll();
  expect(events.map(({ data, summary }) => [data.sys_id, data.change, summary])).toEqual([
    [a.sys_id, "created", `Created: ${a.number} – Printer jams`],
    [b.sys_id, "created", `Created: ${b.number} – Mail is very slow`],
  ]);
  expect(Object.keys(events[0]?.data ?? {}).sort()).toEqual(
    ["change", "number", "sys_created_on", "sys_id", "sys_mod_count", "sys_updated_on"].sort(),
  );
  await later(90);
  await writer.update("incident", a.sys_id, { short_description: "Printer jams again" });
  expect((await source.poll()).map(({ data }) => [data.sys_id, data.change])).toEqual([
    [a.sys_id, "updated"],
  ]);
  await later(90);
  expect(await source.poll()).toEqual([]);
});

test("New or Updated Record calls a record that was created and changed an update where only updates are wanted", async () => {
  const source = await onPlatform(newOrUpdatedRecord, { table: "incident", changes: "updated" });
  await source.deploy();
  const a = await writer.create("incident", { short_description: "In one gap" });
  await writer.update("incident", a.sys_id, { urgency: "1" });
  expect((await source.poll()).map(({ data, summary }) => [data.sys_id, data.change, summary])).toEqual([
    [a.sys_id, "updated", `Updated: ${a.number} – In one gap`],
  ]);
});

test("New Record emits a record once, however often it changes", async () => {
  const source = await onPlatform(newRecord, { table: "incident" });
  await source.deploy();
  const a = await writer.create("incident", { short_description: "No sound" });
  expect((await source.poll()).map(({ id }) => id)).toEqual([a.sys_id]);
  await writer.update("incident", a.sys_id, { short_description: "No sound at all" });
  await later(120);
  expect(await source.poll()).toEqual([]);
});

test("New Incident keeps to its filters and to the query", async () => {
  const source = await onPlatform(newIncident, {
    priority: ["1", "2"],
    assignmentGroup: ["Service Desk"],
    query: "category=software^NQcategory=network",
    format: "true",
    fields: ["number", "priority"],
  });
  await source.deploy();
  const made = { assignment_group: "d625dccec0a8016700a222a0f7900d06", impact: "1", urgency: "1" };
  const hit = await writer.create("incident", {
    ...made,
    category: "software",
    short_description: "Portal down",
  });
  await writer.create("incident", { ...made, category: "hardware", short_description: "Another category" });
  await writer.create("incident", {
    ...made,
    category: "software",
    urgency: "3",
    impact: "3",
    short_description: "Low",
  });
  await writer.create("incident", {
    impact: "1",
    urgency: "1",
    category: "software",
    short_description: "No group",
  });
  const events = await source.poll();
  expect(events.map(({ data }) => data.number)).toEqual([hit.number]);
  expect(events[0]?.data.priority).toBe("1 - Critical");
});

test("New Matching Record finds a record that comes to match by a later change, and again when it comes back", async () => {
  const source = await onPlatform(newMatchingRecord, {
    table: "incident",
    query: "short_descriptionSTARTSWITHmatching^urgency=1",
  });
  await source.deploy();
  const a = await writer.create("incident", { short_description: "matching test", urgency: "3" });
  expect(await source.poll()).toEqual([]);
  await writer.update("incident", a.sys_id, { urgency: "1" });
  expect((await source.poll()).map(({ data }) => data.sys_id)).toEqual([a.sys_id]);
  expect(await source.poll()).toEqual([]);
  await writer.update("incident", a.sys_id, { urgency: "2" });
  expect(await source.poll()).toEqual([]);
  await writer.update("incident", a.sys_id, { urgency: "1" });
  expect((await source.poll()).map(({ data }) => data.sys_id)).toEqual([a.sys_id]);
});

test("a changed filter starts again at the present instead of going through the whole table", async () => {
  const source = await onPlatform(newOrUpdatedRecord, { table: "incident" });
  await source.deploy();
  source.values = { table: "incident", query: "active=true" };
  await source.hook("deactivate");
  expect(await source.hook("activate")).toEqual([]);
  expect(await source.poll()).toEqual([]);
  const a = await writer.create("incident", { short_description: "After the change" });
  expect((await source.poll()).map(({ data }) => data.sys_id)).toEqual([a.sys_id]);
});

test.each([
  [{ table: "incident", query: "no_such_column=1" }, /no_such_column/],
  [{ table: "incident", query: "caller_id.no_such_column=1" }, /no_such_column/],
  [{ table: "incident", query: "active=true^ORDERBYnumber" }, /ORDERBY/],
  [{ table: "incident", query: "active=true^" }, /\^/],
  [{ table: "no_such_table" }, /no_such_table/],
  [{ table: "sys_journal_field" }, /sys_updated_on/],
  [{ table: "Incidents of mine" }, /no name of a table/],
])("%j is refused at deployment with a message that names what is wrong", async (values, message) => {
  const source = await onPlatform(newOrUpdatedRecord, values);
  await expect(source.deploy()).rejects.toThrow(message);
  expect(source.events).toEqual([]);
});

test("a user who may read no record is told so at deployment", async () => {
  const source = await onPlatform(newOrUpdatedRecord, { table: "incident" }, "norole");
  await expect(source.deploy()).rejects.toThrow(/may read none of the newest/);
});
