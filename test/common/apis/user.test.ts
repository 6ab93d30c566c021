import { approvals, groups, users } from "../../../common";
import { failure, stubClient, stubTransport } from "../stub";
import { failureOf, useInstance } from "./support";

const { as } = useInstance();

it("says who is signed in, with zone, for any account", async () => {
  expect(await users(as("sydney")).current()).toMatchObject({
    user_name: "sydney",
    time_zone: "Australia/Sydney",
    sys_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect((await users(as("norole")).current())?.user_name).toBe("norole");
});

it("an instance that drops the script of the query does not make a stranger the current user", async () => {
  const transport = stubTransport((request) =>
    request.url.includes("/ui/user/")
      ? { status: 400, json: failure("Requested URI does not represent any resource") }
      : { json: { result: [{ sys_id: "a" }, { sys_id: "b" }] } },
  );
  expect(await users(stubClient(transport).client).current()).toBeNull();
});

it("finds the user a text means: id, user name, address or full name", async () => {
  const people = users(as());
  const beth = await people.resolve("beth.anglin");
  for (const text of [beth.sys_id, "beth.anglin@example.com", " Beth Anglin "])
    expect((await people.resolve(text)).sys_id).toBe(beth.sys_id);
  expect(await failureOf(people.resolve("nobody at all"))).toMatchObject({ kind: "no-match" });
  expect(await failureOf(people.resolve("a^b"))).toMatchObject({ kind: "usage" });
  expect((await people.find("beth")).map((user) => user.user_name)).toEqual(["beth.anglin"]);
});

it("a name that several people have is an error that lists them", async () => {
  const client = as();
  for (const user_name of ["twin.one", "twin.two"])
    await client.table("sys_user").create({ user_name, first_name: "Twin", last_name: "Same" });
  const error = await failureOf(users(client).resolve("Twin Same"));
  expect(error).toMatchObject({ kind: "several-matches" });
  expect(error.message).toMatch(/twin\.one.*twin\.two|twin\.two.*twin\.one/);
});

it("roles come with the inherited ones", async () => {
  const client = as();
  const { roles } = await users(client).roles(await users(client).resolve("itil"));
  expect(roles).toEqual(expect.arrayContaining(["itil", "sn_incident_write", "snc_internal"]));
  // The instance gives the ways roles are inherited on, such as /itil/sn_incident_write; a role is its last step.
  expect(roles.filter((role) => /[/[\]]/.test(role))).toEqual([]);
});

it("members go in and out of a group, each once", async () => {
  const client = as();
  const made = await client.table("sys_user_group").create({ name: "Night Shift" });
  const night = groups(client);
  expect(await night.addMember("Night Shift", "beth.anglin")).toBe(true);
  expect(await night.addMember(made, "beth.anglin")).toBe(false);
  expect(await night.addMember(made, "don.goodliffe")).toBe(true);
  expect((await night.members("Night Shift")).map((user) => user.user_name)).toEqual([
    "beth.anglin",
    "don.goodliffe",
  ]);
  const beth = await users(client).resolve("beth.anglin");
  expect((await users(client).groups(beth)).map(({ name }) => name)).toContain("Night Shift");
  const nobody = "0".repeat(32);
  for (const [group, user] of [
    [made, nobody],
    [nobody, beth],
  ] as const)
    expect(await failureOf(night.addMember(group, user))).toMatchObject({ kind: "no-match" });
  expect(await night.removeMember(made, beth)).toBe(true);
  expect(await night.removeMember(made, beth)).toBe(false);
  expect((await night.members(made)).map((user) => user.user_name)).toEqual(["don.goodliffe"]);
});

it("a text that the instance would run as a script finds nobody: it is refused", async () => {
  const client = as();
  const text = "javascript:gs.getUserName()";
  const tries = [
    users(client).find(text),
    users(client).resolve(text),
    groups(client).find(text),
    groups(client).resolve(text),
    approvals(client).list({ state: text }),
    approvals(client).list({ approver: text }),
  ];
  for (const attempt of tries)
    expect(await failureOf(attempt)).toMatchObject({
      kind: "usage",
      message: expect.stringContaining("javascript:"),
    });
});

it("members that are not in use do not use up the number asked for", async () => {
  const client = as();
  const group = await client.table("sys_user_group").create({ name: "Half Gone" });
  const people = groups(client);
  for (const name of ["aa.gone", "bb.gone", "cc.here"]) {
    const user = await client.table("sys_user").create({ user_name: name, last_name: name, active: true });
    await people.addMember(group, user);
    if (name.endsWith("gone")) await users(client).deactivate(user);
  }
  const names = async (options: object) =>
    (await people.members(group, options)).map(({ user_name }) => user_name).sort();
  expect(await names({ max: 1 })).toEqual(["cc.here"]);
  expect(await names({ inactive: true })).toEqual(["aa.gone", "bb.gone", "cc.here"]);
});
