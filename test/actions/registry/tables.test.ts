import { instanceOf, propOptions } from "../../helpers/components";
import { mends, useRegistry } from "../../helpers/registry-suite";
import type { Row } from "../../helpers/action-suite";
import { toRow, toRows } from "../../helpers/present";

/** What the registry's actions on tables got wrong, on the values that its workflows have saved. */
const { step, asked, record, total, action, auth } = useRegistry();

const incident = async (values: Row = {}) =>
  record("incident", { short_description: "Registry", urgency: "2", ...values });
const table = "incident";
const tableRows = async (values: Row) =>
  toRows((await step("get-table-records", { table, ...values })).result);
const labels = async (key: string, query: string) =>
  (await propOptions(action(key), auth(), "recordId", { table, query })).map(({ label }) => label);

describe("create", () => {
  const create = (values: Row) => step("create-table-record", { table, ...values });
  mends(
    "create-table-record",
    "the summary names the record by its number, its name or its sys_id",
    async () => {
      const { summary, result } = await create({ recordData: { short_description: "New" } });
      expect(summary).toBe(`Created ${String(toRow(result).number)} in table incident`);
      const group = await create({ table: "sys_user_group", recordData: '{"name": "Owls"}' });
      expect(group.summary).toBe("Created Owls in table sys_user_group");
      const member = await create({
        table: "sys_user_grmember",
        recordData: { group: toRow(group.result).sys_id },
      });
      expect(member.summary).toBe(
        `Created ${String(toRow(member.result).sys_id)} in table sys_user_grmember`,
      );
    },
  );
  mends(
    "create-table-record",
    "fields of the table as props, with choices, references and mandatory marks",
    async () => {
      const more = action("create-table-record").additionalProps as (
        previous: object,
      ) => Promise<Record<string, Row>>;
      const { servicenow } = instanceOf(action("create-table-record"), auth(), {});
      const props = await more.call({ servicenow, table, fieldNames: ["urgency"] }, {});
      expect(props.field_urgency?.options).toContainEqual({ label: "1 - High", value: "1" });
      expect(props.field_caller_id?.description).toMatch(/record of sys_user.*Mandatory/);
    },
  );
  mends(
    "create-table-record",
    "data that is a list, a number or empty is refused before the call, without repeating it in the error",
    async () => {
      for (const recordData of ['["hush"]', "4711", "{}", ""]) {
        const attempt = create({ recordData });
        await expect(attempt).rejects.toThrow(/Record Data/);
        await expect(attempt).rejects.not.toThrow(/hush|4711/);
      }
      expect(asked()).toEqual([]);
    },
  );
  mends("create-table-record", "an optional correlation id makes the step safe to repeat", async () => {
    const values = { recordData: { short_description: "Once" }, correlationId: "registry-1" };
    await create(values);
    await create(values);
    expect(await total("incident", "correlation_id=registry-1")).toBe(1);
  });
});

describe("update and delete", () => {
  const update = (values: Row) => step("update-table-record", { table, ...values });
  mends(
    "update-table-record",
    "records are found by number, name or description instead of typed ids",
    async () => {
      const { number } = await incident({ short_description: "The walrus sings" });
      expect(await labels("update-table-record", "walrus")).toEqual([`${String(number)} – The walrus sings`]);
      expect(await labels("update-table-record", String(number))).toHaveLength(1);
    },
  );
  mends("update-table-record", "an empty update is refused", async () => {
    const { sys_id: recordId } = await incident();
    for (const updateFields of [{}, "", "{}"])
      await expect(update({ recordId, updateFields })).rejects.toThrow(/Update Fields is empty/);
  });
  mends(
    "update-table-record",
    "says truthfully what replacing does: fields that are not sent stay as they are",
    async () => {
      const { sys_id: recordId } = await incident({ description: "Kept" });
      const { result, asked: requests } = await update({
        recordId,
        replaceRecord: true,
        updateFields: '{"urgency": "1"}',
      });
      expect(requests.map(({ method }) => method)).toContain("PUT");
      expect(result).toMatchObject({ description: "Kept", urgency: "1" });
      const { replaceRecord } = action("update-table-record").props as Record<
        string,
        { description: string }
      >;
      expect(replaceRecord?.description).toMatch(/keeps the fields that are not sent/);
    },
  );
  mends("update-table-record", "fields the instance did not take over are named", async () => {
    const { sys_id: recordId } = await incident();
    const { exports } = await update({ recordId, updateFields: { priority: "1" } });
    expect(exports.$warnings).toEqual([
      expect.stringMatching(/did not store these values as given: priority is/),
    ]);
    const unknown = { urgency: "1", no_such: "x" };
    await expect(update({ recordId, updateFields: unknown })).rejects.toThrow(/no column "no_such"/);
  });
  mends("delete-table-record", "records are chosen by number and description, not by hash", async () => {
    const { number } = await incident({ short_description: "The heron waits" });
    expect(await labels("delete-table-record", "heron")).toEqual([`${String(number)} – The heron waits`]);
  });
  mends("delete-table-record", "the summary names the record that was deleted", async () => {
    const { sys_id: recordId, number } = await incident();
    const { summary, result } = await step("delete-table-record", { table, recordId });
    expect(summary).toBe(`Deleted ${String(number)} from table incident`);
    expect(result).toEqual({ success: true, recordId, table });
  });
});

describe("one record", () => {
  mends(
    "get-table-record-by-id",
    "a missing record is an error that says so, never a success with nothing in it",
    async () => {
      await expect(step("get-table-record-by-id", { table, recordId: "0".repeat(32) })).rejects.toThrow(
        /no record|not found|exist/i,
      );
    },
  );
  mends("get-table-record-by-id", "the summary names the record", async () => {
    const { sys_id: recordId, number } = await incident();
    const { summary, result } = await step("get-table-record-by-id", {
      table,
      recordId,
      responseDataFormat: "all",
      excludeReferenceLinks: "true",
      responseFields: '["number", "urgency"]',
    });
    expect(summary).toBe(`Retrieved ${String(number)} from table incident`);
    expect(result).toEqual({
      number: { value: number, display_value: number },
      urgency: { value: "2", display_value: "2 - Medium" },
    });
  });
});

describe("many records", () => {
  mends("get-table-records", "query and filters hold together, where the query silently won", async () => {
    await incident({ short_description: "Both" });
    expect(await tableRows({ query: "short_description=Both", filterActive: true })).toHaveLength(1);
    expect(await tableRows({ query: "short_description=Both", filterActive: false })).toEqual([]);
  });
  mends("get-table-records", "a small table can be listed without inventing a filter", async () => {
    const { result } = await step("get-table-records", { table: "kb_knowledge_base" });
    expect(result).toHaveLength(await total("kb_knowledge_base"));
  });
  mends(
    "get-table-records",
    "rows are read in pages with a stable order, not in one response of 10,000",
    async () => {
      const { result, asked: requests } = await step("get-table-records", {
        table: "sys_dictionary",
        responseFields: ["sys_id"],
      });
      const ids = toRows(result).map(({ sys_id: id }) => id);
      expect(new Set(ids).size).toBe(await total("sys_dictionary"));
      expect(requests.length).toBeGreaterThan(1);
      expect(requests.every(({ params }) => Number(params.sysparm_limit) <= 1000)).toBe(true);
    },
  );
  mends("get-table-records", "the order is stable, and the summary says when there are more", async () => {
    const { summary, asked: requests } = await step("get-table-records", { table, limit: 2 });
    expect(summary).toMatch(/^Retrieved 2 records from table incident; up to \d+ more match$/);
    expect(requests.at(-1)?.params.sysparm_query).toMatch(/ORDERBYsys_id/);
  });
  mends(
    "get-table-records",
    "dates are checked and read as UTC, and 'after' means from that moment on, as the prop says",
    async () => {
      const { sys_created_on: created, number } = await incident();
      const numbers = async (filterCreatedAtDate: string) =>
        (await tableRows({ filterCreatedAtDate })).map((row) => row.number);
      expect(await numbers(`${String(created).replace(" ", "T")}Z`)).toContain(number);
      expect(await numbers("2999-01-01")).toEqual([]);
      await expect(tableRows({ filterUpdatedAtDate: "30.07.2026" })).rejects.toThrow(/must be a date/);
    },
  );
  mends(
    "get-table-records",
    "a filter on a column that does not exist is refused, where ServiceNow answers with every row",
    async () => {
      await expect(tableRows({ query: "prioritty=1" })).rejects.toThrow(/no column "prioritty"/);
      await expect(step("get-table-records", { table: "sys_audit", filterActive: true })).rejects.toThrow(
        /no column "active"/,
      );
    },
  );
});

describe("search and counts", () => {
  mends(
    "search-records-by-keyword",
    "searches the text index, and columns that the table has; never answers with the whole table",
    async () => {
      const { number } = await incident({ description: "An axolotl in the server room" });
      const search = (values: Row) => step("search-records-by-keyword", values);
      const found = await search({ table, keyword: "axolotl", limit: 10000 });
      expect(toRows(found.result).map((row) => row.number)).toEqual([number]);
      expect((await search({ table, keyword: "nothing-has-this-word" })).result).toEqual([]);
      const groups = await search({ table: "sys_user_group", keyword: "Network" });
      expect(toRows(groups.result).length).toBeLessThan(await total("sys_user_group"));
      await expect(search({ table: "sys_user_grmember", keyword: "x" })).rejects.toThrow(
        /none of the columns/,
      );
    },
  );
  mends("search-records-by-keyword", "one rule for `^` in a value", async () => {
    await expect(step("search-records-by-keyword", { table, keyword: "a^b" })).rejects.toThrow(
      /cannot be searched/,
    );
    await expect(step("find-users", { searchValue: "a^b" })).rejects.toThrow(/\^/);
  });
  const counts = (values: Row) =>
    step("get-record-counts-by-field", { table, groupByField: "state", ...values });
  mends("get-record-counts-by-field", "counts without an average, minimum, maximum or sum", async () => {
    const { result } = await counts({ count: true });
    const groups = result as { stats: { count: string } }[];
    expect(groups.reduce((sum, { stats }) => sum + Number(stats.count), 0)).toBe(await total(table));
  });
  mends(
    "get-record-counts-by-field",
    "conditions on groups and the order are given in the forms that ServiceNow documents, and checked",
    async () => {
      const { result } = await counts({ havingQuery: "count^state^>^1", orderBy: "-count" });
      const sizes = (result as { stats: { count: string } }[]).map(({ stats }) => Number(stats.count));
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      expect(Math.min(...sizes)).toBeGreaterThan(1);
      await expect(counts({ havingQuery: "COUNT>>10" })).rejects.toThrow(/count\^priority\^>\^10/);
      await expect(counts({ orderBy: "^ORDER_BYDESCcount" })).rejects.toThrow(/Order By must be/);
    },
  );
  mends("get-record-counts-by-field", "the summary counts groups as groups, not as records", async () => {
    const { result, summary } = await counts({});
    expect(summary).toBe(`Retrieved ${toRows(result).length} groups of table incident by state`);
  });
});
