import addGroupMember from "../../actions/add-group-member/add-group-member";
import createGroup from "../../actions/create-group/create-group";
import createUser from "../../actions/create-user/create-user";
import deactivateUser from "../../actions/deactivate-user/deactivate-user";
import findGroups from "../../actions/find-groups/find-groups";
import findUsers from "../../actions/find-users/find-users";
import getCurrentUser from "../../actions/get-current-user/get-current-user";
import listGroupMembers from "../../actions/list-group-members/list-group-members";
import listUserRoles from "../../actions/list-user-roles/list-user-roles";
import removeGroupMember from "../../actions/remove-group-member/remove-group-member";
import updateGroup from "../../actions/update-group/update-group";
import updateUser from "../../actions/update-user/update-user";
import { useInstance } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";

const { run, runAs, total, read } = useInstance();

describe("users", () => {
  it("are found by name or exactly, with the columns that identify them", async () => {
    const { result } = await run(findUsers, { searchValue: "Employee" });
    expect(toRows(result).map((row) => row.user_name)).toContain("employee");
    expect(toRows(result)[0]).not.toHaveProperty("user_password");
    expect(Object.keys(toRows(result)[0] ?? {}).length).toBeLessThan(15);
    const exact = await run(findUsers, { searchField: "user_name", searchValue: "itil" });
    expect(exact.summary).toBe('Found 1 user matching "itil"');
    await expect(run(findUsers, { searchField: "user_password", searchValue: "x" })).rejects.toThrow(
      /Search Field must be/,
    );
    await expect(run(findUsers, { searchValue: "a^b" })).rejects.toThrow(/\^/);
  });

  it("the connected account knows itself", async () => {
    const { result, summary } = await runAs("itil", getCurrentUser);
    expect(result).toMatchObject({ user_name: "itil" });
    expect(summary).toMatch(/^Retrieved user /);
  });

  it("are created once, changed and deactivated", async () => {
    const made = await run(createUser, { userName: "ada.byron", firstName: "Ada", lastName: "Byron" });
    const id = String(toRow(made.result).sys_id);
    await expect(run(createUser, { userName: "ada.byron" })).rejects.toThrow(/belongs to a user already/);
    expect(await total("sys_user", "user_name=ada.byron")).toBe(1);
    await run(updateUser, { user: "ada.byron", title: "Analyst" });
    expect(await read("sys_user", id)).toMatchObject({ title: "Analyst", first_name: "Ada" });
    await expect(run(updateUser, { user: "ada.byron" })).rejects.toThrow(/nothing to change/);
    await run(deactivateUser, { user: "ada.byron" });
    expect((await read("sys_user", id)).active).toBe("false");
  });

  it("have roles", async () => {
    const { result } = await run(listUserRoles, { user: "itil" });
    expect(result).toContain("itil");
    await expect(run(listUserRoles, { user: "nobody.here" })).rejects.toThrow(/no user has "nobody.here"/);
  });
});

describe("groups", () => {
  it("are found, created once and changed", async () => {
    expect((await run(findGroups, { name: "Service" })).summary).toMatch(/^Retrieved \d+ groups?/);
    const made = await run(createGroup, { name: "Night Shift", manager: "itil" });
    expect(made.summary).toBe("Created group Night Shift");
    await expect(run(createGroup, { name: "Night Shift" })).rejects.toThrow(/belongs to a group already/);
    await run(updateGroup, { group: "Night Shift", description: "At night" });
    expect((await read("sys_user_group", String(toRow(made.result).sys_id))).description).toBe("At night");
  });

  it("take members in once and let them go", async () => {
    const pair = { group: "Network", user: "employee" };
    const before = await total("sys_user_grmember");
    expect((await run(addGroupMember, pair)).summary).toBe("Added employee to Network");
    expect((await run(addGroupMember, pair)).summary).toBe("employee was in the group already");
    expect(await total("sys_user_grmember")).toBe(before + 1);
    const { result } = await run(listGroupMembers, { group: "Network" });
    expect(toRows(result).map((row) => row.user_name)).toContain("employee");
    expect((await run(removeGroupMember, pair)).summary).toBe("Removed employee from Network");
    expect((await run(removeGroupMember, pair)).summary).toBe("employee was not in the group");
    expect(await total("sys_user_grmember")).toBe(before);
  });
});
