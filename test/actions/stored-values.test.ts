import bulkCreate from "../../actions/bulk-create-records/bulk-create-records";
import bulkDelete from "../../actions/bulk-delete-records/bulk-delete-records";
import bulkUpdate from "../../actions/bulk-update-records/bulk-update-records";
import createIncident from "../../actions/create-incident/create-incident";
import createNormalChange from "../../actions/create-normal-change/create-normal-change";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import createUser from "../../actions/create-user/create-user";
import updateIncident from "../../actions/update-incident/update-incident";
import upsertRecord from "../../actions/upsert-record/upsert-record";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow } from "../helpers/present";

const { run, read, total, rows, faults } = useInstance();
afterEach(() => faults([]));

const incident = async (text: string) =>
  String(toRow((await run(createIncident, { shortDescription: text })).result).number);
const table = "incident";

describe("what the instance does not take", () => {
  it("is a warning beside the summary: values that rules set otherwise", async () => {
    const number = await incident("Computed");
    const { summary, exports } = await run(updateIncident, {
      incident: number,
      otherFields: { priority: "1", description: "Stored" },
    });
    expect(summary).toBe(`Updated incident ${number}`);
    expect(exports.$warnings).toEqual([
      'The instance did not store these values as given: priority is "5 - Planning". A rule of the instance, or missing rights, may be the cause.',
    ]);
  });

  it("is not said of what comes back in other words: names, times, markup, switches, notes and passwords", async () => {
    const { summary, result, exports } = await run(createIncident, {
      shortDescription: " Blanks around ",
      callerId: "employee",
      otherFields: {
        assigned_to: "System Administrator",
        opened_at: "2026-07-30 14:05:00",
        work_notes: "A note",
        active: true,
        watch_list: ["admin@example.com"],
      },
    });
    expect(summary).toBe(`Created incident ${String(toRow(result).number)}`);
    expect(exports).not.toHaveProperty("$warnings");
    const made = await run(createUser, { userName: "pass.word", otherFields: { user_password: "Secret-1" } });
    expect(made.summary).toBe("Created user pass.word");
  });

  it("is refused before anything is written in bulk", async () => {
    const before = await total(table, "short_description=Bulk unknown");
    const records = [{ short_description: "Bulk unknown" }, { urgancy: "1" }];
    await expect(run(bulkCreate, { table, records })).rejects.toThrow(/no column "urgancy"/);
    const number = await incident("Bulk known");
    await expect(
      run(bulkUpdate, { table, query: `number=${number}`, updateFields: { urgancy: "1" } }),
    ).rejects.toThrow(/Update Fields: table incident has no column "urgancy".*Nothing was written/);
    expect(await total(table, "short_description=Bulk unknown")).toBe(before);
  });
});

describe("a choice", () => {
  it.each([
    ["High", "1 - High"],
    ["1 - High", "high"],
    ["1", "1"],
  ])("may be given by its label: urgency %s, impact %s", async (urgency, impact) => {
    const { result } = await run(createIncident, { shortDescription: "At night", urgency, impact });
    expect(await read(table, String(toRow(result).sys_id))).toMatchObject({
      urgency: "1",
      impact: "1",
      priority: "1",
    });
  });

  it("is refused when it is none, and nothing is created", async () => {
    const before = await total(table);
    const props = { shortDescription: "At night", urgency: "Very high" };
    await expect(run(createIncident, props)).rejects.toThrow(
      /Urgency: the instance has no choice "Very high"\. There are: 1 - High \(1\)/,
    );
    expect(await total(table)).toBe(before);
  });

  it("of a state counts as held when it was given by its label", async () => {
    const number = await incident("By label");
    const { result } = await run(updateIncident, { incident: number, state: "In Progress" });
    expect(result).toMatchObject({ state: "2" });
  });
});

/** One rule, however the values are given. */
const INPUTS: [string, (values: Row) => Promise<unknown>][] = [
  ["Create Table Record", (recordData) => run(createTableRecord, { table, recordData })],
  ["Other Fields", (otherFields) => run(createIncident, { shortDescription: "One rule", otherFields })],
  [
    "an input for one column",
    (values) =>
      run(createIncident, {
        shortDescription: "One rule",
        ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`field_${name}`, value])),
      }),
  ],
  [
    "Upsert Record",
    (values) =>
      run(upsertRecord, {
        table,
        keyFields: ["correlation_id"],
        recordData: { ...values, correlation_id: "one-rule" },
      }),
  ],
  [
    "Bulk Create Records",
    (values) => run(bulkCreate, { table, records: [{ short_description: "First" }, values] }),
  ],
  [
    "Bulk Update Records",
    async (updateFields) =>
      run(bulkUpdate, { table, query: `number=${await incident("Bulk")}`, updateFields, dryRun: false }),
  ],
];

describe.each(INPUTS)("values given by %s", (_, write) => {
  const idOf = async (user: string) => (await rows("sys_user", `user_name=${user}`, 1))[0]?.sys_id;

  it.each([
    ["a person by the text NULL", { caller_id: "NULL" }, /no user has "NULL"/],
    ["a person who is not there", { caller_id: "nobody@example.com" }, /no user has "nobody@example.com"/],
    [
      "a sys_id that belongs to nobody",
      { assigned_to: "0123456789abcdef0123456789abcdef" },
      /no user with the sys_id/,
    ],
    ["a group that is not there", { assignment_group: "No such group" }, /no group has/],
    ["an item that is not there", { cmdb_ci: "no-such-item" }, /no configuration item has/],
    ["a company that is not there", { company: "No such company" }, /no record of core_company has/],
    ["a column that is not there", { short_descriptio: "x" }, /no column "short_descriptio"/],
    ["a choice that is not there", { priority: "abc" }, /no choice "abc"/],
    ["a number that is none", { reassignment_count: "many" }, /holds a number/],
    ["a switch that is none", { active: "perhaps" }, /is true or false/],
    ["a date in another order", { opened_at: "24.12.2026" }, /must be a date/],
  ])("are refused where they name %s, and nothing is written", async (_name, values, message) => {
    await incident("Before");
    const before = await total(table);
    await expect(write(values)).rejects.toThrow(message);
    // Bulk Update makes its own record first.
    expect((await total(table)) - before).toBeLessThanOrEqual(_ === "Bulk Update Records" ? 1 : 0);
  });

  it("become what the instance stores: people by e-mail, choices by label, times in UTC", async () => {
    const [user] = await rows("sys_user", "user_name=itil", 1);
    await write({
      caller_id: user?.email,
      contact_type: "Phone",
      opened_at: "2026-07-30T14:05:00+02:00",
      description: "Marked by the rule",
    });
    const [written] = await rows(table, "description=Marked by the rule^ORDERBYDESCsys_updated_on", 1);
    expect(written).toMatchObject({
      caller_id: await idOf("itil"),
      contact_type: "phone",
      opened_at: "2026-07-30 12:05:00",
    });
  });
});

describe("a text of blanks", () => {
  it("changes nothing, and says so", async () => {
    const number = await incident("Blank");
    await expect(run(updateIncident, { incident: number, comment: "   " })).rejects.toThrow(
      /nothing to change/,
    );
  });
});

describe("fields of one's own in the result", () => {
  it("come with the number and the sys_id, and unknown ones are named", async () => {
    const { result, summary, exports } = await run(createIncident, {
      shortDescription: "Short result",
      resultFields: ["urgency", "no_such"],
    });
    expect(Object.keys(toRow(result)).sort()).toEqual(["number", "sys_id", "urgency"]);
    expect(summary).toBe(`Created incident ${String(toRow(result).number)}`);
    expect(exports.$warnings).toEqual(["The table has no column no_such, or the account may not read it."]);
  });
});

describe("a correlation id", () => {
  it.each([
    ["longer than its column", "x".repeat(101), /has 101 characters, and 100 are kept/],
    ["with a sign that ends conditions", "a^b", /cannot have \^ in it/],
    ["that the instance would run", "javascript:gs.nope(1)", /begins with "javascript:"/],
  ])("%s is refused, and nothing is created", async (_, correlationId, message) => {
    const before = [await total(table), await total("change_request")];
    for (const action of [createIncident, createNormalChange])
      await expect(run(action, { shortDescription: "x", correlationId })).rejects.toThrow(message);
    await expect(
      run(bulkCreate, { table, records: [{ short_description: "x", correlation_id: correlationId }] }),
    ).rejects.toThrow(message);
    expect([await total(table), await total("change_request")]).toEqual(before);
  });

  it("may be a number, and wins over the JSON object", async () => {
    for (const [action, name] of [
      [createIncident, "incident"],
      [createNormalChange, "change_request"],
    ] as const) {
      const props = { shortDescription: "x", correlationId: 4711 };
      await run(action, { ...props, otherFields: { correlation_id: "another" } });
      expect((await run(action, props)).summary).toMatch(/^Found/);
      expect(await total(name, "correlation_id=4711")).toBe(1);
    }
  });
});

describe("the key of an upsert", () => {
  it("is found again with blanks around it, and refused when its column would cut it", async () => {
    for (const name of ["WEB-ZZ", "WEB-ZZ "])
      await run(upsertRecord, { table: "cmdb_ci_server", keyFields: ["name"], recordData: { name } });
    expect(await total("cmdb_ci_server", "name=WEB-ZZ")).toBe(1);
    const long = { correlation_id: "y".repeat(150), short_description: "Cut" };
    await expect(
      run(upsertRecord, { table, keyFields: ["correlation_id"], recordData: long }),
    ).rejects.toThrow(/has 150 characters and its column holds 100/);
    expect(await total(table, "short_description=Cut")).toBe(0);
  });
});

describe("a query in bulk", () => {
  it.each([
    ["short_descriptionLIKE", /without a text fits every record/],
    ["active=true^short_descriptionSTARTSWITH", /without a text fits every record/],
    ["numberENDSWITH ", /without a text fits every record/],
    ["short_descriptionANYTHING", /fits every record/],
    ["short_descriptionLIKEjavascript:gs.nope(1)", /a script cannot be part of a text to look for/],
    ["sys_created_on<javascript:gs.daysAgoStart()+x", /is not one of those that ServiceNow runs here/],
  ])("that fits more than it seems to is refused: %s", async (query, message) => {
    await expect(run(bulkDelete, { table, query, maxRecords: 1000 })).rejects.toThrow(message);
    const updateFields = { urgency: "1" };
    await expect(run(bulkUpdate, { table, query, updateFields, dryRun: true })).rejects.toThrow(message);
  });

  it.each(["sys_created_on<javascript:gs.daysAgoStart(30)", "caller_id=javascript:gs.getUserID()"])(
    "may have a date function or the account's own id: %s",
    async (query) => {
      await expect(run(bulkDelete, { table, query, maxRecords: 1000 })).resolves.toMatchObject({
        summary: expect.stringMatching(/^Dry run/) as string,
      });
    },
  );
});
