import newApprovalDecision from "../../sources/new-approval-decision/new-approval-decision";
import newApprovalRequest from "../../sources/new-approval-request/new-approval-request";
import { ProcessedKeys } from "../../sources/common/processed-keys";
import { useInstance } from "./platform";

const { writer, later, onPlatform } = useInstance({ incidents: 5 });

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
  const processed = new ProcessedKeys({ db: { get: () => undefined, set: () => undefined } } as never, 3);
  expect(["a", "b", "c", "a", "d"].map((key) => processed.take(key))).toEqual([
    true,
    true,
    true,
    false,
    true,
  ]);
  expect([processed.take("a"), processed.take("b")]).toEqual([false, true]);
});
