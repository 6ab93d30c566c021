import addItemToCart from "../../actions/add-item-to-cart/add-item-to-cart";
import approveRequest from "../../actions/approve-request/approve-request";
import cancelRequest from "../../actions/cancel-request/cancel-request";
import closeCase from "../../actions/close-case/close-case";
import closeChange from "../../actions/close-change/close-change";
import closeIncident from "../../actions/close-incident/close-incident";
import completeTask from "../../actions/complete-task/complete-task";
import createConfigurationItem from "../../actions/create-configuration-item/create-configuration-item";
import emptyCart from "../../actions/empty-cart/empty-cart";
import putOnHold from "../../actions/put-incident-on-hold/put-incident-on-hold";
import rejectRequest from "../../actions/reject-request/reject-request";
import resolveIncident from "../../actions/resolve-incident/resolve-incident";
import updateCartItem from "../../actions/update-cart-item/update-cart-item";
import updateIncident from "../../actions/update-incident/update-incident";
import viewCart from "../../actions/view-cart/view-cart";
import type { AnyComponent } from "../../components";
import { useWorld } from "../helpers/action-cases";
import type { Row } from "../helpers/action-suite";

const world = useWorld();
const { run, read, record, total } = world;
const RESOLUTION = { closeCode: "Solution provided", closeNotes: "Done" };

/** The step fails with these words and leaves every table as it was. */
async function refused(action: AnyComponent, values: Row, message: RegExp): Promise<void> {
  const before = world.footprint();
  await expect(run(action, values)).rejects.toThrow(message);
  expect(world.footprint()).toEqual(before);
}

describe("an incident", () => {
  afterEach(() => world.faults([]));
  const incident = async (values: Row = {}) => String((await world.incident(values)).sys_id);
  const over = (state: string) => incident({ state, close_code: "Solution provided", close_notes: "Done" });

  it("goes on hold for a reason given by its label, which asks for the same comment", async () => {
    const id = await incident();
    const waiting = { incident: id, holdReason: "awaiting caller" };
    await refused(putOnHold, waiting, /Comment: tell the caller/);
    await refused(putOnHold, { ...waiting, comment: "  " }, /Comment: tell the caller/);
    await refused(putOnHold, { ...waiting, otherFields: { comments: " " } }, /Comment: tell the caller/);
    const { result } = await run(putOnHold, { ...waiting, comment: "Send a screenshot" });
    expect(result).toMatchObject({ state: "3" });
    expect(await read("incident", id)).toMatchObject({ state: "3", hold_reason: "1" });
  });

  it("does not go on hold for a reason that the instance does not know", async () => {
    const values = { incident: await incident(), holdReason: "Lunch" };
    await refused(putOnHold, values, /Hold Reason: .*no choice "Lunch".*Awaiting Caller \(1\)/);
  });

  it("of an account that may not see the choices has its code judged by the instance", async () => {
    const { sys_id: id } = await world.incident();
    const values = { incident: id, ...RESOLUTION };
    await world.faults([{ match: { table: "sys_choice" }, status: 403 }]);
    await refused(resolveIncident, { ...values, closeCode: "Fixed it" }, /ServiceNow answered/);
    await run(resolveIncident, values);
    expect(await read("incident", String(id))).toMatchObject({ close_code: "Solution provided" });
  });

  it("that is over is neither resolved nor put on hold again", async () => {
    const hold = { holdReason: "4" };
    await refused(
      resolveIncident,
      { incident: await over("7"), ...RESOLUTION },
      /is closed.*Reopen Incident/,
    );
    await refused(putOnHold, { incident: await over("7"), ...hold }, /is closed.*Reopen Incident/);
    await refused(putOnHold, { incident: await over("6"), ...hold }, /is resolved.*Reopen Incident/);
    await refused(resolveIncident, { incident: await over("8"), ...RESOLUTION }, /is canceled/);
    await refused(closeIncident, { incident: await over("8"), ...RESOLUTION }, /is canceled/);
    const { result } = await run(updateIncident, { incident: await over("6"), state: "2" });
    expect(result).toMatchObject({ state: "2" });
  });
});

describe("a close code", () => {
  it("that the instance does not have is refused with those it has", async () => {
    const choice = { name: "sn_customerservice_case", element: "resolution_code", language: "en" };
    await record("sys_choice", { ...choice, value: "1", label: "Solved" });
    const { number, sys_id: id } = await record("sn_customerservice_case", { short_description: "Invoice" });
    const values = { case: number, closeNotes: "Corrected", resolutionCode: "Nonsense" };
    await refused(closeCase, values, /Resolution Code: .*no choice "Nonsense".*Solved \(1\)/);
    await run(closeCase, { ...values, resolutionCode: { label: "Solved", value: "1" } });
    expect(await read("sn_customerservice_case", String(id))).toMatchObject({ resolution_code: "1" });
    const { number: changeRequest } = await record("change_request", { short_description: "Move" });
    const change = { changeRequest, closeCode: "Successful!", closeNotes: "Done" };
    await refused(closeChange, change, /Close Code: .*no choice "Successful!".*Successful \(successful\)/);
    const resolution = { incident: (await world.incident()).number, ...RESOLUTION, closeCode: "Fixed it" };
    await refused(resolveIncident, resolution, /Resolution Code: .*no choice "Fixed it".*Solution provided/);
  });
});

describe("an approval that waits for somebody else", () => {
  const asked = async () => {
    const change = await record("change_request", { short_description: "Approve me" });
    const { sys_id: approver, name } = await world.person("itil");
    const row = await record("sysapproval_approver", {
      sysapproval: change.sys_id,
      approver,
      state: "requested",
    });
    return { id: String(row.sys_id), number: String(change.number), name: String(name) };
  };

  it("is not decided, unless that is asked for", async () => {
    const { id, number, name } = await asked();
    await refused(approveRequest, { approval: id }, new RegExp(`waits for ${name}.*Decide for Others`));
    const no = { approval: id, comment: "No" };
    await refused(rejectRequest, no, new RegExp(`waits for ${name}.*Decide for Others`));
    const { summary } = await run(approveRequest, { approval: id, forOthers: "true" });
    expect(summary).toBe(`Approved ${number} for ${name}`);
    expect((await read("sysapproval_approver", id)).state).toBe("approved");
  });

  it("is decided by that person as before", async () => {
    const { id, number } = await asked();
    const { summary } = await world.runAs("itil", approveRequest, { approval: id });
    expect(summary).toBe(`Approved ${number}`);
  });
});

describe("Complete Task", () => {
  it.each([
    ["sc_request", /record of sc_request.*Cancel Request/],
    ["sc_req_item", /record of sc_req_item.*its tasks/],
    ["incident", /record of incident.*Resolve Incident/],
  ])("leaves a record of %s to what ends it", async (table, message) => {
    const { number } = await record(table, { short_description: "No simple task" });
    await refused(completeTask, { task: number }, message);
  });

  it("takes an empty result for the usual one, and closes nothing twice", async () => {
    const { number, sys_id: id } = await record("sc_task", { short_description: "Hand over" });
    const { summary } = await run(completeTask, { task: number, result: "" });
    expect(summary).toBe(`Closed task ${String(number)} as complete`);
    await refused(completeTask, { task: number, result: "skipped" }, /is closed already/);
    expect((await read("sc_task", String(id))).state).toBe("3");
  });
});

describe("Cancel Request", () => {
  it("tells what of the request stays open", async () => {
    const { number, sys_id: request } = await record("sc_request", { short_description: "Laptop" });
    const item = await record("sc_req_item", { request, short_description: "Laptop" });
    await record("sc_task", { request, request_item: item.sys_id, short_description: "Pack" });
    const { summary } = await run(cancelRequest, { request: number, reason: "Ordered twice" });
    expect(summary).toMatch(
      new RegExp(`^Canceled request ${String(number)}; still open of it: 1 requested item and 1 task,`),
    );
  });

  it("says no more where nothing is open", async () => {
    const { number } = await record("sc_request", { short_description: "Empty" });
    const { summary } = await run(cancelRequest, { request: number, reason: "Ordered twice" });
    expect(summary).toBe(`Canceled request ${String(number)}`);
  });
});

describe("Update Cart Item", () => {
  it("keeps the quantity where only answers are given", async () => {
    await run(emptyCart);
    const answers = await world.answers("Standard Laptop");
    await run(addItemToCart, { catalogItemSysId: "Standard Laptop", variables: answers, quantity: 3 });
    const line = async () => {
      const cart = JSON.stringify((await run(viewCart)).result);
      return { id: /"cart_item_id":"(\w+)"/.exec(cart)?.[1], quantity: /"quantity":"?(\d+)/.exec(cart)?.[1] };
    };
    const { id: cartItemId } = await line();
    await run(updateCartItem, { cartItemId, variables: answers });
    await run(updateCartItem, { cartItemId, quantity: "", variables: answers });
    expect(await line()).toMatchObject({ id: cartItemId, quantity: "3" });
    await refused(updateCartItem, { cartItemId }, /Give Quantity, Variables or both/);
    await refused(updateCartItem, { cartItemId: "0".repeat(32), variables: answers }, /not in the cart/);
  });
});

describe("Create Configuration Item", () => {
  const item = (attributes: Row) => ({ className: "cmdb_ci_linux_server", attributes });

  it("takes a value of null for none, so that two items stay two", async () => {
    await run(createConfigurationItem, item({ name: "null-a", serial_number: null }));
    await run(createConfigurationItem, item({ name: "null-b", serial_number: null }));
    expect(await total("cmdb_ci", "nameSTARTSWITHnull-")).toBe(2);
    expect(await total("cmdb_ci", "serial_number=null")).toBe(0);
  });

  it("refuses what is no value of a column", async () => {
    await refused(createConfigurationItem, item({ name: "obj", serial_number: { a: 1 } }), /serial_number/);
    await refused(createConfigurationItem, item({ name: null }), /Attributes is empty/);
  });
});
