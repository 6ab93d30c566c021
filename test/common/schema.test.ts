import {
  choicesOf,
  columnsOfTable,
  createClient,
  hierarchy,
  listTables,
  readableTables,
  stateModel,
  type ServiceNow,
} from "../../common";
import { failureOf, useInstance } from "./apis/support";
import { failure, stubClient, stubTransport, bodyText } from "./stub";

const { as, instance } = useInstance();

it("an administrator gets the columns from the dictionary, inherited ones included", async () => {
  const { columns, source, complete, note } = await columnsOfTable(as(), "incident");
  expect({ source, complete, note }).toEqual({ source: "dictionary", complete: true, note: undefined });
  const column = (name: string) => columns.find((found) => found.name === name);
  expect(column("short_description")).toMatchObject({
    table: "task",
    type: "string",
    label: "Short description",
  });
  expect(column("caller_id")).toMatchObject({ table: "incident", type: "reference", reference: "sys_user" });
  expect(column("state")).toMatchObject({ type: "integer", hasChoices: true });
  expect(column("sys_id")).toBeDefined();
  expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
});

it("a child's own definition and its overrides win over what it inherits", async () => {
  const definition = (name: string, element: string, label: string, mandatory: string) => ({
    element,
    name,
    column_label: label,
    internal_type: "string",
    reference: "",
    max_length: "40",
    mandatory,
    read_only: "false",
    display: "false",
    choice: "",
    default_value: "",
    attributes: "a=1,flag",
  });
  const transport = stubTransport((request) => {
    const url = decodeURIComponent(request.url);
    if (url.includes("/sys_db_object"))
      return { json: { result: [{ name: "child", "super_class.name": "parent" }] } };
    if (url.includes("/sys_dictionary_override"))
      return {
        json: { result: [{ element: "b", name: "child", mandatory_override: "true", mandatory: "true" }] },
      };
    return {
      json: {
        result: [
          definition("child", "a", "Own", "false"),
          definition("parent", "a", "Inherited", "true"),
          definition("parent", "b", "B", "false"),
          definition("parent", "sys_id", "Sys ID", "false"),
        ],
      },
    };
  });
  const { columns } = await columnsOfTable(stubClient(transport).client, "child");
  expect(columns.map(({ name, label, mandatory }) => [name, label, mandatory])).toEqual([
    ["a", "Own", false],
    ["b", "B", true],
    ["sys_id", "Sys ID", false],
  ]);
  expect(columns[0]?.attributes).toEqual({ a: "1", flag: "true" });
});

it("without the dictionary one record is looked at, and the caller is told so", async () => {
  const { columns, source, complete, note } = await columnsOfTable(as("reader"), "incident");
  expect({ source, complete }).toEqual({ source: "sample", complete: false });
  expect(note).toMatch(/administrator.*sys_dictionary.*guessed/);
  const type = (name: string) => columns.find((found) => found.name === name)?.type;
  expect([type("sys_updated_on"), type("active"), type("reassignment_count"), type("caller_id")]).toEqual([
    "glide_date_time",
    "boolean",
    "integer",
    "reference",
  ]);
});

it("a class of the CMDB is described by the CMDB itself", async () => {
  const { columns, source, complete } = await columnsOfTable(as("itil"), "cmdb_ci_server");
  expect({ source, complete }).toEqual({ source: "cmdb-meta", complete: true });
  expect(columns.some(({ name }) => name === "serial_number")).toBe(true);
});

it("where nothing is open the typed names are all there is", async () => {
  const { columns, source, note } = await columnsOfTable(as("norole"), "incident", { typed: ["u_cost"] });
  expect(source).toBe("typed");
  expect(columns.map(({ name }) => name)).toEqual(["u_cost"]);
  expect(note).toMatch(/typed/);
});

it("a table that does not exist is an error and not an empty list", async () => {
  expect(await failureOf(columnsOfTable(as(), "no_such_table"))).toMatchObject({ kind: "invalid-table" });
  expect(await failureOf(hierarchy(as(), "no such"))).toMatchObject({ kind: "usage" });
});

it("the hierarchy is read, or taken from what every instance has", async () => {
  expect(await hierarchy(as(), "incident")).toEqual({ tables: ["incident", "task"], known: true });
  expect(await hierarchy(as("reader"), "incident")).toEqual({ tables: ["incident", "task"], known: false });
  expect((await hierarchy(as(), "cmdb_ci_linux_server")).tables).toEqual(
    expect.arrayContaining(["cmdb_ci_server", "cmdb_ci_computer", "cmdb_ci", "cmdb"]),
  );
});

it("choices are the table's own or inherited, in their order, in the language asked for", async () => {
  const own = await choicesOf(as(), "incident", "state");
  expect(own).toMatchObject({ source: "dictionary", table: "incident", language: "en" });
  expect(own.choices.map(({ label }) => label)).toEqual([
    "New",
    "In Progress",
    "On Hold",
    "Resolved",
    "Closed",
    "Canceled",
  ]);
  expect((await choicesOf(as(), "incident", "urgency")).table).toBe("task");
  const admin: ServiceNow = as();
  await admin.table("sys_choice").create({
    name: "incident",
    element: "state",
    value: "1",
    label: "Neu",
    language: "de",
    sequence: "1",
    inactive: "false",
  });
  const german = await choicesOf(admin, "incident", "state", { language: "de" });
  expect(german.choices).toEqual([{ value: "1", label: "Neu", dependentOn: "" }]);
});

it("without the right to choices the values in use are given, and the caller is told so", async () => {
  const { choices, source, note } = await choicesOf(as("reader"), "incident", "state");
  expect(source).toBe("in-use");
  expect(choices).toContainEqual({ value: "1", label: "New", dependentOn: "" });
  expect(note).toMatch(/sys_choice.*values that records have/);
});

it("a column without a list, and a column that is not there, are not a matter of rights", async () => {
  const plain = await choicesOf(as(), "incident", "short_description");
  expect(plain.note).toContain("has no list of choices");
  const typo = await choicesOf(as(), "incident", "prioritty");
  expect(typo).toMatchObject({ choices: [], source: "none" });
  expect(typo.note).toContain("no column prioritty");
  for (const { note } of [plain, typo]) expect(note).not.toContain("sys_choice");
});

it("a state model marks the first and the final states", async () => {
  const { states, next } = await stateModel(as(), "incident");
  expect(states.find(({ label }) => label === "New")).toMatchObject({ initial: true, final: false });
  expect(states.filter(({ final }) => final).map(({ label }) => label)).toEqual(["Closed", "Canceled"]);
  expect(next).toBeNull();
});

it.each([
  ["change_request", "New", ["Closed", "Canceled"]],
  ["problem", "New", ["Closed"]],
  ["sc_task", "Open", ["Closed Complete", "Closed Incomplete", "Closed Skipped"]],
])("the first and the last states of %s", async (table, initial, final) => {
  const { states, column } = await stateModel(as(), table);
  expect(column).toBe("state");
  expect(states.filter((state) => state.initial).map(({ label }) => label)).toEqual([initial]);
  expect(states.filter((state) => state.final).map(({ label }) => label)).toEqual(final);
});

it("the states a change may take next are those its model allows", async () => {
  const record = await as().table("change_request").create({ type: "normal", short_description: "x" });
  const { next, states } = await stateModel(as(), "change_request", { record });
  const names = next?.map((value) => states.find((state) => state.value === value)?.label);
  expect(names).toEqual(expect.arrayContaining(["Assess"]));
  expect(names).not.toContain("New");
});

it("tables are searched, and an account without the list gets the usual ones", async () => {
  const found = await listTables(as(), { search: "change req" });
  expect(found.source).toBe("instance");
  expect(found.tables).toContainEqual({ name: "change_request", label: "Change Request", parent: "task" });
  const usual = await listTables(as("reader"), { search: "change" });
  expect(usual.source).toBe("known");
  expect(usual.tables.map(({ name }) => name)).toContain("change_request");
});

it("finds out which tables an account may read, many in one request", async () => {
  let requests = 0;
  const client = createClient({
    instance: instance.url,
    auth: { type: "basic", username: "reader", password: "reader" },
    log: () => (requests += 1),
  });
  const readable = await readableTables(client, ["incident", "sys_db_object", "no_such_table"]);
  expect(Object.fromEntries(readable)).toEqual({
    incident: true,
    sys_db_object: false,
    no_such_table: false,
  });
  expect(requests).toBe(1);
});

it("a table the instance gave no clear answer for is not called closed, and what was not serviced is asked again", async () => {
  const body = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");
  const asked: string[][] = [];
  const transport = stubTransport((request) => {
    const { rest_requests } = JSON.parse(bodyText(request)) as {
      rest_requests: { id: string; url: string }[];
    };
    const names = rest_requests.map(({ url }) => /table\/(\w+)/.exec(url)?.[1] ?? "");
    asked.push(names);
    const answers: Record<string, { status_code: number; body: string }> = {
      incident: { status_code: 200, body: body({ result: [] }) },
      secret: {
        status_code: 403,
        body: body(failure("User Not Authorized", "Failed API level ACL Validation")),
      },
      nowhere: { status_code: 400, body: body(failure("Invalid table nowhere")) },
      slow: {
        status_code: 500,
        body: body(failure("Transaction cancelled: maximum execution time exceeded")),
      },
      busy: { status_code: 429, body: body(failure("Rate limit exceeded")) },
      late: { status_code: 200, body: body({ result: [] }) },
    };
    const serviced = rest_requests.filter((_, at) => names[at] !== "late" || asked.length > 1);
    return {
      json: {
        serviced_requests: serviced.map(({ id }) => ({
          id,
          headers: [],
          ...answers[names[Number(id) - 1] ?? ""],
        })),
        unserviced_requests: rest_requests.filter((part) => !serviced.includes(part)).map(({ id }) => id),
      },
    };
  });
  const readable = await readableTables(stubClient(transport).client, [
    "incident",
    "secret",
    "nowhere",
    "slow",
    "busy",
    "late",
  ]);
  expect(Object.fromEntries(readable)).toEqual({ incident: true, secret: false, nowhere: false, late: true });
  expect(asked).toEqual([["incident", "secret", "nowhere", "slow", "busy", "late"], ["late"]]);
});
