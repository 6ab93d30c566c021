import { duringTests } from "../../helpers/instance";
import { serve, type Answer, type Json } from "./served";
import { present, toRows } from "../../helpers/present";

const instance = duringTests(serve);

const reconcile = (body: unknown, path = "?sysparm_data_source=ServiceNow"): Promise<Answer> =>
  instance.call("POST", `/api/now/identifyreconcile${path}`, body);
const items = (answer: Answer): Json[] => toRows(answer.result.items);
async function one(item: Json): Promise<Json> {
  return present(items(await reconcile({ items: [item] }))[0]);
}

describe("lookup and related records", () => {
  const serial = {
    className: "cmdb_serial_number",
    values: { serial_number: "S-1", serial_number_type: "uuid" },
  };
  const adapter = {
    className: "cmdb_ci_network_adapter",
    values: { name: "eth0", mac_address: "00:55:51:21" },
  };

  test("they are written beside the item, point to it, and are recognised the next time", async () => {
    const first = await one({
      className: "cmdb_ci_linux_server",
      values: { name: "lookup-1" },
      lookup: [serial, adapter],
      related: [{ className: "cmdb_software_instance", values: { name: "nginx" } }],
    });
    expect(first).toMatchObject({
      operation: "INSERT",
      relatedSysIds: [null, null],
      relatedItems: [
        { className: "cmdb_serial_number", inputIndices: [{ mainIndex: 0, subIndex: 0 }] },
        { className: "cmdb_ci_network_adapter", inputIndices: [{ mainIndex: 0, subIndex: 1 }] },
        { className: "cmdb_software_instance", inputIndices: [{ mainIndex: 0, subIndex: 0 }] },
      ],
      additionalRelatedItems: [],
    });
    expect(await instance.rows("cmdb_serial_number", `cmdb_ci=${String(first.sysId)}`)).toMatchObject([
      { serial_number: "S-1", valid: "true" },
    ]);
    expect(await instance.rows("cmdb_ci_network_adapter", `cmdb_ci=${String(first.sysId)}`)).toHaveLength(1);
    expect(await instance.rows("cmdb_software_instance", `installed_on=${String(first.sysId)}`)).toHaveLength(
      1,
    );

    const again = await one({
      className: "cmdb_ci_linux_server",
      values: { name: "renamed meanwhile" },
      lookup: [serial, { ...adapter, values: { ...adapter.values, netmask: "255.0.0.0" } }],
    });
    expect(again).toMatchObject({
      operation: "UPDATE",
      sysId: first.sysId,
      relatedSysIds: [expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)],
      identificationAttempts: [
        {
          attributes: ["serial_number", "serial_number_type"],
          searchOnTable: "cmdb_serial_number",
          attemptResult: "MATCHED",
        },
      ],
    });
    expect(await instance.rows("cmdb_ci_network_adapter", `cmdb_ci=${String(first.sysId)}`)).toMatchObject([
      { netmask: "255.0.0.0" },
    ]);
  });

  test("two items behind the lookups of one are duplicates; a class that points to nothing is refused", async () => {
    for (const name of ["twin a", "twin b"])
      await one({
        className: "cmdb_ci_server",
        values: { name },
        lookup: [{ ...serial, values: { serial_number: name, serial_number_type: "system" } }],
      });
    const both = await one({
      className: "cmdb_ci_server",
      values: { name: "both" },
      lookup: ["twin a", "twin b"].map((serial_number) => ({
        className: "cmdb_serial_number",
        values: { serial_number, serial_number_type: "system" },
      })),
    });
    expect(both).toMatchObject({
      sysId: "Unknown",
      errors: [{ error: "MULTIPLE_DUPLICATE_RECORDS" }],
      identificationAttempts: [{ attemptResult: "MULTI_MATCH" }],
    });
    const odd = await one({
      className: "cmdb_ci_server",
      values: { name: "x" },
      lookup: [{ className: "incident" }],
    });
    expect(odd).toMatchObject({ errorCount: 1, errors: [{ error: "INVALID_INPUT_DATA" }] });
  });

  test("a dry run writes none of them", async () => {
    const body = {
      items: [
        {
          className: "cmdb_ci_server",
          values: { name: "dry" },
          lookup: [{ ...serial, values: { serial_number: "dry", serial_number_type: "x" } }],
        },
      ],
    };
    expect(items(await reconcile(body, "/query"))[0]).toMatchObject({
      operation: "INSERT",
      sysId: "Unknown",
    });
    expect(await instance.rows("cmdb_serial_number", "serial_number=dry")).toEqual([]);
  });
});

describe("items that refer to each other", () => {
  test("a reference takes the id of an item of the same payload, whatever their order", async () => {
    const answer = await reconcile({
      items: [
        { className: "cmdb_ci_appl", internal_id: "app", values: { name: "ref-app" } },
        { className: "cmdb_ci_server", internal_id: "host", values: { name: "ref-host" } },
      ],
      referenceItems: [{ referenced: "host", referencedBy: "app", referenceField: "duplicate_of" }],
      relations: [{ parent_id: "app", child_id: "host", type: "Runs on::Runs" }],
    });
    const [app, host] = items(answer);
    expect(app).toMatchObject({ operation: "INSERT", inputIndices: [0] });
    expect(await instance.rows("cmdb_ci_appl", `sys_id=${String(present(app).sysId)}`)).toMatchObject([
      { duplicate_of: present(host).sysId },
    ]);
    expect(answer.result.relations).toMatchObject([{ operation: "INSERT", errorCount: 0 }]);
  });
});

describe("sources", () => {
  test("the key by which a source knows an item finds it under any name", async () => {
    const info = {
      source_name: "SG-SCCM",
      source_native_key: "key-77",
      source_recency_timestamp: "2030-01-01 00:00:00",
    };
    const item = { className: "cmdb_ci_server", sys_object_source_info: info };
    const first = await one({ ...item, values: { name: "native" } });
    const second = await one({ ...item, values: { name: "native renamed" } });
    expect(second).toMatchObject({ operation: "UPDATE", sysId: first.sysId, identificationAttempts: [] });
    expect(await instance.rows("sys_object_source", "id=key-77")).toMatchObject([
      { name: "SG-SCCM", target_sys_id: first.sysId, last_scan: "2030-01-01 00:00:00" },
    ]);
  });

  test("only the sources of a reconciliation definition write its attributes, the better one last", async () => {
    const define = (discovery_source: string, order: string) =>
      instance.call("POST", "/api/now/table/cmdb_reconciliation_definition", {
        name: discovery_source,
        applies_to: "cmdb_ci_win_server",
        attributes: "short_description,os",
        discovery_source,
        order,
      });
    await define("SG-SCCM", "100");
    await define("ImportSet", "200");
    const from = async (source: string, short_description: string): Promise<Json> => {
      const answer = await reconcile(
        {
          items: [
            {
              className: "cmdb_ci_win_server",
              values: { name: "ruled", short_description, comments: source },
            },
          ],
        },
        `?sysparm_data_source=${source}`,
      );
      const [item] = items(answer);
      const [row] = await instance.rows("cmdb_ci_win_server", `sys_id=${String(present(item).sysId)}`);
      return { ...row, operation: present(item).operation };
    };
    expect(await from("ImportSet", "first")).toMatchObject({
      operation: "INSERT",
      short_description: "first",
    });
    expect(await from("SG-SCCM", "second")).toMatchObject({
      operation: "UPDATE",
      short_description: "second",
      discovery_source: "SG-SCCM",
    });
    // Attributes without a definition are everybody's.
    expect(await from("ImportSet", "third")).toMatchObject({
      short_description: "second",
      comments: "ImportSet",
    });
    expect(await from("SG-AWS", "fourth")).toMatchObject({
      short_description: "second",
      comments: "SG-AWS",
      discovery_source: "SG-SCCM",
    });
    expect(await from("SG-SCCM", "fifth")).toMatchObject({ short_description: "fifth" });
    const [row] = await instance.rows("cmdb_ci_win_server", "name=ruled");
    await instance.call("PATCH", `/api/now/cmdb/instance/cmdb_ci_win_server/${String(present(row).sys_id)}`, {
      attributes: { short_description: "sixth" },
      source: "SG-AWS",
    });
    expect(await instance.rows("cmdb_ci_win_server", "name=ruled")).toMatchObject([
      { short_description: "fifth" },
    ]);
  });
});

describe("classes", () => {
  test("a class is switched or made more general, unless the settings forbid it", async () => {
    const as = (className: string, settings: Json = {}): Promise<Json> =>
      one({ className, values: { name: "shape" }, settings });
    const made = await as("cmdb_ci_win_server");
    expect((await as("cmdb_ci_linux_server", { updateWithoutSwitch: true })).operation).toBe("NO_CHANGE");
    expect((await as("cmdb_ci_linux_server")).operation).toBe("UPDATE_WITH_SWITCH");
    expect((await as("cmdb_ci_server", { updateWithoutDowngrade: true })).operation).toBe("NO_CHANGE");
    expect((await as("cmdb_ci_server")).operation).toBe("UPDATE_WITH_DOWNGRADE");
    expect((await as("cmdb_ci_win_server", { updateWithoutUpgrade: true })).operation).toBe("NO_CHANGE");
    expect(await instance.rows("cmdb_ci", `sys_id=${String(made.sysId)}`)).toMatchObject([
      { sys_class_name: "cmdb_ci_server" },
    ]);
  });
});
