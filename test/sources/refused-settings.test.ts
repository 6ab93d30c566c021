import type { AnyComponent } from "../../components";
import newApprovalDecision from "../../sources/new-approval-decision/new-approval-decision";
import newApprovalRequest from "../../sources/new-approval-request/new-approval-request";
import newAttachment from "../../sources/new-attachment/new-attachment";
import newConfigurationItem from "../../sources/new-configuration-item/new-configuration-item";
import newKnowledgeArticle from "../../sources/new-knowledge-article/new-knowledge-article";
import newOrUpdatedRecord from "../../sources/new-or-updated-record/new-or-updated-record";
import newTask from "../../sources/new-task/new-task";
import newUser from "../../sources/new-user/new-user";
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

const { writer, onPlatform } = useInstance({ incidents: 60 });

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

test("a measured field that holds a text", async () => {
  const values = { table: "incident", threshold: 3, measure: "max", measuredField: "short_description" };
  const started = await onPlatform(newCountThreshold, values);
  expect(await words(started.deploy())).toMatch(/short_description.*holds no number/);
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

const onTable = { table: "incident" };
const NOBODY = "0".repeat(32);

describe("what nothing could ever meet", () => {
  test.each<[string, AnyComponent, Values, RegExp]>([
    [
      "a state by its label",
      newStateChange,
      { toStates: ["Resolved"] },
      /To States.*"Resolved".*Resolved \(6\)/,
    ],
    ["a priority by its label", newIncident, { priority: ["1 - Critical"] }, /Priority.*1 - Critical \(1\)/],
    [
      "a group that is not there",
      newIncident,
      { assignmentGroup: ["Nonsense"] },
      /Assignment Group.*"Nonsense"/,
    ],
    ["a person that is not there", newIncident, { caller: [NOBODY] }, /Caller.*sys_id/],
    [
      "a group to assign to that is not there",
      newAssignment,
      { assignmentGroup: ["Nonsense"] },
      /"Nonsense"/,
    ],
    [
      "a record by its number",
      newCommentOrWorkNote,
      { ...onTable, recordId: "INC0000016" },
      /Record ID.*sys_id/,
    ],
    ["a file's record by its number", newAttachment, { recordSysId: "INC0000016" }, /Record ID.*sys_id/],
    ["a table by its label", newApprovalRequest, { approvalTable: "Change Request" }, /no name of a table/],
    ["a table that is not there", newAttachment, { recordTable: "nonsense" }, /nonsense/],
    ["a type by its label", newTask, { taskType: ["Incident"] }, /no name of a table/],
    ["a type that is no task", newTask, { taskType: ["cmdb_ci"] }, /does not extend task/],
    ["a class that is no item", newConfigurationItem, { ciClass: "incident" }, /does not extend cmdb_ci/],
    ["an unknown choice", newOrUpdatedRecord, { ...onTable, changes: "sometimes" }, /Events must be/],
    ["no field to watch", newFieldChange, { ...onTable, watchedFields: [""] }, /No field is given/],
    [
      "an unknown direction",
      newCountThreshold,
      { ...onTable, threshold: 3, direction: "up" },
      /Direction must be/,
    ],
    ["no threshold", newCountThreshold, onTable, /No threshold is given/],
    ["no maximum", newQueryResult, { ...onTable, maxRecords: 0 }, /Maximum must be a whole number/],
    ["an order by no column", newQueryResult, { ...onTable, orderBy: "-nonsense" }, /nonsense/],
  ])("%s", async (_name, source, values, reason) => {
    const started = await onPlatform(source, values);
    const said = await words(started.deploy());
    expect(said === "it was accepted" ? await words(started.poll()) : said).toMatch(reason);
    expect(started.events).toEqual([]);
  });
});

describe("props as platforms and agents write them", () => {
  beforeAll(async () => {
    const task = await writer.create("incident", { short_description: "Needs approval" });
    await writer.attach(task.sys_id, "screen.txt", Buffer.from("screen"));
    const approver = await writer.idOf("sys_user", "Beth Anglin");
    await writer.create("sysapproval_approver", { sysapproval: task.sys_id, approver, state: "approved" });
  });

  test.each<[string, AnyComponent, Values, Values]>([
    [
      "numbers, and choices with labels",
      newIncident,
      { priority: ["1", "2"] },
      { priority: [1, { label: "2 - High", value: "2" }] },
    ],
    ["a list as text", newIncident, { priority: ["1", "2"] }, { priority: "1,2" }],
    ["one value", newIncident, { priority: ["1"] }, { priority: 1 }],
    [
      "fields as text, a table with its label",
      newRecord,
      { ...onTable, fields: ["number", "state"] },
      { table: { label: "Incident", value: "incident" }, fields: "number,state" },
    ],
    ["a decision by label", newApprovalDecision, { decision: ["approved"] }, { decision: ["Approved"] }],
    [
      "a format by label",
      newRecord,
      { ...onTable, format: "true" },
      { ...onTable, format: "Display values" },
    ],
    ["a moment by label", newKnowledgeArticle, { moment: "created" }, { moment: "Created" }],
    ["a switch as text", newUser, { activeOnly: false }, { activeOnly: "false" }],
    ["a blank limit", newAttachment, { download: false }, { download: "false", largestDownload: "" }],
  ])("%s", async (_name, source, plain, written) => {
    const [one, other] = [await onPlatform(source, plain), await onPlatform(source, written)];
    await one.deploy();
    await other.deploy();
    expect(other.events).toEqual(one.events);
    expect(one.events).not.toEqual([]);
  });

  test("states as numbers and with blanks, groups in small letters: the change is seen", async () => {
    const state = await onPlatform(newStateChange, { toStates: [2, " 6 "], detection: "Remembered values" });
    const group = await onPlatform(newAssignment, { assignmentGroup: [" service desk "] });
    await state.deploy();
    await group.deploy();
    const desk = await writer.idOf("sys_user_group", "Service Desk");
    const made = await writer.create("incident", { short_description: "Cannot print", state: "1" });
    await state.poll();
    await group.poll();
    await writer.update("incident", made.sys_id, { state: "2", assignment_group: desk });
    expect((await state.poll()).map(({ data }) => data.new_value)).toEqual(["2"]);
    expect((await group.poll()).map(({ data }) => data.new_value)).toEqual([desk]);
  });

  test("a list of states does not take a longer number for its end", async () => {
    const started = await onPlatform(newStateChange, { toStates: "12", detection: "values" });
    await started.deploy();
    const made = await writer.create("incident", { short_description: "Cannot scan" });
    await started.poll();
    await writer.update("incident", made.sys_id, { state: "2" });
    expect(await started.poll()).toEqual([]);
  });
});

test("a report counts what the account may read, and says what is hidden", async () => {
  const admin = await onPlatform(newQueryResult, { ...onTable, maxRecords: "500" });
  const employee = await onPlatform(newQueryResult, { ...onTable, maxRecords: 500 }, "employee");
  const [all] = await admin.poll({});
  await employee.poll();
  const own = employee.events[0]?.data;
  expect(own?.count).toBe(own?.returned);
  expect(Number(own?.count)).toBeLessThan(Number(all?.data.count));
  expect(employee.logs.join()).toMatch(/hidden from this account/);

  const none = await onPlatform(newQueryResult, onTable, "norole");
  expect(await words(none.poll())).toMatch(/may read none/);
});
