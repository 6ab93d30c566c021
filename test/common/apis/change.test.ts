import { approvals, changes, stateModel } from "../../../common";
import { failure, stubClient, stubTransport } from "../stub";
import { failureOf, useInstance } from "./support";
import { present } from "../../helpers/present";

const { as } = useInstance();

it("creates a change, says which fields were not taken, and gives values like the Table API", async () => {
  const made = await changes(as()).create(
    { type: "normal" },
    { short_description: "New switch", no_such_field: "1" },
  );
  expect(made.ignored).toEqual(["no_such_field"]);
  expect(made.number).toMatch(/^CHG\d+$/);
  expect(made.values).toMatchObject({
    short_description: "New switch",
    state: "-5",
    active: "true",
    type: "normal",
  });
  expect(made.labels["state"]).toBe("New");
  expect((await changes(as()).get(made)).values["sys_id"]).toBe(made.sys_id);
});

it("moves a change only as its model allows, and says what is allowed", async () => {
  const client = as();
  const api = changes(client);
  const group = present(await client.table("sys_user_group").first({ query: "name=CAB Approval" }));
  const made = await api.create(
    { type: "normal" },
    { short_description: "Moved", assignment_group: group.sys_id },
  );
  const { states } = await api.nextStates(made);
  expect(states.find(({ current }) => current)?.label).toBe("New");
  const refused = await failureOf(api.moveTo(made, "Closed"));
  expect(refused).toMatchObject({ kind: "conflict" });
  expect(refused.message).toMatch(/Allowed next: .*Assess \(-4\)/);
  expect((await api.moveTo(made, "Assess")).values["state"]).toBe("-4");
  const model = await stateModel(client, "change_request", { record: made });
  expect(model.next).toContain("-3");
  expect(model.next).not.toContain("-4");
  expect(model.states.find(({ label }) => label === "Closed")).toMatchObject({ final: true });
});

it("approvals of a change are listed and decided once; a rejection needs its reason", async () => {
  const client = as();
  const api = changes(client);
  const group = present(await client.table("sys_user_group").first({ query: "name=CAB Approval" }));
  const made = await api.create(
    { type: "normal" },
    { short_description: "Asked", assignment_group: group.sys_id },
  );
  await api.moveTo(made, "Assess");
  const waiting = await api.approvals(made);
  expect(waiting[0]).toMatchObject({
    state: "requested",
    record: { sys_id: made.sys_id, label: made.number },
  });
  const desk = approvals(client);
  expect(await failureOf(desk.decide(present(waiting[0]), "rejected"))).toMatchObject({ kind: "usage" });
  expect((await desk.decide(present(waiting[0]), "approved")).state).toBe("approved");
  expect((await desk.decide(present(waiting[0]), "approved")).state).toBe("approved");
  const late = await failureOf(desk.decide(present(waiting[0]), "rejected", { comments: "too late" }));
  expect(late).toMatchObject({ kind: "conflict" });
});

it("an account finds the approvals that wait for it", async () => {
  const client = as();
  const bow = present(await client.table("sys_user").first({ query: "user_name=bow.ruggeri" }));
  const incident = present(await client.table("incident").first());
  await client.table("sysapproval_approver").create({
    approver: bow.sys_id,
    sysapproval: incident.sys_id,
    state: "requested",
    source_table: "incident",
  });
  const mine = await approvals(as("bow.ruggeri")).list({ approver: "me", state: "requested" });
  expect(mine.rows.some(({ record }) => record.sys_id === incident.sys_id)).toBe(true);
  expect(mine.rows.every(({ approver }) => approver.sys_id === bow.sys_id)).toBe(true);
});

it("tasks, templates, models and conflicts", async () => {
  const client = as();
  const api = changes(client);
  const [template] = await api.templates();
  const standard = await api.create({ type: "standard", template: present(template) });
  expect(standard.values["type"]).toBe("standard");
  const task = await api.createTask(standard, { short_description: "Unplug" });
  await api.updateTask(standard, task, { short_description: "Unplug carefully" });
  expect((await api.tasks(standard)).map(({ values }) => values["short_description"])).toContain(
    "Unplug carefully",
  );
  await api.deleteTask(standard, task);
  expect(await api.models()).not.toEqual([]);
  expect(await api.conflicts(standard)).toMatchObject({ status: expect.any(String) });
  await api.delete(standard);
  expect(await failureOf(api.get(standard))).toMatchObject({ kind: "not-found" });
});

it("an instance without the plugin says so", async () => {
  const transport = stubTransport(() => ({
    status: 400,
    json: failure("Requested URI does not represent any resource"),
  }));
  const error = await failureOf(changes(stubClient(transport).client).list());
  expect(error).toMatchObject({ kind: "unknown-path" });
  expect(error.message).toMatch(/plugin Change Management/);
});

it("a model that leaves the state as it was is an error, though the answer says 200", async () => {
  const nextstates = {
    available_states: ["0", "4"],
    state_transitions: [[{ from_state: "-1", to_state: "0", transition_available: true, conditions: [] }]],
    state_label: { "0": "Review", "4": "Canceled" },
  };
  const transport = stubTransport((request) =>
    request.method === "GET"
      ? { json: { result: nextstates } }
      : { json: { result: { state: { value: -1.0 } } } },
  );
  const error = await failureOf(changes(stubClient(transport).client).moveTo("a".repeat(32), "review"));
  expect(error).toMatchObject({ kind: "conflict" });
});
