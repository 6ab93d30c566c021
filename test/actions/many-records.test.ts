import createTableRecord from "../../actions/create-table-record/create-table-record";
import bulkCreate from "../../actions/bulk-create-records/bulk-create-records";
import bulkDelete from "../../actions/bulk-delete-records/bulk-delete-records";
import bulkUpdate from "../../actions/bulk-update-records/bulk-update-records";
import checkAccess from "../../actions/check-access/check-access";
import copyRecord from "../../actions/copy-record/copy-record";
import listChoices from "../../actions/list-choices/list-choices";
import sendApiRequest from "../../actions/send-api-request/send-api-request";
import upsertRecord from "../../actions/upsert-record/upsert-record";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";
import { instanceOf } from "../helpers/components";

const { run, total, read, rows, auth } = useInstance({ incidents: 60 });
const create = async (values: Row) =>
  toRow((await run(createTableRecord, { table: "incident", recordData: values })).result);

describe("Upsert Record", () => {
  const upsert = (recordData: Row, keyFields = ["correlation_id"]) =>
    run(upsertRecord, { table: "incident", keyFields, recordData });

  it("creates at first and updates then", async () => {
    const first = await upsert({ correlation_id: "u-1", short_description: "First" });
    const second = await upsert({ correlation_id: "u-1", short_description: "Second" });
    expect(first.summary).toMatch(/^Created/);
    expect(second.summary).toMatch(/^Updated/);
    expect(toRow(second.result).sys_id).toBe(toRow(first.result).sys_id);
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
    const { result, summary } = await run(copyRecord, {
      table: "incident",
      record: number,
      changes: { short_description: "Copy" },
      resultFields: ["number", "short_description", "description", "urgency"],
    });
    expect(result).toMatchObject({ short_description: "Copy", description: "Long text", urgency: "1" });
    expect(summary).toBe(`Copied ${String(number)} to ${String(toRow(result).number)} in table incident`);
  });

  it("leaves out what makes a person that person, and why a record waits", async () => {
    const [original] = await rows("sys_user", "user_name=itil");
    const user = { table: "sys_user", record: original?.sys_id, changes: { user_name: "itil.second" } };
    const copy = await read("sys_user", String(toRow((await run(copyRecord, user)).result).sys_id));
    expect(copy).toMatchObject({ user_name: "itil.second", email: "", last_name: original?.last_name });
    expect(copy.user_password).not.toBe(original?.user_password);
    expect(await total("sys_user", "user_name=itil")).toBe(1);

    const waiting = await create({
      short_description: "Waits",
      state: "3",
      hold_reason: "4",
      escalation: "2",
    });
    const again = toRow((await run(copyRecord, { table: "incident", record: waiting.number })).result);
    expect(await read("incident", String(again.sys_id))).toMatchObject({
      short_description: "Waits",
      state: "1",
      hold_reason: "",
      escalation: "0",
    });
    const change = { on_hold: "true", on_hold_reason: "No window", conflict_status: "Conflict" };
    const recordData = { short_description: "Held", ...change };
    const held = toRow((await run(createTableRecord, { table: "change_request", recordData })).result);
    const free = toRow((await run(copyRecord, { table: "change_request", record: held.number })).result);
    expect(await read("change_request", String(free.sys_id))).toMatchObject({
      short_description: "Held",
      on_hold: "false",
      on_hold_reason: "",
      conflict_status: expect.not.stringMatching("^Conflict$"),
    });
  });
});

describe("bulk actions", () => {
  it("create each record and report on each", async () => {
    const { result, summary } = await run(bulkCreate, {
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
    const dry = await run(bulkUpdate, { ...values, dryRun: true });
    const all = await total("incident");
    expect(dry.summary).toBe(`Dry run: 2 of the ${all} records of table incident would be updated`);
    expect(await total("incident", "short_descriptionSTARTSWITHbulk ^urgency=1")).toBe(0);
    await run(bulkUpdate, values);
    expect(await total("incident", "short_descriptionSTARTSWITHbulk ^urgency=1")).toBe(2);
  });

  it("refuse an empty query, an unknown column and more records than the maximum", async () => {
    const update = (query: string, maxRecords?: number) =>
      run(bulkUpdate, { table: "incident", query, maxRecords, updateFields: { urgency: "3" } });
    await expect(update("ORDERBYnumber")).rejects.toThrow(/no condition/);
    await expect(update("no_such=1")).rejects.toThrow(/no column "no_such"/);
    await expect(update("active=true", 1)).rejects.toThrow(
      `${await total("incident", "active=true")} records of table incident match, and Max Records is 1. Nothing was changed.`,
    );
    expect(await total("incident", "short_descriptionSTARTSWITHbulk ^urgency=1")).toBe(2);
  });

  it("say how many records will change before any does", async () => {
    const values = {
      table: "incident",
      query: "short_descriptionSTARTSWITHbulk ",
      updateFields: { impact: "1" },
    };
    const all = await total("incident");
    const said: unknown[] = [];
    const $ = { export: (_name: string, value: unknown) => void said.push(value), context: { id: "test" } };
    await (bulkUpdate.run as (options: unknown) => unknown).call(instanceOf(bulkUpdate, auth(), values), {
      $,
      steps: {},
    });
    expect(said).toEqual([
      `2 of the ${all} records of table incident will be updated`,
      "2 records of table incident updated",
    ]);
  });

  it("warn of what the instance did not take over, once for all records it is true of", async () => {
    const updated = await run(bulkUpdate, {
      table: "incident",
      query: "short_descriptionSTARTSWITHbulk ",
      updateFields: { urgency: "1", priority: "5" },
    });
    expect(updated.exports.$warnings).toEqual([
      expect.stringMatching(/^2 records: The instance did not store these values as given: priority is "/),
    ]);
    const created = await run(bulkCreate, {
      table: "incident",
      records: [
        { short_description: "bulk 3", correlation_id: "bulk-3" },
        { short_description: "bulk 4", priority: "1" },
      ],
    });
    expect(created.exports.$warnings).toEqual([
      expect.stringMatching(/^1 record: The instance did not store these values as given: priority is "/),
    ]);
    const clean = await run(bulkCreate, { table: "incident", records: [{ short_description: "bulk 5" }] });
    expect(clean.exports).not.toHaveProperty("$warnings");
  });

  it("delete only when the dry run is switched off", async () => {
    const values = { table: "incident", query: "short_descriptionSTARTSWITHbulk " };
    const all = await total("incident");
    const dry = await run(bulkDelete, values);
    expect(dry.summary).toBe(`Dry run: 5 of the ${all} records of table incident would be deleted`);
    expect(await total("incident", values.query)).toBe(5);
    await expect(run(bulkDelete, { ...values, dryRun: false, maxRecords: 4 })).rejects.toThrow(
      "5 records of table incident match, and Max Records is 4. Nothing was changed.",
    );
    const { summary } = await run(bulkDelete, { ...values, dryRun: false });
    expect(summary).toBe("5 records of table incident deleted");
    expect(await total("incident", values.query)).toBe(0);
  });
});

describe("smaller actions", () => {
  it("List Choices gives values and labels in the order of the form", async () => {
    const { result } = await run(listChoices, { table: "incident", column: "state" });
    expect(toRows(result)[0]).toEqual({ value: "1", label: "New" });
  });

  it("Check Access tells what the account sees", async () => {
    const { result } = await run(checkAccess, { table: "incident" });
    expect(result).toMatchObject({ readable: true, hidden: false });
    const missing = await run(checkAccess, { table: "not_a_table" });
    expect(missing.result).toMatchObject({ readable: false });
  });

  it("Send API Request calls any path of the instance and no other host", async () => {
    const { result } = await run(sendApiRequest, {
      path: "/api/now/table/incident?sysparm_fields=number",
      params: { sysparm_limit: "1" },
    });
    expect(result).toMatchObject({ status: 200, data: { result: [{ number: expect.any(String) }] } });
    for (const path of ["https://example.com/x", "//example.com/x", "/\\example.com"])
      await expect(run(sendApiRequest, { path })).rejects.toThrow(/stay on the instance/);
  });
});
