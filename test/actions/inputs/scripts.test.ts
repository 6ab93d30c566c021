import { useRegistry } from "../../helpers/registry-suite";

const { step, asked } = useRegistry({ incidents: 20 });

// ServiceNow evaluates such a value, and drops the condition where the script fails: everything matches then.
const SCRIPT = " JavaScript:gs.nope(1)";

describe("a value that the instance would run instead of searching for it", () => {
  it.each([
    ["get-incident", { incidentNumber: SCRIPT }],
    ["check-order-status", { requestNumber: SCRIPT }],
    ["find-users", { searchField: "name", searchValue: SCRIPT }],
    ["find-users", { searchField: "email", searchValue: SCRIPT }],
    ["find-groups", { name: SCRIPT }],
    ["get-requested-items", { ritmNumber: SCRIPT }],
    ["get-requested-items", { requestNumber: SCRIPT }],
    ["list-approvals", { approver: "all", state: SCRIPT }],
    ["search-configuration-items", { searchValue: SCRIPT }],
    ["search-configuration-items", { sysClassName: SCRIPT }],
    ["search-records-by-keyword", { table: "incident", keyword: SCRIPT }],
    ["search-records-by-keyword", { table: "incident", keyword: SCRIPT, exactMatch: true }],
  ])("is refused by %s %j, and no table is asked", async (key, values) => {
    await expect(step(key, values)).rejects.toThrow(/begins with "javascript:"|no choice/);
    expect(asked().filter(({ params }) => JSON.stringify(params).includes("gs.nope"))).toEqual([]);
  });

  it("is searched for where it stands inside a text", async () => {
    const { result } = await step("search-records-by-keyword", {
      table: "incident",
      keyword: "error in javascript:void(0)",
    });
    expect(result).toEqual([]);
  });
});
