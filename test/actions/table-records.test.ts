import createTableRecord from "../../actions/create-table-record/create-table-record";
import deleteTableRecord from "../../actions/delete-table-record/delete-table-record";
import findRecord from "../../actions/find-record/find-record";
import getRecordByNumber from "../../actions/get-record-by-number/get-record-by-number";
import getTableRecordById from "../../actions/get-table-record-by-id/get-table-record-by-id";
import getTableRecords from "../../actions/get-table-records/get-table-records";
import listRecords from "../../actions/list-records/list-records";
import searchRecords from "../../actions/search-records-by-keyword/search-records-by-keyword";
import updateTableRecord from "../../actions/update-table-record/update-table-record";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";

const { read, run, total } = useInstance({ incidents: 60 });
const create = async (values: Row) =>
  toRow((await run(createTableRecord, { table: "incident", recordData: values })).result);

describe("Create Table Record", () => {
  it("creates the record and names its number in the summary", async () => {
    const { result, summary } = await run(createTableRecord, {
      table: "incident",
      recordData: { short_description: "Cannot log in", urgency: "1" },
    });
    expect(result).toMatchObject({ short_description: "Cannot log in", urgency: "1" });
    expect(summary).toBe(`Created ${String(toRow(result).number)} in table incident`);
    expect(toRow(result).number).toMatch(/^INC\d+$/);
  });

  it("takes JSON text, as agents send it", async () => {
    const { result } = await run(createTableRecord, {
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
    const first = await run(createTableRecord, values);
    const second = await run(createTableRecord, values);
    expect(toRow(second.result).sys_id).toBe(toRow(first.result).sys_id);
    expect(second.summary).toMatch(/^Found/);
    expect(await total("incident", "correlation_id=event-4711")).toBe(1);
  });

  it("fills columns that were given as inputs of their own", async () => {
    const { result } = await run(createTableRecord, {
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
    const attempt = run(createTableRecord, { table: "incident", recordData });
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.not.toThrow(/secret/);
    expect(await total("incident")).toBe(before);
  });

  it("says so when the table does not exist", async () => {
    await expect(run(createTableRecord, { table: "not_a_table", recordData: { a: "1" } })).rejects.toThrow(
      /not_a_table/,
    );
  });
});

describe("Get Table Record by ID", () => {
  it("returns the record with reference links, as the registry's action does, unless they are excluded", async () => {
    const { sys_id: recordId } = await create({ short_description: "One" });
    const values = { table: "incident", recordId };
    const { result, summary } = await run(getTableRecordById, values);
    expect(toRow(result).opened_by).toEqual({ link: expect.any(String), value: expect.any(String) });
    expect(summary).toBe(`Retrieved ${String(toRow(result).number)} from table incident`);
    const plain = await run(getTableRecordById, { ...values, excludeReferenceLinks: true });
    expect(toRow(plain.result).opened_by).toMatch(/^[0-9a-f]{32}$/);
  });

  it("fails for a record that is not there, instead of reporting success", async () => {
    await expect(run(getTableRecordById, { table: "incident", recordId: "0".repeat(32) })).rejects.toThrow(
      /no record|not found|exist/i,
    );
  });

  it("refuses what is not a sys_id", async () => {
    await expect(run(getTableRecordById, { table: "incident", recordId: "INC0000001/../x" })).rejects.toThrow(
      /must be a sys_id/,
    );
  });
});

describe("Get Table Records", () => {
  it("lists a table without any filter, and says when there are more", async () => {
    const all = await total("sys_user_group");
    const { result, summary } = await run(getTableRecords, { table: "sys_user_group", limit: 3 });
    expect(result).toHaveLength(3);
    expect(summary).toBe(`Retrieved 3 records from table sys_user_group; up to ${all - 3} more match`);
  });

  it("lets query and filters hold together", async () => {
    await create({ short_description: "Filtered", urgency: "1" });
    const { result } = await run(getTableRecords, {
      table: "incident",
      query: "short_description=Filtered^NQshort_description=Nothing like this",
      filterActive: false,
    });
    expect(result).toEqual([]);
    const active = await run(getTableRecords, {
      table: "incident",
      query: "short_description=Filtered",
      filterActive: true,
    });
    expect(active.result).toHaveLength(1);
  });

  it("reads page by page in a stable order, so that nothing is lost or doubled", async () => {
    const { result } = await run(getTableRecords, {
      table: "sys_user",
      responseFields: ["sys_id"],
    });
    const ids = toRows(result).map((row) => row.sys_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(await total("sys_user"));
  });

  it("compares dates in UTC from that moment on, and refuses what is no date", async () => {
    const { sys_created_on: created, number } = await create({ short_description: "Dated" });
    const { result } = await run(getTableRecords, {
      table: "incident",
      filterCreatedAtDate: `${String(created).replace(" ", "T")}Z`,
      responseFields: ["number"],
    });
    expect(toRows(result).map((row) => row.number)).toContain(number);
    await expect(
      run(getTableRecords, { table: "incident", filterUpdatedAtDate: "last week" }),
    ).rejects.toThrow(/Updated Since must be a date/);
  });

  it("refuses a condition on a column that does not exist, which ServiceNow would ignore", async () => {
    await expect(run(getTableRecords, { table: "incident", query: "no_such_column=1" })).rejects.toThrow(
      /no column "no_such_column"/,
    );
  });

  it("refuses a stray ^ in the query", async () => {
    await expect(run(getTableRecords, { table: "incident", query: "active=true^^" })).rejects.toThrow(/\^/);
  });
});

describe("Update Table Record", () => {
  it("changes the given fields and leaves the others", async () => {
    const { sys_id: recordId } = await create({ short_description: "Before", description: "Kept" });
    const { result, summary } = await run(updateTableRecord, {
      table: "incident",
      recordId,
      updateFields: { short_description: "After" },
    });
    expect(result).toMatchObject({ short_description: "After", description: "Kept" });
    expect(summary).toBe(`Updated ${String(toRow(result).number)} in table incident`);
  });

  it("keeps fields that are not sent also when it replaces, as its prop says", async () => {
    const { sys_id: recordId } = await create({ short_description: "Before", description: "Kept" });
    const { result, summary } = await run(updateTableRecord, {
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
    await expect(run(updateTableRecord, { table: "incident", recordId, updateFields: {} })).rejects.toThrow(
      /Update Fields is empty/,
    );
  });

  it("refuses a column that the table does not have, and writes nothing", async () => {
    const { sys_id: recordId } = await create({ short_description: "Same" });
    const updateFields = { short_description: "New", no_such_column: "x" };
    await expect(run(updateTableRecord, { table: "incident", recordId, updateFields })).rejects.toThrow(
      /no column "no_such_column"/,
    );
    expect(await read("incident", String(recordId))).toMatchObject({ short_description: "Same" });
  });
});

describe("Delete Table Record", () => {
  it("deletes it and names it", async () => {
    const { sys_id: recordId, number } = await create({ short_description: "Gone" });
    const { result, summary } = await run(deleteTableRecord, { table: "incident", recordId });
    expect(result).toEqual({ success: true, recordId, table: "incident" });
    expect(summary).toBe(`Deleted ${String(number)} from table incident`);
    expect(await total("incident", `sys_id=${String(recordId)}`)).toBe(0);
  });

  it("fails for a record that is not there", async () => {
    await expect(run(deleteTableRecord, { table: "incident", recordId: "1".repeat(32) })).rejects.toThrow(
      /not found|no record/i,
    );
  });
});

describe("Get Record by Number and Find Record", () => {
  it("finds a task of any kind by its number", async () => {
    const { sys_id: id, number } = await create({ short_description: "By number" });
    const { result, summary } = await run(getRecordByNumber, { number });
    expect(result).toMatchObject({ sys_id: id, sys_class_name: "incident" });
    expect(summary).toBe(`Retrieved ${String(number)} from table incident`);
    await expect(run(getRecordByNumber, { number: "INC9999999" })).rejects.toThrow(
      /no record with the number "INC9999999"/,
    );
  });

  it("takes no other record where the table has no numbers", async () => {
    const attempt = run(getRecordByNumber, { table: "sys_user_group", number: "INC0000001" });
    await expect(attempt).rejects.toThrow(/no record with the number/);
  });

  it("returns null where nothing meets the query", async () => {
    const { result, summary } = await run(findRecord, {
      table: "incident",
      query: "short_description=Nothing like this",
    });
    expect(result).toBeNull();
    expect(summary).toBe("No record of table incident meets the query");
  });
});

describe("List Records", () => {
  it("orders, keeps to the maximum and returns a few telling fields", async () => {
    const { result } = await run(listRecords, {
      table: "incident",
      orderBy: "-number",
      maximum: 5,
    });
    const numbers = toRows(result).map((row) => String(row.number));
    expect(numbers).toEqual([...numbers].sort().reverse());
    expect(numbers).toHaveLength(5);
    expect(Object.keys(toRows(result)[0] ?? {}).length).toBeLessThan(15);
  });
});

describe("Search Records by Keyword", () => {
  it("finds by words and never answers with the whole table", async () => {
    await create({ short_description: "The flux capacitor hums" });
    const { result } = await run(searchRecords, { table: "incident", keyword: "capacitor" });
    expect(toRows(result).map((row) => row.short_description)).toEqual(["The flux capacitor hums"]);
    const none = await run(searchRecords, { table: "incident", keyword: "qqqqzzzz" });
    expect(none.result).toEqual([]);
  });

  it("compares exactly when asked to", async () => {
    await create({ short_description: "Exactly this" });
    const exactly = (keyword: string) => run(searchRecords, { table: "incident", keyword, exactMatch: true });
    expect((await exactly("Exactly")).result).toEqual([]);
    expect((await exactly("Exactly this")).result).toHaveLength(1);
  });

  it("refuses a ^", async () => {
    await expect(run(searchRecords, { table: "incident", keyword: "a^b" })).rejects.toThrow(
      /cannot be searched for/,
    );
  });
});
