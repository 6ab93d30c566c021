import { duringTests } from "../../helpers/instance";
import { errorOf, serve, type Answer, type Json } from "./served";
import { present, toRow, toRows, toText } from "../../helpers/present";

const instance = duringTests(serve);

const base = "/api/now/cmdb/instance";
const runsOn = "Runs on::Runs";

async function typeId(): Promise<string> {
  const answer = await instance.call("GET", "/api/now/table/cmdb_rel_type?sysparm_limit=1");
  return toText(present(answer.list[0]).sys_id);
}

function attributes(answer: Answer): Json {
  return toRow(answer.result.attributes);
}

async function made(values: Json, more: Json = {}, className = "cmdb_ci_linux_server"): Promise<string> {
  const answer = await instance.call("POST", `${base}/${className}`, {
    attributes: values,
    source: "ServiceNow",
    ...more,
  });
  expect(answer.status).toBe(200);
  return toText(attributes(answer).sys_id);
}

describe("CMDB instance", () => {
  test("a list has sys_id and name alone, of the class and what extends it", async () => {
    const answer = await instance.call(
      "GET",
      `${base}/cmdb_ci_computer?sysparm_limit=5&sysparm_query=ORDERBYname`,
    );
    expect(answer.list).toHaveLength(5);
    expect(Object.keys(present(answer.list[0]))).toEqual(["sys_id", "name"]);
    const next = await instance.call(
      "GET",
      `${base}/cmdb_ci_computer?sysparm_limit=5&sysparm_offset=4&sysparm_query=ORDERBYname`,
    );
    expect(next.list[0]).toEqual(answer.list[4]);
    expect((await instance.call("GET", `${base}/incident`)).status).toBe(404);
  });

  test("an item has its attributes, references as objects, and its relations both ways", async () => {
    const host = await made({ name: "host", assigned_to: "6816f79cc0a8016401c5a33be04be441" });
    const type = await typeId();
    const app = await made({ name: "app" }, { outbound_relations: [{ type, target: host }] }, "cmdb_ci_appl");
    const answer = await instance.call("GET", `${base}/cmdb_ci_linux_server/${host}`);
    expect(attributes(answer)).toMatchObject({
      name: "host",
      sys_class_name: "cmdb_ci_linux_server",
      discovery_source: "ServiceNow",
      unverified: expect.any(String),
      location: "",
      assigned_to: {
        display_value: "System Administrator",
        link: `${instance.url}/api/now/table/sys_user/6816f79cc0a8016401c5a33be04be441`,
        value: "6816f79cc0a8016401c5a33be04be441",
      },
    });
    expect(answer.result.outbound_relations).toEqual([]);
    expect(answer.result.inbound_relations).toEqual([
      {
        sys_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        type: {
          display_value: runsOn,
          link: `${instance.url}/api/now/table/cmdb_rel_type/${type}`,
          value: type,
        },
        target: {
          display_value: "app",
          link: `${instance.url}/api/now/cmdb/instance/cmdb_ci/${app}`,
          value: app,
        },
      },
    ]);
  });

  test("source is mandatory and has to be a choice of discovery_source", async () => {
    for (const [method, path] of [
      ["POST", `${base}/cmdb_ci_server`],
      ["PATCH", `${base}/cmdb_ci_linux_server/${await made({ name: "sourced" })}`],
    ] as const) {
      const missing = await instance.call(method, path, { attributes: { name: "x" } });
      expect(missing.status).toBe(400);
      expect(errorOf(missing).detail).toContain("source");
      const unknown = await instance.call(method, path, { attributes: { name: "x" }, source: "Intune" });
      expect(unknown.status).toBe(400);
      expect(toRows(unknown.result.items)[0]).toMatchObject({
        sysId: "Unknown",
        errorCount: 1,
        errors: [
          { error: "INVALID_INPUT_DATA", message: expect.stringContaining("invalid data source [Intune]") },
        ],
      });
    }
  });

  test("a create passes identification: the same name or serial number is the same item", async () => {
    const first = await made({ name: "twin", serial_number: "SN-TWIN" });
    expect(await made({ name: "twin", os: "Linux" })).toBe(first);
    expect(await made({ name: "renamed", serial_number: "SN-TWIN" })).toBe(first);
    const nothing = await instance.call("POST", `${base}/cmdb_ci_server`, {
      attributes: {},
      source: "ServiceNow",
    });
    expect(nothing.status).toBe(400);
    expect(nothing.text).toContain("MISSING_MATCHING_ATTRIBUTES");
  });

  test("updates, relations and the removal of one", async () => {
    const id = await made({ name: "changing" });
    const other = await made({ name: "other" });
    const type = await typeId();
    const put = await instance.call("PUT", `${base}/cmdb_ci_linux_server/${id}`, {
      attributes: { short_description: "by PUT" },
      source: "ServiceNow",
    });
    expect(attributes(put)).toMatchObject({ name: "changing", short_description: "by PUT" });
    const related = await instance.call("POST", `${base}/cmdb_ci_linux_server/${id}/relation`, {
      inbound_relations: [{ type, target: other }],
      source: "ServiceNow",
    });
    const [relation] = toRows(related.result.inbound_relations);
    const path = `${base}/cmdb_ci_linux_server/${id}/relation/${toText(present(relation).sys_id)}`;
    expect((await instance.call("DELETE", path)).status).toBe(204);
    expect((await instance.call("DELETE", path)).status).toBe(404);
    const wrong = await instance.call("PATCH", `${base}/cmdb_ci_linux_server/${id}`, {
      attributes: { short_description: "not kept" },
      outbound_relations: [{ type, target: "nothing" }],
      source: "ServiceNow",
    });
    expect(wrong.status).toBe(400);
    const read = await instance.call("GET", `${base}/cmdb_ci_linux_server/${id}`);
    expect(attributes(read).short_description).toBe("by PUT");
    expect((await instance.call("GET", `${base}/cmdb_ci_win_server/${id}`)).status).toBe(404);
  });

  test("itil writes, others do not even read", async () => {
    const body = { attributes: { name: "by role" }, source: "ServiceNow" };
    expect((await instance.call("POST", `${base}/cmdb_ci_server`, body, "itil")).status).toBe(200);
    expect((await instance.call("POST", `${base}/cmdb_ci_server`, body, "employee")).status).toBe(403);
    expect((await instance.call("GET", `${base}/cmdb_ci_server`, undefined, "employee")).list).toEqual([]);
  });
});

describe("CMDB meta", () => {
  test("a class with its attributes, parent, children and rules, open to itil", async () => {
    const answer = await instance.call("GET", "/api/now/cmdb/meta/cmdb_ci_computer", undefined, "itil");
    expect(answer.result).toMatchObject({
      name: "cmdb_ci_computer",
      label: "Computer",
      parent: "cmdb_ci_hardware",
      children: expect.arrayContaining(["cmdb_ci_server", "cmdb_ci_pc_hardware"]),
      is_extendable: true,
      relationship_rules: [],
      identification_rules: {
        name: "Hardware Rule",
        applies_to: "cmdb_ci_hardware",
        identifiers: [
          { attributes: "serial_number,serial_number_type", order: 100, table: "cmdb_serial_number" },
          { attributes: "serial_number", order: 200, table: null },
          { attributes: "name", order: 300, table: null },
          { attributes: "name,mac_address", order: 400, table: "cmdb_ci_network_adapter" },
        ],
      },
    });
    const columns = toRows(answer.result.attributes);
    expect(columns.find((column) => column.element === "name")).toEqual({
      is_inherited: "true",
      is_mandatory: "false",
      is_read_only: "false",
      default_value: null,
      label: "Name",
      type: "string",
      element: "name",
      max_length: "255",
      is_display: "true",
    });
    expect((await instance.call("GET", "/api/now/cmdb/meta/incident")).status).toBe(404);
    expect((await instance.call("GET", "/api/now/cmdb/meta/cmdb_ci", undefined, "employee")).status).toBe(
      403,
    );
  });
});

describe("identify and reconcile", () => {
  const reconcile = (body: unknown, path = "", user = "admin"): Promise<Answer> =>
    instance.call("POST", `/api/now/identifyreconcile${path}`, body, user);
  const items = (answer: Answer): Json[] => toRows(answer.result.items);

  test("each item says what was done to it, and how it was recognised", async () => {
    const body = {
      items: [
        { className: "cmdb_ci_linux_server", values: { name: "ire-1", serial_number: "IRE-1" } },
        { className: "cmdb_ci_appl", values: { name: "ire-app" } },
      ],
      relations: [{ parent: 1, child: 0, type: runsOn }],
    };
    const first = await reconcile(body);
    expect(first.status).toBe(200);
    expect(items(first)).toMatchObject([
      {
        className: "cmdb_ci_linux_server",
        operation: "INSERT",
        sysId: expect.stringMatching(/^[0-9a-f]{32}$/),
        identifierEntrySysId: "Unknown",
        errorCount: 0,
        inputIndices: [0],
        identificationAttempts: [
          {
            attributes: ["serial_number", "serial_number_type"],
            attemptResult: "SKIPPED",
            searchOnTable: "cmdb_serial_number",
          },
          {
            attributes: ["serial_number"],
            attemptResult: "NO_MATCH",
            identifierName: "Hardware Rule",
            searchOnTable: "cmdb_ci_hardware",
          },
          { attributes: ["name"], attemptResult: "NO_MATCH" },
          { searchOnTable: "cmdb_ci_network_adapter", attemptResult: "SKIPPED" },
        ],
      },
      { operation: "INSERT", inputIndices: [1] },
    ]);
    expect(first.result.relations).toMatchObject([
      { className: "cmdb_rel_ci", operation: "INSERT", errorCount: 0 },
    ]);
    const again = await reconcile(body);
    expect(items(again).map((item) => item.operation)).toEqual(["NO_CHANGE", "NO_CHANGE"]);
    expect(items(again)[0]).toMatchObject({
      sysId: present(items(first)[0]).sysId,
      identifierEntrySysId: expect.stringMatching(/^[0-9a-f]{32}$/),
      identificationAttempts: [{ attemptResult: "SKIPPED" }, { attemptResult: "MATCHED" }],
    });
    expect(again.result.relations).toMatchObject([{ operation: "NO_CHANGE" }]);
    present(body.items[0]).values = { name: "ire-1b", serial_number: "IRE-1" };
    expect(
      present(items(await reconcile(body, "/enhanced?sysparm_data_source=ImportSet"))[0]).operation,
    ).toBe("UPDATE");
  });

  test("a more exact class takes the item over", async () => {
    const [before] = items(
      await reconcile({ items: [{ className: "cmdb_ci_computer", values: { name: "grows" } }] }),
    );
    const [after] = items(
      await reconcile({ items: [{ className: "cmdb_ci_win_server", values: { name: "grows" } }] }),
    );
    expect(after).toMatchObject({ operation: "UPDATE_WITH_UPGRADE", sysId: present(before).sysId });
    const read = await instance.call("GET", `/api/now/table/cmdb_ci/${toText(present(before).sysId)}`);
    expect(read.result.sys_class_name).toBe("cmdb_ci_win_server");
  });

  test("query decides and writes nothing", async () => {
    const body = { items: [{ className: "cmdb_ci_server", values: { name: "only asked" } }] };
    for (const path of ["/query", "/queryEnhanced"])
      expect(items(await reconcile(body, path))[0]).toMatchObject({ operation: "INSERT", sysId: "Unknown" });
  });

  test("what is wrong is said item by item, with 200", async () => {
    await instance.call("POST", "/api/now/table/cmdb_ci_server", { name: "double" });
    await instance.call("POST", "/api/now/table/cmdb_ci_server", { name: "double" });
    const answer = await reconcile({
      items: [
        { className: "incident", values: { name: "x" } },
        { className: "cmdb_ci_server", values: {} },
        { className: "cmdb_ci_server", values: { name: "double" } },
        { className: "cmdb_ci_server", values: { name: "fine" } },
        "nonsense",
      ],
      relations: [
        { parent: 0, child: 3, type: runsOn },
        { parent: 3, child: 3, type: "Loves::Loved by" },
      ],
    });
    expect(answer.status).toBe(200);
    expect(items(answer).map((item) => (item.errors as Json[] | undefined)?.[0]?.error)).toEqual([
      "INVALID_INPUT_DATA",
      "MISSING_MATCHING_ATTRIBUTES",
      "MULTIPLE_DUPLICATE_RECORDS",
      undefined,
      "INVALID_INPUT_DATA",
    ]);
    expect(toRows(answer.result.relations).map((relation) => relation.errorCount)).toEqual([1, 1]);
    const source = await reconcile(
      { items: [{ className: "cmdb_ci_server", values: { name: "y" } }] },
      "?sysparm_data_source=Intune",
    );
    expect(items(source)[0]).toMatchObject({ errorCount: 1, sysId: "Unknown" });
    expect((await reconcile({})).status).toBe(400);
    expect((await reconcile({ items: [] }, "", "employee")).status).toBe(403);
  });
});
