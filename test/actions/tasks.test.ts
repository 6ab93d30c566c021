import addChangeTask from "../../actions/add-change-task/add-change-task";
import approveRequest from "../../actions/approve-request/approve-request";
import checkChangeConflicts from "../../actions/check-change-conflicts/check-change-conflicts";
import closeCase from "../../actions/close-case/close-case";
import closeChange from "../../actions/close-change/close-change";
import completeTask from "../../actions/complete-task/complete-task";
import createCase from "../../actions/create-case/create-case";
import createEmergencyChange from "../../actions/create-emergency-change/create-emergency-change";
import createNormalChange from "../../actions/create-normal-change/create-normal-change";
import createProblem from "../../actions/create-problem/create-problem";
import createProblemTask from "../../actions/create-problem-task/create-problem-task";
import createStandardChange from "../../actions/create-standard-change/create-standard-change";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import listApprovals from "../../actions/list-approvals/list-approvals";
import listCaseActivities from "../../actions/list-case-activities/list-case-activities";
import listMyTasks from "../../actions/list-my-tasks/list-my-tasks";
import listTaskSlas from "../../actions/list-task-slas/list-task-slas";
import moveChange from "../../actions/move-change/move-change";
import rejectRequest from "../../actions/reject-request/reject-request";
import updateCase from "../../actions/update-case/update-case";
import updateProblem from "../../actions/update-problem/update-problem";
import updateTask from "../../actions/update-task/update-task";
import { useInstance, type Row } from "../helpers/action-suite";
import { present, toRow, toRows } from "../helpers/present";

const { run, total, read, rows } = useInstance();
const record = async (table: string, recordData: Row) =>
  toRow((await run(createTableRecord, { table, recordData })).result);

describe("problems", () => {
  it("are created, updated and given tasks", async () => {
    const made = await run(createProblem, { shortDescription: "Mail drops", assignedTo: "itil" });
    const problem = toRow(made.result).number;
    expect(made.summary).toBe(`Created problem ${String(problem)}`);
    const updated = await run(updateProblem, { problem, description: "Since Monday" });
    expect(updated.summary).toBe(`Updated problem ${String(problem)}`);
    const task = await run(createProblemTask, { problem, shortDescription: "Collect the logs" });
    expect(task.summary).toMatch(new RegExp(`^Created problem task \\w+ of ${String(problem)}$`));
    expect(await read("problem_task", String(toRow(task.result).sys_id))).toMatchObject({
      problem: toRow(made.result).sys_id,
    });
    await expect(run(createProblemTask, { problem: "PRB9999999", shortDescription: "x" })).rejects.toThrow(
      /Problem: table problem has no record with the number/,
    );
  });

  it("say so when the instance leaves the state as it was without an error", async () => {
    const { result } = await run(createProblem, { shortDescription: "States" });
    const { number: problem, sys_id: id } = toRow(result);
    await expect(run(updateProblem, { problem, state: "999" })).rejects.toThrow(/state is still "New"/);
    expect((await read("problem", String(id))).state).toBe("101");
  });
});

describe("tasks", () => {
  it("of the account are listed, updated and completed", async () => {
    const me = present((await rows("sys_user", "user_name=admin"))[0]);
    const made = await record("sc_task", { short_description: "Hand over", assigned_to: me.sys_id });
    const task = made.number;
    const { result } = await run(listMyTasks, { maximum: 500 });
    expect(toRows(result).map(({ number }) => number)).toContain(task);
    await run(updateTask, { task, shortDescription: "Hand over the laptop", workNote: "Started" });
    const done = await run(completeTask, { task, workNote: "Done" });
    expect(done).toMatchObject({
      summary: `Closed task ${String(task)} as complete`,
      result: { state: "3" },
    });
    const after = await run(listMyTasks, { maximum: 500 });
    expect(toRows(after.result).map(({ number }) => number)).not.toContain(task);
  });

  it("that are no simple tasks are left to the actions made for them", async () => {
    const { number: task, sys_id: id } = await record("incident", { short_description: "No task" });
    await expect(run(completeTask, { task })).rejects.toThrow(/a record of incident/);
    expect((await read("incident", String(id))).state).toBe("1");
    await expect(run(completeTask, { task, result: "partly" })).rejects.toThrow(/complete/);
  });

  it("have service levels", async () => {
    const { number: task, sys_id: id } = await record("incident", { short_description: "SLA" });
    await record("task_sla", { task: id, stage: "in_progress" });
    const { result } = await run(listTaskSlas, { task });
    expect(result).toEqual([expect.objectContaining({ stage: "in_progress" })]);
  });
});

describe("approvals", () => {
  const waiting = async () => {
    const me = present((await rows("sys_user", "user_name=admin"))[0]);
    const change = await record("change_request", { short_description: "Approve me" });
    const approval = await record("sysapproval_approver", {
      sysapproval: change.sys_id,
      approver: me.sys_id,
      state: "requested",
    });
    return { number: String(change.number), id: String(approval.sys_id) };
  };

  it("of the account are listed and approved by the number of the record", async () => {
    const { number, id } = await waiting();
    const { result } = await run(listApprovals, {});
    expect(toRows(result).map((row) => row["sysapproval.number"])).toContain(number);
    const approved = await run(approveRequest, { approval: number });
    expect(approved.summary).toBe(`Approved ${number}`);
    expect((await read("sysapproval_approver", id)).state).toBe("approved");
    await expect(run(approveRequest, { approval: id })).rejects.toThrow(/is approved and does not wait/);
  });

  it("are rejected only with a comment", async () => {
    const { number, id } = await waiting();
    await expect(run(rejectRequest, { approval: number })).rejects.toThrow(/Comment is missing/);
    expect((await read("sysapproval_approver", id)).state).toBe("requested");
    await run(rejectRequest, { approval: id, comment: "Budget is missing" });
    expect((await read("sysapproval_approver", id)).state).toBe("rejected");
  });

  it("say whom they wait for when it is not the account", async () => {
    const { number } = await record("change_request", { short_description: "Nobody asked" });
    await expect(run(approveRequest, { approval: number })).rejects.toThrow(/no approval that waits for/);
  });
});

describe("cases", () => {
  it("are tied to account and contact by name", async () => {
    const account = await record("customer_account", { name: "Heron Ltd" });
    const contact = await record("customer_contact", {
      first_name: "Geo",
      last_name: "Rivera",
      user_name: "geo.r",
    });
    const { result } = await run(createCase, {
      shortDescription: "Invoice",
      account: "Heron Ltd",
      contact: "geo.r",
    });
    expect(await read("sn_customerservice_case", String(toRow(result).sys_id))).toMatchObject({
      account: account.sys_id,
      contact: contact.sys_id,
    });
  });

  it("are created, updated, read and closed", async () => {
    const made = await run(createCase, { shortDescription: "Invoice is wrong" });
    const { number, sys_id: id } = toRow(made.result);
    expect(made.summary).toBe(`Created case ${String(number)}`);
    await run(updateCase, { case: number, comment: "We are on it" });
    const { result } = await run(listCaseActivities, { case: number });
    expect(toRows(result).map(({ text }) => text)).toEqual(["We are on it"]);
    await expect(run(closeCase, { case: number })).rejects.toThrow(/Resolution Notes is missing/);
    await run(closeCase, { case: number, closeNotes: "Invoice corrected", resolutionCode: "1" });
    expect((await read("sn_customerservice_case", String(id))).state).toBe("3");
  });
});

describe("changes", () => {
  it("of every kind are created in their first state", async () => {
    const normal = await run(createNormalChange, { shortDescription: "Replace it", assignedTo: "itil" });
    expect(normal.result).toMatchObject({ type: "normal", short_description: "Replace it" });
    expect(normal.summary).toMatch(/^Created normal change CHG\d+$/);
    const emergency = await run(createEmergencyChange, { shortDescription: "Now" });
    expect(emergency.result).toMatchObject({ type: "emergency" });
    const standard = await run(createStandardChange, { template: "Reboot a Windows server" });
    expect(standard.result).toMatchObject({ type: "standard" });
    await expect(run(createStandardChange, { template: "No such" })).rejects.toThrow(
      /There are: .*Reboot a Windows server/,
    );
    const before = await total("change_request");
    await expect(run(createNormalChange, { shortDescription: "x", startDate: "tomorrow" })).rejects.toThrow(
      /Planned Start must be a date/,
    );
    expect(await total("change_request")).toBe(before);
  });

  it("are made once with a correlation id, and so are their tasks", async () => {
    const values = { shortDescription: "Once", correlationId: "deploy-4711" };
    const first = await run(createEmergencyChange, values);
    const again = await run(createEmergencyChange, values);
    const { number: changeRequest, sys_id: id } = toRow(first.result);
    expect(again.summary).toBe(`Found the change created before ${String(changeRequest)}`);
    expect(again.result).toMatchObject({ sys_id: id });
    expect(await total("change_request", "correlation_id=deploy-4711")).toBe(1);
    const task = { changeRequest, shortDescription: "Inform", correlationId: "deploy-4711-task" };
    const added = await run(addChangeTask, task);
    expect((await run(addChangeTask, task)).result).toMatchObject({ number: toRow(added.result).number });
    expect(await total("change_task", "correlation_id=deploy-4711-task")).toBe(1);
    const other = await run(createEmergencyChange, { shortDescription: "Another" });
    await expect(run(addChangeTask, { ...task, changeRequest: toRow(other.result).number })).rejects.toThrow(
      /a task of another change/,
    );
  });

  it("move only where their model allows, and say where that is", async () => {
    const { result } = await run(createEmergencyChange, {
      shortDescription: "Move",
      assignmentGroup: "Network",
    });
    const changeRequest = toRow(result).number;
    await expect(run(moveChange, { changeRequest, state: "Closed" })).rejects.toThrow(/Authorize|Canceled/);
    const moved = await run(moveChange, { changeRequest, state: "Authorize" });
    expect(moved.summary).toBe(`Moved change ${String(changeRequest)} to Authorize`);
    await expect(
      run(closeChange, { changeRequest, closeCode: "successful", closeNotes: "Done" }),
    ).rejects.toThrow(/Allowed next: Scheduled/);
  });

  it("take tasks and tell conflicts", async () => {
    const { result } = await run(createNormalChange, {
      shortDescription: "With task",
      configurationItem: "linux-server-000",
      startDate: "2026-07-30 14:00:00",
      endDate: "2026-07-30T16:00:00Z",
    });
    const changeRequest = toRow(result).number;
    const task = await run(addChangeTask, {
      changeRequest,
      shortDescription: "Inform",
      taskType: "planning",
    });
    expect(task.summary).toMatch(new RegExp(`to change ${String(changeRequest)}$`));
    const conflicts = await run(checkChangeConflicts, { changeRequest, startCheck: true });
    expect(conflicts.summary).toMatch(/^Started a check/);
  });
});
