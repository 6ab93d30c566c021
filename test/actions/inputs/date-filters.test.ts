import createTableRecord from "../../../actions/create-table-record/create-table-record";
import getTableRecords from "../../../actions/get-table-records/get-table-records";
import { useInstance, type Row } from "../../helpers/action-suite";

/** Created Since and Updated Since mean a moment, whatever the zone in which the instance reads dates for the account. */
const { run, runAs, read, configure } = useInstance({ incidents: 20 });

let made: Record<string, string>;
beforeAll(async () => {
  const recordData = { short_description: "For date filters", opened_by: "admin" };
  const { result } = await run(createTableRecord, { table: "incident", recordData });
  made = await read("incident", String((result as Row).sys_id));
});

const later = (seconds: number) =>
  new Date(Date.parse(`${made.sys_created_on}Z`) + seconds * 1000).toISOString().replace(/\.\d+/, "");
const found = async (user: string, filters: Row) =>
  (
    (await runAs(user, getTableRecords, { table: "incident", query: `sys_id=${made.sys_id}`, ...filters }))
      .result as Row[]
  ).length;

describe.each(["user", "utc"])("on an instance that reads dates as %s", (dateLiterals) => {
  beforeAll(() => configure({ dateLiterals }));

  it.each(["sydney", "newyork", "itil"])(
    "%s gets what was made since a moment, and nothing else",
    async (user) => {
      expect(await found(user, { filterCreatedAtDate: later(1) })).toBe(0);
      expect(await found(user, { filterCreatedAtDate: later(0) })).toBe(1);
      expect(await found(user, { filterUpdatedAtDate: later(3600) })).toBe(0);
      expect(await found(user, { filterUpdatedAtDate: later(-3600) })).toBe(1);
    },
  );

  it("both filters hold together, beside the query", async () => {
    const filters = { filterCreatedAtDate: later(-60), filterUpdatedAtDate: later(60) };
    expect(await found("sydney", filters)).toBe(0);
    expect(await found("sydney", { ...filters, filterUpdatedAtDate: later(-60) })).toBe(1);
  });
});
