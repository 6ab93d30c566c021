import type { AnyComponent } from "../../components";
import newAssignment from "../../sources/new-assignment/new-assignment";
import newCommentOrWorkNote from "../../sources/new-comment-or-work-note/new-comment-or-work-note";
import newCountThreshold from "../../sources/new-count-threshold/new-count-threshold";
import newFieldChange from "../../sources/new-field-change/new-field-change";
import newIncident from "../../sources/new-incident/new-incident";
import newMatchingRecord from "../../sources/new-matching-record/new-matching-record";
import newQueryResult from "../../sources/new-query-result/new-query-result";
import newRecord from "../../sources/new-record/new-record";
import newSlaBreach from "../../sources/new-sla-breach/new-sla-breach";
import newStateChange from "../../sources/new-state-change/new-state-change";
import { useInstance } from "./platform";

// A source that would watch something else than it was told, or nothing at all, is refused where it starts.

const { onPlatform } = useInstance({ incidents: 20 });

type Values = Record<string, unknown>;

const words = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "it was accepted",
    (error: Error) => error.message,
  );

const onIncidents: [name: string, source: AnyComponent, values: Values][] = [
  ["New Matching Record", newMatchingRecord, {}],
  ["New Count Threshold", newCountThreshold, { threshold: 3 }],
  ["New Query Result", newQueryResult, {}],
  ["New Comment or Work Note", newCommentOrWorkNote, {}],
  ["New Field Change", newFieldChange, { watchedFields: ["state"] }],
  ["New State Change", newStateChange, {}],
  ["New Assignment", newAssignment, {}],
];

describe("a filter on a column that the table does not have, which the instance would ignore", () => {
  test.each(onIncidents)("%s", async (_name, source, values) => {
    const filtered = { table: "incident", ...values, query: "nonsense=1" };
    const started = await onPlatform(source, filtered);
    expect(await words(started.deploy())).toMatch(/nonsense.*does not have/);
    expect(await words(started.hook("activate"))).toMatch(/nonsense.*does not have/);
    expect(await words(started.poll())).toMatch(/nonsense.*does not have/);
    expect(started.events).toEqual([]);
  });

  test("New SLA Breach, with a time to warn before", async () => {
    const started = await onPlatform(newSlaBreach, { warnMinutes: 600, query: "nonsense=1" });
    expect(await words(started.deploy())).toMatch(/nonsense.*does not have/);
    expect(started.events).toEqual([]);
  });
});

test("a watched field that the table does not have", async () => {
  const started = await onPlatform(newFieldChange, { table: "incident", watchedFields: ["stat"] });
  expect(await words(started.deploy())).toMatch(/stat.*does not have/);
});

test("a measured field that the table does not have", async () => {
  const values = { table: "incident", threshold: 3, measure: "sum", measuredField: "nonsense" };
  expect(await words((await onPlatform(newCountThreshold, values)).deploy())).toMatch(
    /nonsense.*does not have/,
  );
});

describe("a query that the instance reads otherwise than it says", () => {
  test.each([
    ["stateCHANGESTO6", /stateCHANGESTO|CHANGESTO.*New Field Change/s],
    ["stateVALCHANGES", /New Field Change/],
    ["short_descriptionLIKE", /fits every record/],
    ["priority==1", /compares with one =/],
    ["priority=1 AND state=2", /Perhaps: priority=1\^state=2/],
    ["sys_updated_on>nonsense", /"nonsense" is no date/],
    ["opened_at>=2026-02-30", /"2026-02-30" is no date/],
  ])("%s", async (query, reason) => {
    for (const source of [newMatchingRecord, newRecord, newQueryResult, newCountThreshold]) {
      const started = await onPlatform(source, { table: "incident", threshold: 3, query });
      expect(await words(started.deploy())).toMatch(reason);
      expect(started.events).toEqual([]);
    }
  });

  test("dates of the calendar, times, and ServiceNow's functions of dates pass", async () => {
    const query =
      "sys_created_on>=2026-02-28^opened_at>2024-02-29 23:59:59^sys_updated_on<=javascript:gs.endOfToday()";
    const started = await onPlatform(newRecord, { table: "incident", query });
    expect(await words(started.deploy())).toBe("it was accepted");
  });
});

test("a picked value that the instance would run as a script", async () => {
  for (const values of [{ assignmentGroup: ["javascript:gs.nope(1)"] }, { priority: ["javascript:1"] }]) {
    const started = await onPlatform(newIncident, values);
    expect(await words(started.deploy())).toMatch(/begins with "javascript:"/);
  }
});
