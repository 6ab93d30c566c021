import { rm } from "node:fs/promises";
import { useRegistry } from "../../helpers/registry-suite";

const { step, asked, total, rows, record } = useRegistry({ incidents: 20 });
afterAll(() => rm("/tmp/kit-picked.csv", { force: true }));

/** A choice as platforms keep it when it was picked from a list. */
const picked = (value: unknown, label = String(value)) => ({ label, value });

describe("a choice that comes with its label", () => {
  it("is its value in every filter of a list", async () => {
    const inactive = await total("incident", "active=false");
    const records = await step("get-table-records", {
      table: picked("incident"),
      filterActive: picked(false),
    });
    expect(records.result).toHaveLength(inactive);
    const query = picked("active=false");
    for (const key of ["get-table-records", "list-records"])
      expect((await step(key, { table: "incident", query })).result).toHaveLength(inactive);
    expect((await step("find-record", { table: "incident", query })).result).toHaveProperty("sys_id");
    const [sum] = (await step("aggregate-records", { table: "incident", query })).result as {
      count: number;
    }[];
    expect(sum?.count).toBe(inactive);
    const since = await step("get-table-records", {
      table: "incident",
      filterCreatedAtDate: picked("2001-01-01"),
    });
    expect(since.result).toHaveLength(await total("incident"));
    const file = await step("export-records", {
      table: "incident",
      query,
      fileName: picked("kit-picked.csv"),
    });
    expect(file.result).toMatchObject({ rows: inactive, path: expect.stringMatching(/kit-picked\.csv$/) });
  });

  it("is its value for approvals and requested items", async () => {
    const waiting = await total("sysapproval_approver", "state=requested");
    const approvals = await step("list-approvals", { approver: picked("all"), state: picked("requested") });
    expect(approvals.result).toHaveLength(waiting);
    const [item] = await rows("sc_req_item", "", 1);
    const items = await step("get-requested-items", { ritmNumber: picked(item?.number) });
    expect(items.result).toMatchObject([{ sys_id: item?.sys_id }]);
  });

  it("is its value as the method of a request", async () => {
    const path = "/api/now/table/incident";
    const { summary } = await step("send-api-request", { method: picked("get"), path });
    expect(summary).toBe(`GET ${path} answered 200`);
  });

  it("is its value as table of a record by number", async () => {
    const [article] = await rows("kb_knowledge", "", 1);
    const { summary } = await step("get-record-by-number", {
      number: picked(article?.number),
      table: picked("kb_knowledge"),
    });
    expect(summary).toBe(`Retrieved ${article?.number} from table kb_knowledge`);
  });

  it("is its value as table and record of an e-mail", async () => {
    const [incident] = await rows("incident", "", 1);
    const { result } = await step("send-email", {
      to: ["beth.anglin@example.com"],
      subject: "About it",
      text: "It works again.",
      table: picked("incident"),
      record: picked(incident?.number),
    });
    const { id } = result as { id: string };
    expect(await rows("sys_email", `sys_id=${id}`)).toMatchObject([
      { target_table: "incident", instance: incident?.sys_id },
    ]);
  });

  it("stands in the summary by its value", async () => {
    const group = picked("Service Desk");
    const user = picked("employee");
    const said = [];
    for (const key of ["add-group-member", "list-group-members", "remove-group-member"])
      said.push((await step(key, { group, user })).summary);
    said.push((await step("list-user-roles", { user })).summary);
    expect(said.join("\n")).not.toContain("[object");
    expect(said[0]).toBe("Added employee to Service Desk");
  });
});

describe("a switch that comes as text", () => {
  it("replaces a record only where it is true", async () => {
    const { sys_id: recordId } = await record("incident", { short_description: "Kept" });
    const values = { table: "incident", recordId, updateFields: { urgency: "1" } };
    const { asked: updated } = await step("update-table-record", { ...values, replaceRecord: "false" });
    expect(updated.map(({ method }) => method)).not.toContain("PUT");
    const { asked: replaced } = await step("update-table-record", { ...values, replaceRecord: "true" });
    expect(replaced.map(({ method }) => method)).toContain("PUT");
    asked();
    const { asked: deleted } = await step("delete-table-record", {
      table: "incident",
      recordId,
      queryNoDomain: "false",
    });
    expect(deleted.filter(({ params }) => params.sysparm_query_no_domain === "true")).toEqual([]);
  });
});
