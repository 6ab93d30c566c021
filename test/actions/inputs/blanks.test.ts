import { rm } from "node:fs/promises";
import { useRegistry } from "../../helpers/registry-suite";

const { step, total, record, rows } = useRegistry({ incidents: 20 });
afterAll(() => rm("/tmp/kit-blank.csv", { force: true }));

const BLANKS = ["", "  "];

describe("an input that holds nothing, as a template leaves it whose variable is empty", () => {
  it.each([...BLANKS, "no", 1, { label: "Yes", value: true }])(
    "deletes nothing with Dry Run %j: only false does",
    async (dryRun) => {
      await record("incident", { short_description: "Not to be deleted" });
      const query = "short_description=Not to be deleted";
      const before = await total("incident", query);
      await step("bulk-delete-records", { table: "incident", query, dryRun }).catch(() => undefined);
      expect(await total("incident", query)).toBe(before);
    },
  );

  it.each(BLANKS)("does not choose between active and inactive records (%j)", async (filterActive) => {
    const { result } = await step("get-table-records", { table: "incident", filterActive });
    expect(result).toHaveLength(await total("incident"));
    const tables = await step("list-tables", { filterActive, limit: 2 });
    expect(tables.result).toHaveLength(2);
  });

  it("keeps the default of a switch", async () => {
    await record("kb_knowledge_base", { title: "Not in use", active: "false" });
    const bases = (await step("list-knowledge-bases", { activeOnly: "" })).result as { title: string }[];
    expect(bases.map(({ title }) => title)).not.toContain("Not in use");
    const counts = await step("get-record-counts-by-field", {
      table: "incident",
      groupByField: "priority",
      count: "",
    });
    expect(counts.result).toContainEqual(
      expect.objectContaining({ stats: { count: expect.stringMatching(/^\d+$/) } }),
    );
  });

  it("is no highest number", async () => {
    const { result } = await step("export-records", {
      table: "incident",
      maxRows: "",
      fileName: "kit-blank.csv",
    });
    expect(result).toMatchObject({ rows: await total("incident") });
    for (const maxRows of [0, -1, "abc", 1.5])
      await expect(step("export-records", { table: "incident", maxRows })).rejects.toThrow(
        /Max Rows must be a whole number from 1/,
      );
  });

  it.each(BLANKS)("is no reference, object, state or method (%j)", async (blank) => {
    await step("get-incident", { incidentNumber: "INC0000001", callerId: blank });
    await step("search-configuration-items", { searchValue: "web", sysClassName: blank, assignedTo: blank });
    await step("find-groups", { name: blank });
    await step("search-catalog-items", {
      query: blank,
      catalogSysId: blank,
      categorySysId: blank,
      offset: blank,
    });
    await step("list-approvals", { approver: blank, state: blank, record: blank });
    await step("list-notes", { task: "INC0000001", kind: blank });
    await step("list-attachments", { table: "incident", record: blank });
    await step("get-record-by-number", { table: blank, number: "INC0000001" });
    await step("list-records", { table: "incident", query: blank, orderBy: blank, maximum: blank });
    const path = "/api/now/table/incident";
    const { summary } = await step("send-api-request", { method: blank, path, params: blank, body: blank });
    expect(summary).toBe(`GET ${path} answered 200`);
  });

  it("needs one of the three texts of Get Requested Items", async () => {
    const nothing = { requestNumber: " ", requestSysId: "", ritmNumber: "  " };
    await expect(step("get-requested-items", nothing)).rejects.toThrow(/^Give Request Number/);
  });
});

describe("inputs as text", () => {
  it("counts positions, levels and switches alike", async () => {
    const all = (await step("search-catalog-items", { limit: 4 })).result as { sys_id: string }[];
    const { result } = await step("search-catalog-items", { limit: "2", offset: "2" });
    expect(result).toEqual(all.slice(2));
    await expect(step("search-catalog-items", { offset: -1 })).rejects.toThrow(
      /Offset must be a whole number/,
    );
    const [relation] = await rows("cmdb_rel_ci", "", 1);
    const values = { configurationItem: relation?.parent };
    const found = await step("list-related-cis", { ...values, levels: "2" });
    expect(found.result).toEqual((await step("list-related-cis", { ...values, levels: 2 })).result);
  });

  it("trims the numbers of requests and their items", async () => {
    const [item] = await rows("sc_req_item", "request.numberISNOTEMPTY", 1);
    const found = await step("get-requested-items", { ritmNumber: ` ${item?.number} ` });
    expect(found.result).toHaveLength(1);
    const request = (await rows("sc_request", `sys_id=${item?.request}`))[0]?.number;
    const { result } = await step("get-requested-items", { requestNumber: ` ${request} ` });
    expect(result).toContainEqual(expect.objectContaining({ sys_id: item?.sys_id }));
  });

  it("takes no word for a switch but true and false", async () => {
    await expect(step("get-table-records", { table: "incident", filterActive: "maybe" })).rejects.toThrow(
      /"maybe".*true or false/,
    );
  });

  it.each([
    ["order-catalog-item", { sysId: "Standard Laptop", variables: "{" }, /Variables.*\{"storage": "512"\}/],
    ["create-event", { source: "x", severity: 1, additionalInfo: "{" }, /Additional Info.*\{"rack": "B12"\}/],
  ])("%s shows an object of its own kind where one is wrong", async (key, values, message) => {
    await expect(step(key, values)).rejects.toThrow(message);
  });
});
