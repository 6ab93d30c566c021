import newMatchingRecord from "../../sources/new-matching-record/new-matching-record";
import newOrUpdatedRecord from "../../sources/new-or-updated-record/new-or-updated-record";
import newRecord from "../../sources/new-record/new-record";
import { useInstance } from "./platform";

// What cannot be followed is refused at deployment with words that say what to do; never an endless loop, the whole table, or silence.

const { writer, onPlatform } = useInstance({
  incidents: 60,
  config: {
    dateLiterals: "user",
    acls: [
      { table: "incident", field: "close_notes", operation: "read", roles: ["admin"] },
      { table: "sys_user", field: "time_zone", operation: "read", roles: ["admin"] },
    ],
  },
});

const refused = async (values: Record<string, unknown>, user = "admin"): Promise<string> => {
  const source = await onPlatform(newOrUpdatedRecord, values, user);
  const error = await source.deploy().then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(source.events).toEqual([]);
  return error?.message ?? "it was deployed";
};

test("a table without the time column", async () => {
  expect(await refused({ table: "sys_journal_field" })).toMatch(
    /sys_journal_field has no column sys_updated_on.*Choose another table/s,
  );
});

test("a table the account may not read", async () => {
  expect(await refused({ table: "incident" }, "norole")).toMatch(/may read none of the newest.*role/s);
});

test("a filter with a column that does not exist", async () => {
  expect(await refused({ table: "incident", query: "priorty=1" })).toMatch(
    /priorty.*ServiceNow ignores such a condition and would return every record/s,
  );
});

test("a filter with a column the account may not read", async () => {
  expect(await refused({ table: "incident", query: "close_notesISNOTEMPTY" }, "itil")).toMatch(
    /close_notes.*may not read.*ask for read access/s,
  );
});

test("an ORDERBY in the filter", async () => {
  expect(await refused({ table: "incident", query: "active=true^ORDERBYDESCnumber" })).toMatch(/ORDERBY/);
});

test("a filter with ^NQ keeps to both of its halves, and to the cursor", async () => {
  const source = await onPlatform(newOrUpdatedRecord, {
    table: "incident",
    query: "short_description=one half^NQshort_description=other half",
  });
  await source.deploy();
  const a = await writer.create("incident", { short_description: "one half" });
  const b = await writer.create("incident", { short_description: "other half" });
  await writer.create("incident", { short_description: "no half" });
  const emitted = (await source.poll()).map(({ data }) => data.sys_id);
  expect(new Set(emitted)).toEqual(new Set([a.sys_id, b.sys_id]));
  expect(await source.poll()).toEqual([]);
});

test("a list of fields without those that the cursor needs", async () => {
  const source = await onPlatform(newRecord, { table: "incident", fields: ["priority"] });
  await source.deploy();
  const a = await writer.create("incident", { short_description: "Few fields" });
  expect((await source.poll()).map(({ id }) => id)).toEqual([a.sys_id]);
  expect(await source.poll()).toEqual([]);
});

test("an account in a zone that cannot be found out, where dates are read in its zone", async () => {
  const user = await writer.idOf("sys_user", "itil", "user_name");
  await writer.update("sys_user", user, { time_zone: "America/New_York" });
  expect(await refused({ table: "incident" }, "itil")).toMatch(
    /in the account's own time zone, and that zone cannot be found out.*Set the time zone.*GMT/s,
  );
  // The remedy works.
  await writer.update("sys_user", user, { time_zone: "GMT" });
  expect(await (await onPlatform(newRecord, { table: "incident" }, "itil")).deploy()).toHaveLength(25);
});

test("New Matching Record without a query", async () => {
  const source = await onPlatform(newMatchingRecord, { table: "incident" });
  await expect(source.deploy()).rejects.toThrow(/No query is given.*New Record/s);
});

describe("more matches than can be remembered", () => {
  const many = useInstance({ incidents: 5_700 });

  test("New Matching Record says how many it can, and what to take instead", async () => {
    const source = await many.onPlatform(newMatchingRecord, {
      table: "incident",
      query: "sys_idISNOTEMPTY",
    });
    await expect(source.deploy()).rejects.toThrow(/More than 5600.*New or Updated Record/s);
    expect(source.events).toEqual([]);
  });
});

test("polls of one source that overlap: the one that is behind ends with a reason, and nothing comes twice", async () => {
  const source = await onPlatform(newRecord, { table: "incident" });
  await source.deploy();
  const a = await writer.create("incident", { short_description: "Impatient schedule" });
  const outcomes = await Promise.allSettled([source.poll(), source.poll()]);
  for (const outcome of outcomes)
    if (outcome.status === "rejected") expect(String(outcome.reason)).toMatch(/longer interval/);
  expect(source.events.filter(({ id }) => id === a.sys_id)).toHaveLength(1);
});
