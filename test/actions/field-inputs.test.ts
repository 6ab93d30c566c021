import createCase from "../../actions/create-case/create-case";
import createConfigurationItem from "../../actions/create-configuration-item/create-configuration-item";
import createIncident from "../../actions/create-incident/create-incident";
import createNormalChange from "../../actions/create-normal-change/create-normal-change";
import updateConfigurationItem from "../../actions/update-configuration-item/update-configuration-item";
import updateGroup from "../../actions/update-group/update-group";
import updateIncident from "../../actions/update-incident/update-incident";
import updateTask from "../../actions/update-task/update-task";
import type { AnyComponent } from "../../components";
import { actions } from "../../components/registry";
import { resolvedProps } from "../../scripts/resolved-props";
import { account, instanceOf, propOptions, type Account } from "../helpers/components";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow } from "../helpers/present";

const { run, read, rows, auth, url } = useInstance();

/** The inputs that an action offers for the chosen columns. */
async function inputs(action: AnyComponent, values: Row, as: Account = auth()) {
  const additional = action.additionalProps as (previous: object) => Promise<Record<string, Row>>;
  return additional.call(instanceOf(action, as, values), {});
}

/** What writes and has no columns of the user's choice, with the reason. */
const WITHOUT: Record<string, string> = {
  "add-ci-relation": "a relation is its two ends and its type",
  "add-group-member": "a member is a group and a user",
  "add-item-to-cart": "answers of a catalog item",
  "bulk-create-records": "a list of records, each with columns of its own",
  "bulk-delete-records": "deletes",
  "calculate-change-risk": "starts a calculation",
  "check-change-conflicts": "starts a job",
  "checkout-cart": "the cart as it is",
  "checkout-order-guide": "answers of catalog items",
  "copy-attachment": "a file",
  "create-event": "the members of an event, with Additional Info for any other",
  "delete-attachment": "deletes",
  "delete-cart-item": "deletes",
  "delete-table-record": "deletes",
  "empty-cart": "deletes",
  "import-row": "the columns of a row for an import, which a transform map reads",
  "import-rows": "a list of rows",
  "link-article-to-task": "a link is an article and a task",
  "order-catalog-item": "answers of a catalog item",
  "remove-ci-relation": "deletes",
  "remove-group-member": "deletes",
  "run-graphql-query": "whatever the query says",
  "send-api-request": "whatever the request says",
  "send-email": "an e-mail is its own form",
  "submit-cart-order": "the cart as it is",
  "submit-record-producer": "answers of a record producer",
  "update-cart-item": "answers of a catalog item",
  "update-requested-item-variables": "answers of a catalog item",
  "upload-attachment": "a file",
};
const RECORD_ACTIONS = actions.filter(
  ({ key, annotations }) => !annotations?.readOnlyHint && !(key.replace("servicenow-", "") in WITHOUT),
);

describe("every action that writes columns of a record", () => {
  it.each(RECORD_ACTIONS.map((action) => [action.key, action] as const))(
    "%s offers single columns as inputs, and a JSON object",
    (_key, action) => {
      const props = new Map(resolvedProps(action));
      expect(action.additionalProps).toEqual(expect.any(Function));
      expect(props.get("fieldNames")).toMatchObject({ type: "string[]", reloadProps: true, optional: true });
      expect([...props.values()].some((prop) => prop?.type === "object")).toBe(true);
    },
  );

  it("is not among those that have a reason to offer none", () => {
    const without = actions
      .filter((action) => !action.annotations?.readOnlyHint && !action.additionalProps)
      .map(({ key }) => key.replace("servicenow-", ""));
    expect(without.sort()).toEqual(Object.keys(WITHOUT).sort());
  });
});

describe("the input of a column", () => {
  it("has the dictionary's label, type, help, mandatory mark, choices and search", async () => {
    const props = await inputs(createIncident, {
      fieldNames: ["caller_id", "urgency", "active", "opened_at", "watch_list", "work_notes", "close_code"],
    });
    expect(props.field_caller_id).toMatchObject({ type: "string", label: "Caller", optional: true });
    expect(props.field_caller_id?.description).toMatch(/Column `caller_id`.*record of sys_user/);
    expect(props.field_urgency?.options).toContainEqual({ label: "1 - High", value: "1" });
    expect(props.field_active).toMatchObject({ type: "boolean" });
    expect(props.field_opened_at?.description).toMatch(/UTC/);
    expect(props.field_watch_list).toMatchObject({ type: "string[]", useQuery: true });
    expect(props.field_work_notes?.description).toMatch(/Adds an entry/);
    const search = props.field_caller_id?.options as (request: Row) => Promise<{ label: string }[]>;
    expect(JSON.stringify(await search({ page: 0, query: "admin", prevContext: {} }))).toMatch(/\(admin\)/);
  });

  it("repeats the help that the instance keeps for the column, where the account may read it", async () => {
    const [text] = await rows("sys_documentation", "name=task^element=short_description");
    const hint = "What a colleague should read first";
    await fetch(`${url()}/api/now/table/sys_documentation/${text?.sys_id}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${auth().oauth_access_token}`, "content-type": "application/json" },
      body: JSON.stringify({ hint }),
    });
    const chosen = { fieldNames: ["short_description"] };
    expect((await inputs(createIncident, chosen)).field_short_description?.description).toContain(`${hint}.`);
  });

  it("is mandatory in words and never required, since the JSON object may hold it", async () => {
    const columns = await propOptions(createIncident, auth(), "fieldNames", { table: "incident" });
    expect(columns.slice(0, 3).map(({ value }) => value)).toContain("caller_id");
    const props = await inputs(createIncident, { fieldNames: ["caller_id"] });
    expect(props.field_caller_id?.description).toMatch(/Mandatory on the table's form/);
    expect(props.field_caller_id?.optional).toBe(true);
  });

  it("is there for an account that may not read the dictionary, as far as a row shows", async () => {
    const poor = await account(url(), "itil", "itil");
    const props = await inputs(createIncident, { fieldNames: ["urgency"] }, poor);
    expect(props.field_urgency).toMatchObject({ type: "string" });
  });

  it("follows the class of the record, not only its base table", async () => {
    const [server] = await rows("cmdb_ci_linux_server");
    const item = { configurationItem: server?.name, fieldNames: ["ip_address"] };
    expect(await inputs(updateConfigurationItem, item)).toHaveProperty("field_ip_address");
    const [incident] = await rows("incident");
    const chosen = { task: incident?.number, fieldNames: ["caller_id"] };
    expect(await inputs(updateTask, chosen)).toHaveProperty("field_caller_id");
    const record = { table: "task", record: incident?.number, query: "caller" };
    const columns = await propOptions(updateTask, auth(), "fieldNames", record);
    expect(columns.map(({ value }) => value)).toContain("caller_id");
    // A record that is not there is the business of the run.
    expect(await inputs(updateTask, { ...chosen, task: "NO1" })).toEqual({});
  });

  it("is not there while nothing is chosen", async () => {
    expect(await inputs(createCase, {})).toEqual({});
    expect(await inputs(createConfigurationItem, { fieldNames: ["name"] })).toEqual({});
  });
});

describe("what is typed into inputs of single columns", () => {
  it("reaches the record, as the JSON object does, and wins over it", async () => {
    const [person] = await rows("sys_user", "user_name=itil");
    const { result } = await run(createIncident, {
      shortDescription: "By inputs",
      otherFields: { contact_type: "phone", urgency: "3" },
      field_urgency: "1",
      field_watch_list: [person?.sys_id],
    });
    const id = String(toRow(result).sys_id);
    expect(await read("incident", id)).toMatchObject({
      urgency: "1",
      contact_type: "phone",
      watch_list: person?.sys_id,
    });
  });

  it("clears a column when it is empty, by input and by JSON object alike", async () => {
    const { result } = await run(createIncident, { shortDescription: "Filled", description: "Long" });
    const { number: incident, sys_id: id } = toRow(result);
    await run(updateIncident, { incident, field_description: "" });
    expect((await read("incident", String(id))).description).toBe("");
    await run(updateIncident, { incident, otherFields: '{"description": "Longer"}' });
    await run(updateIncident, { incident, otherFields: { description: "" } });
    expect((await read("incident", String(id))).description).toBe("");
  });

  it("reaches changes, groups and configuration items too", async () => {
    const change = await run(createNormalChange, { shortDescription: "Inputs", field_justification: "Old" });
    expect(await read("change_request", String(toRow(change.result).sys_id))).toMatchObject({
      justification: "Old",
    });
    await run(updateGroup, { group: "Network", field_description: "Cables" });
    expect((await rows("sys_user_group", "name=Network"))[0]).toMatchObject({ description: "Cables" });
    const made = await run(createConfigurationItem, {
      className: "cmdb_ci_linux_server",
      field_name: "inputs-01",
      field_serial_number: "I-1",
    });
    expect(await read("cmdb_ci", String(toRow(made.result).sysId))).toMatchObject({ name: "inputs-01" });
  });

  it("can be nothing at all, which is an error before any call", async () => {
    await expect(run(createConfigurationItem, { className: "cmdb_ci_server" })).rejects.toThrow(
      /Attributes is empty/,
    );
    await expect(run(updateGroup, { group: "Network" })).rejects.toThrow(/nothing to change/);
  });
});
