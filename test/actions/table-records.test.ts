import bulkCreate from "../../actions/bulk-create-records/bulk-create-records";
import bulkDelete from "../../actions/bulk-delete-records/bulk-delete-records";
import bulkUpdate from "../../actions/bulk-update-records/bulk-update-records";
import checkAccess from "../../actions/check-access/check-access";
import copyRecord from "../../actions/copy-record/copy-record";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import deleteTableRecord from "../../actions/delete-table-record/delete-table-record";
import findRecord from "../../actions/find-record/find-record";
import getRecordByNumber from "../../actions/get-record-by-number/get-record-by-number";
import getTableRecordById from "../../actions/get-table-record-by-id/get-table-record-by-id";
import getTableRecords from "../../actions/get-table-records/get-table-records";
import listChoices from "../../actions/list-choices/list-choices";
import listRecords from "../../actions/list-records/list-records";
import searchRecords from "../../actions/search-records-by-keyword/search-records-by-keyword";
import sendApiRequest from "../../actions/send-api-request/send-api-request";
import updateTableRecord from "../../actions/update-table-record/update-table-record";
import upsertRecord from "../../actions/upsert-record/upsert-record";
import { account, runAction, type Account } from "../helpers/components";
import { startInstance, type RunningInstance } from "../helpers/instance";

let instance: RunningInstance;
let auth: Account;

beforeAll(async () => {
  instance = await startInstance({ incidents: 60 });
  auth = await account(instance.url);
});
afterAll(() => instance.stop());

/** How many records a query matches, asked of the instance itself. */
async function total(table: string, query = ""): Promise<number> {
  const response = await fetch(
    `${instance.url}/api/now/table/${table}?sysparm_limit=1&sysparm_query=${encodeURIComponent(query)}`,
    { headers: { authorization: `Bearer ${auth.oauth_access_token}` } },
  );
  return Number(response.headers.get("x-total-count"));
}

type Row = Record<string, unknown>;
const create = async (values: Row) =>
  (await runAction(createTableRecord, auth, { table: "incident", recordData: values })).result as Row;

describe("Create Table Record", () => {
  it("creates the record and names its number in the summary", async () => {
    const { result, summary } = await runAction(createTableRecord, auth, {
      table: "incident",
      recordData: { short_description: "Cannot log in", urgency: "1" },
    });
    expect(result).toMatchObject({ short_description: "Cannot log in", urgency: "1" });
    expect(summary).toBe(`Created ${String((result as Row).number)} in table incident`);
    expect((result as Row).number).toMatch(/^INC\d+$/);
  });

  it("takes JSON text, as agents send it", async () => {
    const { result } = await runAction(createTableRecord, auth, {
      table: "incident",
      recordData: '{"short_description": "From an agent"}',
    });
    expect(result).toMatchObject({ short_description: "From an agent" });
  });

  it("is safe to repeat with a correlation id", async () => {
    const values = {
      table: "incident",
      recordData: { short_description: "Once" },
      correlationId: "event-4711",
    };
    const first = await runAction(createTableRecord, auth, values);
    const second = await runAction(createTableRecord, auth, values);
    expect((second.result as Row).sys_id).toBe((first.result as Row).sys_id);
    expect(second.summary).toMatch(/^Found/);
    expect(await total("incident", "correlation_id=event-4711")).toBe(1);
  });

  it("fills columns that were given as inputs of their own", async () => {
    const { result } = await runAction(createTableRecord, auth, {
      table: "incident",
      field_short_description: "By field",
      field_urgency: "1",
    });
    expect(result).toMatchObject({ short_description: "By field", urgency: "1" });
  });

  it.each([
    ["broken JSON", "{secret", /not valid JSON/],
    ["a list", [{ a: 1 }], /not a list/],
    ["nothing", {}, /is empty/],
  ])("refuses %s before the call, without repeating it", async (_what, recordData, message) => {
    const before = await total("incident");
    const run = runAction(createTableRecord, auth, { table: "incident", recordData });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.not.toThrow(/secret/);
    expect(await total("incident")).toBe(before);
  });

  it("says so when the table does not exist", async () => {
    await expect(
      runAction(createTableRecord, auth, { table: "not_a_table", recordData: { a: "1" } }),
    ).rejects.toThrow(/not_a_table/);
  });
});

describe("Get Table Record by ID", () => {
  it("returns the record with reference links, as the registry's action does, unless they are excluded", async () => {
    const { sys_id: recordId } = await create({ short_description: "One" });
    const values = { table: "incident", recordId };
    const { result, summary } = await runAction(getTableRecordById, auth, values);
    expect((result as Row).opened_by).toEqual({ link: expect.any(String), value: expect.any(String) });
    expect(summary).toBe(`Retrieved ${String((result as Row).number)} from table incident`);
    const plain = await runAction(getTableRecordById, auth, { ...values, excludeReferenceLinks: true });
    expect((plain.result as Row).opened_by).toMatch(/^[0-9a-f]{32}$/);
  });

  it("fails for a record that is not there, instead of reporting success", async () => {
    await expect(
      runAction(getTableRecordById, auth, { table: "incident", recordId: "0".repeat(32) }),
    ).rejects.toThrow(/no record|not found|exist/i);
  });

  it("refuses what is not a sys_id", async () => {
    await expect(
      runAction(getTableRecordById, auth, { table: "incident", recordId: "INC0000001/../x" }),
    ).rejects.toThrow(/must be a sys_id/);
  });
});

describe("Get Table Records", () => {
  it("lists a table without any filter, and says when there are more", async () => {
    const all = await total("sys_user_group");
    const { result, summary } = await runAction(getTableRecords, auth, { table: "sys_user_group", limit: 3 });
    expect(result).toHaveLength(3);
    expect(summary).toBe(`Retrieved 3 records from table sys_user_group; ${all - 3} more match`);
  });

  it("lets query and filters hold together", async () => {
    await create({ short_description: "Filtered", urgency: "1" });
    const { result } = await runAction(getTableRecords, auth, {
      table: "incident",
      query: "short_description=Filtered^NQshort_description=Nothing like this",
      filterActive: false,
    });
    expect(result).toEqual([]);
    const active = await runAction(getTableRecords, auth, {
      table: "incident",
      query: "short_description=Filtered",
      filterActive: true,
    });
    expect(active.result).toHaveLength(1);
  });

  it("reads page by page in a stable order, so that nothing is lost or doubled", async () => {
    const { result } = await runAction(getTableRecords, auth, {
      table: "sys_user",
      responseFields: ["sys_id"],
    });
    const ids = (result as Row[]).map((row) => row.sys_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(await total("sys_user"));
  });

  it("compares dates in UTC from that moment on, and refuses what is no date", async () => {
    const { sys_created_on: created, number } = await create({ short_description: "Dated" });
    const { result } = await runAction(getTableRecords, auth, {
      table: "incident",
      filterCreatedAtDate: `${String(created).replace(" ", "T")}Z`,
      responseFields: ["number"],
    });
    expect((result as Row[]).map((row) => row.number)).toContain(number);
    await expect(
      runAction(getTableRecords, auth, { table: "incident", filterUpdatedAtDate: "last week" }),
    ).rejects.toThrow(/Updated Since must be a date/);
  });

  it("refuses a condition on a column that does not exist, which ServiceNow would ignore", async () => {
    await expect(
      runAction(getTableRecords, auth, { table: "incident", query: "no_such_column=1" }),
    ).rejects.toThrow(/no column "no_such_column"/);
  });

  it("refuses a stray ^ in the query", async () => {
    await expect(
      runAction(getTableRecords, auth, { table: "incident", query: "active=true^^" }),
    ).rejects.toThrow(/\^/);
  });
});

describe("Update Table Record", () => {
  it("changes the given fields and leaves the others", async () => {
    const { sys_id: recordId } = await create({ short_description: "Before", description: "Kept" });
    const { result, summary } = await runAction(updateTableRecord, auth, {
      table: "incident",
      recordId,
      updateFields: { short_description: "After" },
    });
    expect(result).toMatchObject({ short_description: "After", description: "Kept" });
    expect(summary).toBe(`Updated ${String((result as Row).number)} in table incident`);
  });

  it("keeps fields that are not sent also when it replaces, as its prop says", async () => {
    const { sys_id: recordId } = await create({ short_description: "Before", description: "Kept" });
    const { result, summary } = await runAction(updateTableRecord, auth, {
      table: "incident",
      recordId,
      replaceRecord: true,
      updateFields: { short_description: "Replaced" },
    });
    expect(result).toMatchObject({ short_description: "Replaced", description: "Kept" });
    expect(summary).toMatch(/^Replaced/);
  });

  it("refuses an empty update", async () => {
    const { sys_id: recordId } = await create({ short_description: "Same" });
    await expect(
      runAction(updateTableRecord, auth, { table: "incident", recordId, updateFields: {} }),
    ).rejects.toThrow(/Update Fields is empty/);
  });

  it("names fields that the instance did not take over", async () => {
    const { sys_id: recordId } = await create({ short_description: "Same" });
    const { summary } = await runAction(updateTableRecord, auth, {
      table: "incident",
      recordId,
      updateFields: { short_description: "New", no_such_column: "x" },
    });
    expect(summary).toMatch(/no_such_column/);
  });
});

describe("Delete Table Record", () => {
  it("deletes it and names it", async () => {
    const { sys_id: recordId, number } = await create({ short_description: "Gone" });
    const { result, summary } = await runAction(deleteTableRecord, auth, { table: "incident", recordId });
    expect(result).toEqual({ success: true, recordId, table: "incident" });
    expect(summary).toBe(`Deleted ${String(number)} from table incident`);
    expect(await total("incident", `sys_id=${String(recordId)}`)).toBe(0);
  });

  it("fails for a record that is not there", async () => {
    await expect(
      runAction(deleteTableRecord, auth, { table: "incident", recordId: "1".repeat(32) }),
    ).rejects.toThrow();
  });
});

describe("Get Record by Number and Find Record", () => {
  it("finds a task of any kind by its number", async () => {
    const { sys_id: id, number } = await create({ short_description: "By number" });
    const { result, summary } = await runAction(getRecordByNumber, auth, { number });
    expect(result).toMatchObject({ sys_id: id, sys_class_name: "incident" });
    expect(summary).toBe(`Retrieved ${String(number)} from table incident`);
    await expect(runAction(getRecordByNumber, auth, { number: "INC9999999" })).rejects.toThrow(
      /no record with the number "INC9999999"/,
    );
  });

  it("takes no other record where the table has no numbers", async () => {
    const run = runAction(getRecordByNumber, auth, { table: "sys_user_group", number: "INC0000001" });
    await expect(run).rejects.toThrow(/no record with the number/);
  });

  it("returns null where nothing meets the query", async () => {
    const { result, summary } = await runAction(findRecord, auth, {
      table: "incident",
      query: "short_description=Nothing like this",
    });
    expect(result).toBeNull();
    expect(summary).toBe("No record of table incident meets the query");
  });
});

describe("List Records", () => {
  it("orders, keeps to the maximum and returns a few telling fields", async () => {
    const { result } = await runAction(listRecords, auth, {
      table: "incident",
      orderBy: "-number",
      maximum: 5,
    });
    const numbers = (result as Row[]).map((row) => String(row.number));
    expect(numbers).toEqual([...numbers].sort().reverse());
    expect(numbers).toHaveLength(5);
    expect(Object.keys((result as Row[])[0] ?? {}).length).toBeLessThan(15);
  });
});

describe("Search Records by Keyword", () => {
  it("finds by words and never answers with the whole table", async () => {
    await create({ short_description: "The flux capacitor hums" });
    const { result } = await runAction(searchRecords, auth, { table: "incident", keyword: "capacitor" });
    expect((result as Row[]).map((row) => row.short_description)).toEqual(["The flux capacitor hums"]);
    const none = await runAction(searchRecords, auth, { table: "incident", keyword: "qqqqzzzz" });
    expect(none.result).toEqual([]);
  });

  it("compares exactly when asked to", async () => {
    await create({ short_description: "Exactly this" });
    const run = (keyword: string) =>
      runAction(searchRecords, auth, { table: "incident", keyword, exactMatch: true });
    expect((await run("Exactly")).result).toEqual([]);
    expect((await run("Exactly this")).result).toHaveLength(1);
  });

  it("refuses a ^", async () => {
    await expect(runAction(searchRecords, auth, { table: "incident", keyword: "a^b" })).rejects.toThrow(
      /cannot be searched for/,
    );
  });
});

describe("Upsert Record", () => {
  const upsert = (recordData: Row, keyFields = ["correlation_id"]) =>
    runAction(upsertRecord, auth, { table: "incident", keyFields, recordData });

  it("creates at first and updates then", async () => {
    const first = await upsert({ correlation_id: "u-1", short_description: "First" });
    const second = await upsert({ correlation_id: "u-1", short_description: "Second" });
    expect(first.summary).toMatch(/^Created/);
    expect(second.summary).toMatch(/^Updated/);
    expect((second.result as Row).sys_id).toBe((first.result as Row).sys_id);
    expect(await total("incident", "correlation_id=u-1")).toBe(1);
  });

  it("writes nothing when several records fit, or when the key is unknown or empty", async () => {
    await create({ short_description: "Twin", correlation_id: "u-2" });
    await create({ short_description: "Twin", correlation_id: "u-2" });
    await expect(upsert({ correlation_id: "u-2", short_description: "X" })).rejects.toThrow(
      /Several records/,
    );
    await expect(upsert({ no_such: "1" }, ["no_such"])).rejects.toThrow(/no column "no_such"/);
    await expect(upsert({ short_description: "X" })).rejects.toThrow(/"correlation_id" has no value/);
    expect(await total("incident", "short_description=X")).toBe(0);
  });
});

describe("Copy Record", () => {
  it("copies what can be copied and changes what is given", async () => {
    const { number } = await create({
      short_description: "Original",
      description: "Long text",
      urgency: "1",
    });
    const { result, summary } = await runAction(copyRecord, auth, {
      table: "incident",
      record: number,
      changes: { short_description: "Copy" },
      resultFields: ["number", "short_description", "description", "urgency"],
    });
    expect(result).toMatchObject({ short_description: "Copy", description: "Long text", urgency: "1" });
    expect(summary).toBe(`Copied ${String(number)} to ${String((result as Row).number)} in table incident`);
  });
});

describe("bulk actions", () => {
  it("create each record and report on each", async () => {
    const { result, summary } = await runAction(bulkCreate, auth, {
      table: "incident",
      records: JSON.stringify([{ short_description: "bulk 1" }, { short_description: "bulk 2" }]),
    });
    expect(result).toEqual([
      { index: 0, status: "done", sys_id: expect.any(String), number: expect.stringMatching(/^INC/) },
      { index: 1, status: "done", sys_id: expect.any(String), number: expect.stringMatching(/^INC/) },
    ]);
    expect(summary).toBe("2 records of table incident created");
    expect(await total("incident", "short_descriptionSTARTSWITHbulk ")).toBe(2);
  });

  it("update what a query matches, and nothing in a dry run", async () => {
    const values = {
      table: "incident",
      query: "short_descriptionSTARTSWITHbulk ",
      updateFields: { urgency: "1" },
    };
    const dry = await runAction(bulkUpdate, auth, { ...values, dryRun: true });
    expect(dry.summary).toBe("Dry run: 2 records of table incident would be updated");
    expect(await total("incident", "short_descriptionSTARTSWITHbulk ^urgency=1")).toBe(0);
    await runAction(bulkUpdate, auth, values);
    expect(await total("incident", "short_descriptionSTARTSWITHbulk ^urgency=1")).toBe(2);
  });

  it("refuse an empty query, an unknown column and more records than the maximum", async () => {
    const update = (query: string, maximum?: number) =>
      runAction(bulkUpdate, auth, { table: "incident", query, maximum, updateFields: { urgency: "3" } });
    await expect(update("ORDERBYnumber")).rejects.toThrow(/no condition/);
    await expect(update("no_such=1")).rejects.toThrow(/no column "no_such"/);
    await expect(update("active=true", 1)).rejects.toThrow(/Nothing was changed/);
    expect(await total("incident", "short_descriptionSTARTSWITHbulk ^urgency=1")).toBe(2);
  });

  it("delete only when the dry run is switched off", async () => {
    const values = { table: "incident", query: "short_descriptionSTARTSWITHbulk " };
    await runAction(bulkDelete, auth, values);
    expect(await total("incident", values.query)).toBe(2);
    const { summary } = await runAction(bulkDelete, auth, { ...values, dryRun: false });
    expect(summary).toBe("2 records of table incident deleted");
    expect(await total("incident", values.query)).toBe(0);
  });
});

describe("smaller actions", () => {
  it("List Choices gives values and labels in the order of the form", async () => {
    const { result } = await runAction(listChoices, auth, { table: "incident", column: "state" });
    expect((result as Row[])[0]).toEqual({ value: "1", label: "New" });
  });

  it("Check Access tells what the account sees", async () => {
    const { result } = await runAction(checkAccess, auth, { table: "incident" });
    expect(result).toMatchObject({ readable: true, hidden: false });
    const missing = await runAction(checkAccess, auth, { table: "not_a_table" });
    expect(missing.result).toMatchObject({ readable: false });
  });

  it("Send API Request calls any path of the instance and no other host", async () => {
    const { result } = await runAction(sendApiRequest, auth, {
      path: "/api/now/table/incident?sysparm_fields=number",
      params: { sysparm_limit: "1" },
    });
    expect(result).toMatchObject({ status: 200, data: { result: [{ number: expect.any(String) }] } });
    for (const path of ["https://example.com/x", "//example.com/x", "/\\example.com"])
      await expect(runAction(sendApiRequest, auth, { path })).rejects.toThrow(/stay on the instance/);
  });
});
