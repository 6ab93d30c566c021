import { approvals, changes } from "../../../common";
import { failureOf, useInstance } from "./support";
import { present } from "../../helpers/present";

const { as } = useInstance();

/** A change that waits for the CAB's approval. */
async function waitingChange(values: Record<string, string> = {}) {
  const client = as();
  const api = changes(client);
  const group = present(await client.table("sys_user_group").first({ query: "name=CAB Approval" }));
  const made = await api.create(
    { type: "normal" },
    { short_description: "Switch the core router", assignment_group: group.sys_id, ...values },
  );
  return { client, api, made };
}

/** What a check for conflicts needs: an item and a time. */
async function planned() {
  const { rows } = await as()
    .table("cmdb_ci")
    .page({ limit: 1, fields: ["sys_id"] });
  return {
    cmdb_ci: present(rows[0]).sys_id,
    start_date: "2026-12-01 20:00:00",
    end_date: "2026-12-01 22:00:00",
  };
}

it("ties configuration items to a change through a job, whose end can be read", async () => {
  const { client, api, made } = await waitingChange();
  const [first, second] = (await client.table("cmdb_ci").page({ limit: 2, fields: ["sys_id", "name"] })).rows;
  const job = (await api.addItems(made, [present(first), present(second)])) as {
    worker?: { sysId?: string };
  };
  const id = job.worker?.sysId;
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.stringify(await api.worker(present(id)))).toMatch(/Complete/i);
  const items = await api.items(made);
  expect(items.map(({ values }) => values["ci_item"]).sort()).toEqual(
    [present(first).sys_id, present(second).sys_id].sort(),
  );
});

it("checks for conflicts and reads what was found", async () => {
  const { api, made } = await waitingChange(await planned());
  await api.checkConflicts(made);
  expect(JSON.stringify(await api.conflicts(made))).toMatch(/conflict/i);
});

it("reads a schedule, and has the risk computed", async () => {
  const { api, made } = await waitingChange(await planned());
  expect(await api.schedule(made)).toBeTruthy();
  expect(await api.computeRisk(made)).toBeTruthy();
});

it("decides on a change in the name of its approver, and asks for a reason to reject", async () => {
  const { client, api, made } = await waitingChange();
  await api.moveTo(made, "Assess");
  expect(await failureOf(api.decide(made, "rejected"))).toMatchObject({ kind: "usage" });
  const waiting = await approvals(client).list({ record: made });
  const approver = present(waiting.rows[0]).approver.sys_id;
  const { user_name: userName } = (await client
    .table("sys_user")
    .get(approver, { fields: ["user_name"] })) as {
    user_name: string;
  };
  await changes(as(userName)).decide(made, "approved", { comments: "Go ahead" });
  const after = await approvals(client).list({ record: made });
  expect(after.rows.find((row) => row.approver.sys_id === approver)?.state).toBe("approved");
});

it("a change that is not there is named as such by each call", async () => {
  const api = changes(as());
  const nobody = "0".repeat(32);
  for (const call of [
    api.conflicts(nobody),
    api.schedule(nobody),
    api.items(nobody),
    api.computeRisk(nobody),
  ])
    expect(await failureOf(call)).toMatchObject({ status: 404 });
});
