import { rm } from "node:fs/promises";
import { useRegistry } from "../../helpers/registry-suite";

const { step, stepAs, total, rows, record } = useRegistry({ incidents: 20 });
afterAll(() => rm("/tmp/kit-fields.csv", { force: true }));

describe("a choice that does not exist", () => {
  it.each([
    ["list-approvals", { state: "pending" }, /State.*no choice "pending".*requested/],
    [
      "search-catalog-items",
      { itemType: "catalog_item" },
      /Item Type must be "order_guide" or "record_producer"/,
    ],
    ["search-configuration-items", { sysClassName: "cmdb_ci_nonsense" }, /Class.*cmdb_ci_nonsense/],
  ])("is refused by %s %j, instead of an empty list", async (key, values, message) => {
    await expect(step(key, values)).rejects.toThrow(message);
  });

  it("is refused as the kind of a change task, and nothing is written", async () => {
    const [change] = await rows("change_request", "active=true", 1);
    const before = await total("change_task");
    const values = { changeRequest: change?.number, shortDescription: "Inform", taskType: "nonsense" };
    await expect(step("add-change-task", values)).rejects.toThrow(/Task Type.*no choice "nonsense"/);
    expect(await total("change_task")).toBe(before);
    const { result } = await step("add-change-task", { ...values, taskType: "Testing" });
    const { sys_id: id } = result as { sys_id: string };
    expect(await rows("change_task", `sys_id=${id}`)).toMatchObject([{ change_task_type: "testing" }]);
  });

  it("is an empty list where the class is there and has no items", async () => {
    const { result } = await step("search-configuration-items", {
      sysClassName: "cmdb_ci_server",
      searchValue: "nothing-is-called-so",
    });
    expect(result).toEqual([]);
  });
});

describe("List Approvals", () => {
  it.each(["all", "All", " ALL "])("takes %j for everybody", async (approver) => {
    const { result } = await step("list-approvals", { approver, state: "Any" });
    expect(result).toHaveLength(Math.min(100, await total("sysapproval_approver")));
  });

  it("takes a state by its label", async () => {
    const { result } = await step("list-approvals", { approver: "all", state: "Approved" });
    expect(result).toHaveLength(await total("sysapproval_approver", "state=approved"));
  });
});

describe("List Choices", () => {
  it("says when there is no list and the values are those in use", async () => {
    const { summary } = await step("list-choices", { table: "incident", column: "short_description" });
    expect(summary).toMatch(/^incident\.short_description has no list of choices.*\d+ values are in use$/);
    expect((await step("list-choices", { table: "incident", column: "state" })).summary).toMatch(
      /^incident\.state has \d+ choices/,
    );
  });
});

describe("List Related CIs", () => {
  it("does not count the item itself towards the maximum", async () => {
    const [relation] = await rows("cmdb_rel_ci", "", 1);
    const values = { configurationItem: relation?.parent, levels: 1 };
    const all = (await step("list-related-cis", values)).result as unknown[];
    const one = await step("list-related-cis", { ...values, maximum: 1 });
    expect(one.result).toHaveLength(1);
    expect(/there are more/.test(one.summary ?? "")).toBe(all.length > 1);
  });
});

describe("a list that stops at its maximum", () => {
  it("does not promise records that the account may not read", async () => {
    const [employee] = await rows("sys_user", "user_name=employee", 1);
    for (const short_description of ["First", "Second"])
      await record("incident", { short_description, caller_id: employee?.sys_id });
    const { summary } = await stepAs("employee", "list-records", { table: "incident", maximum: 1 });
    expect(summary).toMatch(/^Retrieved 1 record from table incident; up to \d+ more match$/);
  });
});

describe("fields that are not there", () => {
  const resultFields = ["number", "no_such"];
  it.each([
    ["list-records", { table: "incident", maximum: 2, resultFields }],
    ["get-table-records", { table: "incident", limit: 2, responseFields: resultFields }],
    ["find-record", { table: "incident", query: "active=true", resultFields }],
    ["get-record-by-number", { number: "INC0000001", resultFields }],
    ["export-records", { table: "incident", resultFields, fileName: "kit-fields.csv" }],
  ])("are named in the summary of %s", async (key, values) => {
    expect((await step(key, values)).summary).toMatch(/; the account sees no column no_such in this table$/);
  });
});

describe("a query written as SQL", () => {
  it.each(["list-records", "get-table-records", "find-record", "export-records", "aggregate-records"])(
    "is refused by %s, with the way to write it",
    async (key) => {
      await expect(
        step(key, { table: "incident", fileName: "kit-fields.csv", query: "priority=1 AND state=2" }),
      ).rejects.toThrow(/priority=1\^state=2/);
      const { result } = await step(key, {
        table: "incident",
        fileName: "kit-fields.csv",
        query: "short_descriptionLIKEsalt and pepper",
      });
      expect(result).toBeDefined();
    },
  );
});
