import addChangeTask from "../../actions/add-change-task/add-change-task";
import bulkCreate from "../../actions/bulk-create-records/bulk-create-records";
import copyRecord from "../../actions/copy-record/copy-record";
import createArticle from "../../actions/create-article/create-article";
import createCase from "../../actions/create-case/create-case";
import createEmergencyChange from "../../actions/create-emergency-change/create-emergency-change";
import createGroup from "../../actions/create-group/create-group";
import createIncident from "../../actions/create-incident/create-incident";
import createNormalChange from "../../actions/create-normal-change/create-normal-change";
import createPlannedOutage from "../../actions/create-planned-outage/create-planned-outage";
import createProblem from "../../actions/create-problem/create-problem";
import createProblemTask from "../../actions/create-problem-task/create-problem-task";
import createStandardChange from "../../actions/create-standard-change/create-standard-change";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import createUser from "../../actions/create-user/create-user";
import importRow from "../../actions/import-row/import-row";
import importRows from "../../actions/import-rows/import-rows";
import sendEmail from "../../actions/send-email/send-email";
import updateTableRecord from "../../actions/update-table-record/update-table-record";
import type { AnyComponent } from "../../components";
import { actions } from "../../components/registry";
import { resolvedProps } from "../../scripts/resolved-props";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow } from "../helpers/present";

const { run, runAs, rows, total, faults, configure } = useInstance();
afterEach(() => faults([]));

interface Creation {
  action: AnyComponent;
  /** The props of one creation, under a text of its own. */
  props: (text: string) => Row | Promise<Row>;
  table: string;
  /** Finds what was created. */
  query: (text: string) => string;
  /** Where the creation is sent. */
  path?: string;
}

const titled = (text: string) => `short_description=${text}`;
const task = (action: AnyComponent, table: string, more: Row = {}): Creation => ({
  action,
  props: (text) => ({ shortDescription: text, correlationId: text, ...more }),
  table,
  query: titled,
});
const change = (action: AnyComponent): Creation => ({
  ...task(action, "change_request"),
  path: "/api/sn_chg_rest/",
});
const first = async (table: string) => (await rows(table, "ORDERBYnumber", 1))[0]?.number;

const CREATIONS: Creation[] = [
  task(createIncident, "incident"),
  task(createProblem, "problem"),
  {
    ...task(createProblemTask, "problem_task"),
    props: async (text) => ({
      problem: await first("problem"),
      shortDescription: text,
      correlationId: text,
    }),
  },
  task(createCase, "sn_customerservice_case"),
  change(createNormalChange),
  change(createEmergencyChange),
  {
    ...change(createStandardChange),
    props: (text) => ({
      template: "Add network switch to datacenter cabinet",
      correlationId: text,
      otherFields: { justification: text },
    }),
    query: (text) => `justification=${text}`,
  },
  {
    ...change(addChangeTask),
    table: "change_task",
    props: async (text) => ({
      changeRequest: await first("change_request"),
      shortDescription: text,
      correlationId: text,
    }),
  },
  {
    action: copyRecord,
    props: async (text) => ({
      table: "incident",
      record: await first("incident"),
      changes: { short_description: text },
      correlationId: text,
    }),
    table: "incident",
    query: titled,
  },
  {
    action: createPlannedOutage,
    props: async (text) => ({
      task: await first("change_request"),
      configurationItem: (await rows("cmdb_ci", "ORDERBYname", 1))[0]?.sys_id,
      begin: "2026-08-01 22:00:00",
      end: "2026-08-02 02:00:00",
      shortDescription: text,
      correlationId: text,
    }),
    table: "cmdb_ci_outage",
    query: titled,
  },
  {
    action: createTableRecord,
    props: (text) => ({ table: "cmn_location", recordData: { name: text }, correlationId: text }),
    table: "cmn_location",
    query: (text) => `name=${text}`,
  },
  {
    action: createArticle,
    props: (text) => ({ knowledgeBase: "IT", title: text, text: "<p>How</p>", correlationId: text }),
    table: "kb_knowledge",
    query: titled,
  },
  {
    action: createUser,
    props: (text) => ({ userName: text, correlationId: text }),
    table: "sys_user",
    query: (text) => `user_name=${text}`,
  },
  {
    action: createGroup,
    props: (text) => ({ name: text, correlationId: text }),
    table: "sys_user_group",
    query: (text) => `name=${text}`,
  },
  {
    action: importRow,
    props: (text) => ({
      stagingTable: "imp_incident",
      row: { u_correlation_id: text, u_short_description: text },
      correlationColumn: "u_correlation_id",
    }),
    table: "imp_incident",
    query: (text) => `u_correlation_id=${text}`,
    path: "/api/now/import/",
  },
  {
    action: sendEmail,
    props: (text) => ({ to: ["beth@example.com"], subject: text, text: "Done", correlationId: text }),
    table: "sys_email",
    query: (text) => `subject=${text}`,
    path: "/api/now/email",
  },
];

describe.each(CREATIONS.map((creation) => [creation.action.key, creation] as const))(
  "%s with a correlation",
  (key, { action, props, table, query, path = `/api/now/table/${table}` }) => {
    const text = (end: string) => `${key.slice("servicenow-".length)}-${end}`;

    it("gives the same again when the step is repeated", async () => {
      const values = await props(text("again"));
      const once = await run(action, values);
      const twice = await run(action, values);
      expect(twice.result).toEqual(once.result);
      expect([once.summary, twice.summary]).toEqual([
        expect.not.stringMatching(/Found|repeat/),
        expect.stringMatching(/^Found/),
      ]);
      expect(await total(table, query(text("again")))).toBe(1);
    });

    it("makes one when the answer is lost", async () => {
      await faults([{ match: { method: "POST", path }, reset: "after", count: 1 }]);
      await run(action, await props(text("lost")));
      expect(await total(table, query(text("lost")))).toBe(1);
    });
  },
);

it("every action that creates can be repeated, by a correlation or by what it is", () => {
  const known = new Set(CREATIONS.map(({ action }) => action.key));
  const creating = actions.filter(({ key }) =>
    /^servicenow-(create|copy-record|bulk-create|import|send-email|add-change-task)/.test(key),
  );
  const others = creating.filter(({ key }) => !known.has(key));
  expect(others.map(({ key }) => key).sort()).toEqual([
    // Each record has its correlation_id, each row its column: see below.
    "servicenow-bulk-create-records",
    // Identification finds the item that is there.
    "servicenow-create-configuration-item",
    // Events of one message key are one alert.
    "servicenow-create-event",
    "servicenow-import-rows",
  ]);
  for (const action of creating.filter(({ key }) => known.has(key))) {
    const props = new Map(resolvedProps(action));
    expect(props.get("correlationId") ?? props.get("correlationColumn")).toMatchObject({ optional: true });
  }
});

describe("two steps at the same time", () => {
  it("make one user, one group and one article", async () => {
    for (const creation of CREATIONS.filter(({ table }) =>
      /^(sys_user|sys_user_group|kb_knowledge)$/.test(table),
    )) {
      const values = await creation.props("at-once");
      const made = await Promise.allSettled([run(creation.action, values), run(creation.action, values)]);
      expect(made.map(({ status }) => status)).toContain("fulfilled");
      expect(await total(creation.table, creation.query("at-once"))).toBe(1);
    }
  });
});

describe("many at a time", () => {
  it("records of a table without correlation_id are not made twice", async () => {
    const records = [1, 2, 3].map((n) => ({ name: `Bulk group ${n}`, correlation_id: `bulk-group-${n}` }));
    const props = { table: "sys_user_group", records: JSON.stringify(records) };
    expect((await run(bulkCreate, props)).summary).toBe("3 records of table sys_user_group created");
    expect((await run(bulkCreate, props)).summary).toMatch(/^0 records .*; 3 existed already$/);
    expect(await total("sys_user_group", "nameSTARTSWITHBulk group")).toBe(3);
  });

  it("rows that were imported before, or come twice, are left out", async () => {
    const row = (n: number) => ({ u_correlation_id: `rows-${n}`, u_short_description: `Row ${n}` });
    const props = { stagingTable: "imp_incident", correlationColumn: "u_correlation_id" };
    const one = await run(importRows, { ...props, rows: [row(1), row(2), row(1)] });
    expect(one).toMatchObject({ result: { sent: 2, existed: 1 } });
    const two = await run(importRows, { ...props, rows: [row(2), row(3)] });
    expect(two.summary).toBe(
      "Put 1 row into imp_incident; the transforms run now; 1 had been imported before or came twice",
    );
    expect((await run(importRows, { ...props, rows: [row(1)] })).summary).toMatch(/^Put 0 rows into/);
    expect(await total("imp_incident", "u_correlation_idSTARTSWITHrows-")).toBe(3);
  });

  it("rows may name the column by its label, as this API does", async () => {
    const [column] = await rows("sys_dictionary", "name=imp_incident^element=u_correlation_id");
    const label = String(column?.column_label);
    const props = {
      stagingTable: "imp_incident",
      correlationColumn: "u_correlation_id",
      rows: [{ [label]: "label-1" }],
    };
    await run(importRows, props);
    expect((await run(importRows, props)).result).toMatchObject({ sent: 0, existed: 1 });
  });
});

describe("what cannot be repeated safely is said", () => {
  it("when the instance lets administrators alone choose a sys_id", async () => {
    await configure({ adminOnlySysFields: true });
    try {
      const event = {
        table: "em_event",
        recordData: { source: "Nagios", node: "no-own-id" },
        correlationId: "no-own-id",
      };
      const { exports } = await runAs("itil", createTableRecord, event);
      expect(exports.$warnings).toEqual([expect.stringMatching(/^Do not repeat this step/)]);
      expect((await run(createTableRecord, event)).exports).not.toHaveProperty("$warnings");
    } finally {
      await configure({ adminOnlySysFields: false });
    }
  });

  it("by refusing to create when a record with this id is hidden from the account", async () => {
    await run(createIncident, { shortDescription: "Of somebody else", correlationId: "hidden-1" });
    await expect(
      runAs("employee", createIncident, { shortDescription: "Mine", correlationId: "hidden-1" }),
    ).rejects.toThrow(/record of incident with this (correlation_id|sys_id) cannot be read/);
    expect(await total("incident", "correlation_id=hidden-1")).toBe(1);
  });

  it("by refusing to send when the account may not read the mails", async () => {
    const { result: role } = await run(createTableRecord, {
      table: "sys_user_role",
      recordData: { name: "email_api_send" },
    });
    const [user] = await rows("sys_user", "user_name=employee");
    await run(createTableRecord, {
      table: "sys_user_has_role",
      recordData: { user: user?.sys_id, role: toRow(role).sys_id },
    });
    const mail = { to: ["beth@example.com"], subject: "Unseen", text: "x" };
    const once = { ...mail, correlationId: "unseen" };
    expect((await runAs("employee", sendEmail, once)).exports.$warnings).toEqual([
      expect.stringMatching(/^Do not repeat this step/),
    ]);
    await expect(runAs("employee", sendEmail, once)).rejects.toThrow(
      /Could not find out whether the mail was sent before.*read access to sys_email/s,
    );
    expect(await total("sys_email", "subject=Unseen")).toBe(1);
  });

  it("by refusing rows without a value, and columns that are not there", async () => {
    const before = await total("imp_incident");
    const row = { u_short_description: "x" };
    const props = { stagingTable: "imp_incident", row };
    for (const [column, message] of [
      ["u_correlation_id", /Row 1 has nothing in u_correlation_id/],
      ["u_short_descriptoin", /Row 1 has nothing in/],
    ] as const)
      await expect(run(importRow, { ...props, correlationColumn: column })).rejects.toThrow(message);
    await expect(
      run(importRow, { ...props, row: { u_typo: "1" }, correlationColumn: "u_typo" }),
    ).rejects.toThrow(/imp_incident has no column "u_typo"/);
    await expect(
      run(importRows, { stagingTable: "imp_incident", rows: [{ u_typo: "1" }], correlationColumn: "u_typo" }),
    ).rejects.toThrow(/imp_incident has no column "u_typo"/);
    expect(await total("imp_incident")).toBe(before);
  });
});

it("a row whose transform failed is imported again", async () => {
  const props = {
    stagingTable: "imp_incident",
    row: { u_correlation_id: "failed-1", u_short_description: "Refused at first" },
    correlationColumn: "u_correlation_id",
  };
  const [map] = await rows("sys_transform_map", "source_table=imp_incident");
  const script = (text: string) =>
    run(updateTableRecord, {
      table: "sys_transform_map",
      recordId: map?.sys_id,
      updateFields: { run_script: "true", script: text },
    });
  await script("error = true; error_message = 'Not today';");
  await expect(run(importRow, props)).rejects.toThrow(/not transformed.*Not today/);
  await script("");
  expect((await run(importRow, props)).summary).toMatch(/^Imported the row .*inserted in incident/);
  expect((await run(importRow, props)).summary).toMatch(/^Found the row imported before/);
  expect(await total("incident", "correlation_id=failed-1")).toBe(1);
});
