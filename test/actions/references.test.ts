import addGroupMember from "../../actions/add-group-member/add-group-member";
import assignIncident from "../../actions/assign-incident/assign-incident";
import createIncident from "../../actions/create-incident/create-incident";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import createUser from "../../actions/create-user/create-user";
import deactivateUser from "../../actions/deactivate-user/deactivate-user";
import getIncident from "../../actions/get-incident/get-incident";
import listUserRoles from "../../actions/list-user-roles/list-user-roles";
import updateGroup from "../../actions/update-group/update-group";
import updateIncident from "../../actions/update-incident/update-incident";
import updateUser from "../../actions/update-user/update-user";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow } from "../helpers/present";

const { run, runAs, total, read, rows, configure } = useInstance();
const NOBODY = "0".repeat(32);

const make = async (table: string, recordData: Row) =>
  (await run(createTableRecord, { table, recordData })).result as Record<string, string>;
const incident = () => make("incident", { short_description: "For somebody" });

/** One name, two people: the first of them has left. */
let gone: Record<string, string>;
let here: Record<string, string>;
beforeAll(async () => {
  const name = { first_name: "Kim", last_name: "Twin" };
  gone = await make("sys_user", { ...name, user_name: "kim.gone", active: "false" });
  here = await make("sys_user", { ...name, user_name: "kim.here" });
});

describe("a sys_id", () => {
  it("that belongs to nothing is refused, and nothing is written", async () => {
    const { sys_id: id } = await incident();
    const members = await total("sys_user_grmember");
    const nobody = /Assigned To: there is no user with the sys_id/;
    await expect(run(assignIncident, { incident: id, assignedTo: NOBODY })).rejects.toThrow(nobody);
    await expect(run(updateIncident, { incident: id, assignedTo: NOBODY })).rejects.toThrow(nobody);
    await expect(run(createIncident, { shortDescription: "x", callerId: NOBODY })).rejects.toThrow(
      /Caller: there is no user/,
    );
    await expect(run(addGroupMember, { group: "Network", user: NOBODY })).rejects.toThrow(/no user/);
    await expect(run(addGroupMember, { group: NOBODY, user: "itil" })).rejects.toThrow(/no group/);
    expect(await read("incident", String(id))).toMatchObject({ assigned_to: "" });
    expect(await total("sys_user_grmember")).toBe(members);
  });

  it.each(["empty", "forbidden"])("is taken where the account may not read people (%s)", async (refusal) => {
    const { sys_id: id } = await incident();
    await configure({ acls: [{ table: "sys_user", operation: "read", roles: ["admin"], refusal }] });
    await runAs("itil", updateIncident, { incident: id, assignedTo: here.sys_id });
    await configure({ acls: [] });
    expect(await read("incident", String(id))).toMatchObject({ assigned_to: here.sys_id });
  });
});

describe("a name", () => {
  it("of two people means the one who is active, also where someone is to be assigned", async () => {
    const { sys_id: id } = await incident();
    await run(assignIncident, { incident: id, assignedTo: "Kim Twin" });
    expect(await read("incident", String(id))).toMatchObject({ assigned_to: here.sys_id });
  });

  it("that fits several tells who of them is inactive", async () => {
    await make("sys_user", { first_name: "Kim", last_name: "Twin", user_name: "kim.third" });
    const attempt = run(listUserRoles, { user: "Kim Twin" });
    await expect(attempt).rejects.toThrow(/fits 3 users/);
    await expect(attempt).rejects.toThrow(new RegExp(`kim\\.gone[^;]*, inactive \\(${gone.sys_id}\\)`));
  });

  it("with a script in it finds nobody, and is refused", async () => {
    const script = "javascript:gs.nope(1)";
    await expect(run(listUserRoles, { user: script })).rejects.toThrow(/javascript:/);
    await expect(run(getIncident, { incidentNumber: script })).rejects.toThrow(/javascript:/);
    await expect(run(assignIncident, { incident: script, assignedTo: "itil" })).rejects.toThrow(
      /javascript:/,
    );
  });
});

describe("somebody who is inactive", () => {
  it("is not assigned anything, by name or sys_id, and is told as the reason", async () => {
    const { sys_id: id } = await incident();
    const inactive = /Assigned To: .*inactive.*Update User/;
    for (const assignedTo of ["kim.gone", gone.sys_id]) {
      await expect(run(assignIncident, { incident: id, assignedTo })).rejects.toThrow(inactive);
      await expect(run(updateIncident, { incident: id, assignedTo })).rejects.toThrow(inactive);
    }
    expect(await read("incident", String(id))).toMatchObject({ assigned_to: "" });
  });

  it("can be a caller, and be changed", async () => {
    const { result } = await run(createIncident, { shortDescription: "Left", callerId: "kim.gone" });
    expect(await read("incident", String(toRow(result).sys_id))).toMatchObject({ caller_id: gone.sys_id });
    await run(updateUser, { user: "kim.gone", title: "Retired" });
    await run(deactivateUser, { user: "kim.gone" });
    expect(await read("sys_user", String(gone.sys_id))).toMatchObject({ title: "Retired" });
  });
});

it("a blank in an optional reference is nothing given", async () => {
  const { result } = await run(createIncident, { shortDescription: "Blank", assignedTo: " " });
  expect(await read("incident", String(toRow(result).sys_id))).toMatchObject({ assigned_to: "" });
});

describe("a user or group that is changed", () => {
  it("does not take a name that belongs to another", async () => {
    const taken = /"itil" belongs to a user already/;
    const before = await total("sys_user", "user_name=itil");
    await expect(run(updateUser, { user: "kim.here", userName: "itil" })).rejects.toThrow(taken);
    await expect(run(updateUser, { user: "kim.here", userName: " itil " })).rejects.toThrow(taken);
    const otherFields = { user_name: "itil" };
    await expect(run(updateUser, { user: "kim.here", otherFields })).rejects.toThrow(taken);
    expect(await total("sys_user", "user_name=itil")).toBe(before);
    await run(updateUser, { user: "kim.here", userName: "kim.here", title: "Same name" });
    expect(await read("sys_user", String(here.sys_id))).toMatchObject({ title: "Same name" });
  });

  it("is told apart from another by more than blanks", async () => {
    await run(createUser, { userName: "kim.blank " });
    expect(await total("sys_user", "user_name=kim.blank")).toBe(1);
    await expect(run(createUser, { userName: " kim.blank" })).rejects.toThrow(/belongs to a user already/);
    const otherFields = { user_name: "kim.blank" };
    await expect(run(createUser, { userName: "kim.other", otherFields })).rejects.toThrow(
      /belongs to a user/,
    );
    await expect(run(updateGroup, { group: "Network", name: "Service Desk" })).rejects.toThrow(
      /New Name: "Service Desk" belongs to a group already/,
    );
    const [stored] = await rows("sys_user", "user_nameSTARTSWITHkim.blank");
    expect(stored?.user_name).toBe("kim.blank");
  });
});
