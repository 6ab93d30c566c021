import aggregateRecords from "../../actions/aggregate-records/aggregate-records";
import bulkUpdate from "../../actions/bulk-update-records/bulk-update-records";
import checkAccess from "../../actions/check-access/check-access";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import exportRecords from "../../actions/export-records/export-records";
import listRecords from "../../actions/list-records/list-records";
import searchRecords from "../../actions/search-records-by-keyword/search-records-by-keyword";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";

const { run, runAs, rows, total } = useInstance();
const as = (user: string) => (action: Parameters<typeof run>[0], values: Row) =>
  runAs(user, action, { table: "incident", ...values });
const employee = as("employee");
const norole = as("norole");

/** An incident that the employee may read, as its caller; the first rows of the table are others'. */
let own: Row;
beforeAll(async () => {
  const [caller] = await rows("sys_user", "user_name=employee");
  const recordData = { short_description: "Own parking card", caller_id: caller?.sys_id };
  own = toRow((await run(createTableRecord, { table: "incident", recordData })).result);
});

describe("an account that may not see the first row of a table", () => {
  const query = "nonsense=1";
  const unknown = /no column "nonsense"/;

  it("is told of a column that does not exist, wherever it asks", async () => {
    await expect(employee(listRecords, { query })).rejects.toThrow(unknown);
    await expect(employee(aggregateRecords, { query })).rejects.toThrow(unknown);
    await expect(employee(exportRecords, { query, fileName: "kit-hidden.csv" })).rejects.toThrow(unknown);
    const change = { query, updateFields: { urgency: "1" } };
    await expect(employee(bulkUpdate, { ...change, dryRun: true })).rejects.toThrow(unknown);
    await expect(employee(bulkUpdate, change)).rejects.toThrow(unknown);
    expect(await total("incident", "urgency=1^sys_updated_by=employee")).toBe(0);
  });

  it("lists by columns that do exist", async () => {
    const { result } = await employee(listRecords, { query: `number=${String(own.number)}` });
    expect(result).toHaveLength(1);
    expect((await employee(listRecords, { query: "number=INC9999999" })).result).toEqual([]);
  });

  it("finds its own records by an exact keyword", async () => {
    const { result } = await employee(searchRecords, { keyword: "Own parking card", exactMatch: true });
    expect(toRows(result).map(({ sys_id }) => sys_id)).toEqual([own.sys_id]);
  });
});

it("an account that sees no row at all gets none, and changes none", async () => {
  expect((await norole(listRecords, { query: "active=true" })).result).toEqual([]);
  const change = { query: "active=true", updateFields: { urgency: "1" } };
  expect((await norole(bulkUpdate, { ...change, maxRecords: 100 })).result).toEqual([]);
  expect((await norole(searchRecords, { keyword: "parking", exactMatch: true })).result).toEqual([]);
});

describe("Check Access", () => {
  it("counts what is hidden", async () => {
    const all = await total("incident");
    const own_ = toRows((await employee(listRecords, { maximum: 1000 })).result).length;
    const { result, summary } = await employee(checkAccess, {});
    expect(result).toMatchObject({ matching: all, hiddenRows: all - own_, hidden: false });
    expect(summary).toContain(`${all} rows match, ${all - own_} of them are hidden`);
    expect((result as { columns: string[] }).columns).toContain("number");
    const open = await run(checkAccess, { table: "incident" });
    expect(open.result).toMatchObject({ matching: all, hiddenRows: 0 });
    const closed = await norole(checkAccess, {});
    expect(closed.result).toMatchObject({ matching: all, hiddenRows: all, hidden: true, columns: [] });
  });
});
