import { duringTests } from "../helpers/instance";
import { testInstance, type Row } from "./client";
import { switchedTo } from "./with-switches";

type Texts = Record<string, string>;
const instance = duringTests(testInstance, { incidents: 500 });
const first = async (table: string, query = ""): Promise<Texts> => {
  const [row] = await instance.rows<Texts>(table, query, { sysparm_limit: "1" });
  if (!row) throw new Error(`no ${table} fits ${query}`);
  return row;
};
const idOf = async (table: string, query = ""): Promise<string> => (await first(table, query)).sys_id ?? "";
const total = async (table: string, query: string): Promise<number> => {
  const answer = await instance.call(
    "GET",
    `/api/now/table/${table}?${new URLSearchParams({ sysparm_query: query, sysparm_limit: "1" })}`,
  );
  return Number(answer.headers.get("x-total-count"));
};

describe("numbers", () => {
  test.each([
    ["incident", "INC7700001"],
    ["problem", "PRB7700001"],
    ["change_request", "CHG7700001"],
    ["sc_request", "REQ7700001"],
    ["sc_req_item", "RITM7700001"],
    ["sn_customerservice_case", "CS7700001"],
    ["problem_task", "PTASK7700001"],
  ])("a record of %s keeps the number it is given, also a later one", async (table, number) => {
    const made = await instance.create<Texts>(table, { number, short_description: "Numbered" });
    expect(made).toMatchObject({ number, task_effective_number: number });
    const changed = await instance.update<Texts>(table, made.sys_id ?? "", { number: `${number}9` });
    expect(changed).toMatchObject({ number: `${number}9`, task_effective_number: `${number}9` });
  });

  test("a record without a number, or with an empty one, gets the next", async () => {
    const [one, two] = [
      await instance.create<Texts>("incident", {}),
      await instance.create<Texts>("incident", { number: "" }),
    ];
    expect(Number(two.number?.slice(3))).toBe(Number(one.number?.slice(3)) + 1);
  });

  test("what the platform puts together itself is passed over", async () => {
    const made = await instance.create<Texts>("incident", { task_effective_number: "X1" });
    expect(made.task_effective_number).toBe(made.number);
  });
});

describe("attachments of a deleted record", () => {
  test.each(["incident", "sys_user", "kb_knowledge"])("go with a record of %s", async (table) => {
    const record = await instance.create<Texts>(table, { short_description: "Has a file" });
    const where = new URLSearchParams({
      table_name: table,
      table_sys_id: record.sys_id ?? "",
      file_name: "a.txt",
    });
    const uploaded = await instance.call("POST", `/api/now/attachment/file?${where}`, {
      body: "text",
      headers: { "content-type": "text/plain" },
    });
    const { sys_id: file } = uploaded.result as Texts;
    expect((await instance.call("DELETE", `/api/now/table/${table}/${record.sys_id}`)).status).toBe(204);
    for (const path of [`attachment/${file}`, `attachment/${file}/file`, `table/sys_attachment/${file}`])
      expect((await instance.call("GET", `/api/now/${path}`)).status).toBe(404);
    expect(await total("sys_audit_delete", `tablename=sys_attachment^documentkey=${file}`)).toBe(1);
  });

  test("the file's content goes when its record is deleted through the Table API", async () => {
    const incident = await instance.create<Texts>("incident", {});
    const uploaded = await instance.call(
      "POST",
      `/api/now/attachment/file?table_name=incident&table_sys_id=${incident.sys_id}&file_name=b.txt`,
      { body: "text", headers: { "content-type": "text/plain" } },
    );
    const { sys_id: file } = uploaded.result as Texts;
    expect((await instance.call("DELETE", `/api/now/table/sys_attachment/${file}`)).status).toBe(204);
    expect((await instance.call("GET", `/api/now/attachment/${file}/file`)).status).toBe(404);
  });
});

test.each([100, 14_000, 32_000])("a batch takes an inner URL of %d characters", async (length) => {
  const url = `/api/now/table/incident?sysparm_limit=1&sysparm_query=numberIN${"INC0000001,".repeat(3000)}`;
  const answer = await instance.call("POST", "/api/now/v1/batch", {
    body: { batch_request_id: "1", rest_requests: [{ id: "a", method: "GET", url: url.slice(0, length) }] },
  });
  const { serviced_requests } = answer.json() as { serviced_requests: Row[] };
  expect(serviced_requests).toMatchObject([{ id: "a", status_code: 200 }]);
});

describe("problem tasks", () => {
  test("begin as new and move through states of their own", async () => {
    const task = await instance.create<Texts>("problem_task", { short_description: "Own states" });
    expect(task).toMatchObject({ state: "151", active: "true" });
    for (const [state, label, active] of [
      ["152", "Assess", "true"],
      ["154", "Work in Progress", "true"],
      ["157", "Closed", "false"],
    ] as const) {
      await instance.update("problem_task", task.sys_id ?? "", { state });
      const [shown] = await instance.rows<Texts>("problem_task", `sys_id=${task.sys_id}`, {
        sysparm_display_value: "true",
      });
      expect(shown).toMatchObject({ state: label, active });
    }
  });

  test("can be made in any of them, and not in a state of other tasks", async () => {
    expect(await instance.create("problem_task", { state: "152" })).toMatchObject({ state: "152" });
    expect(await instance.create("problem_task", { state: "3" })).toMatchObject({ state: "151" });
  });
});

describe("for whom something is ordered", () => {
  const body = (who: string): Row => ({ sysparm_quantity: "1", sysparm_requested_for: who, variables: {} });
  const order = (who: string, verb: string): ReturnType<typeof instance.call> =>
    instance.call("POST", `/api/sn_sc/servicecatalog/items/${item}/${verb}`, { body: body(who) });
  let item = "";
  beforeAll(async () => {
    item = await idOf("sc_cat_item", "name=Apple iPad 3");
  });

  test("may be given by user name or sys_id", async () => {
    const { sys_id } = await first("sys_user", "user_name=abel.tuter");
    for (const who of ["abel.tuter", sys_id ?? ""]) {
      const { request_id } = (await order(who, "order_now")).result as Texts;
      const [request] = await instance.rows("sc_request", `sys_id=${request_id}`, {
        sysparm_exclude_reference_link: "true",
      });
      expect(request).toMatchObject({ requested_for: sys_id });
      expect((await order(who, "add_to_cart")).status).toBe(200);
    }
  });

  test.each(["nobody.there", "0".repeat(32)])("is refused for %s, who does not exist", async (who) => {
    for (const verb of ["order_now", "add_to_cart"]) {
      const answer = await order(who, verb);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(`There is no user ${who}`);
    }
  });
});

describe("application files", () => {
  test.each(["sc_cat_item", "sys_user_role", "sys_ui_policy", "sys_script_include", "sys_properties"])(
    "records of %s have the columns of sys_metadata, which can be asked for",
    async (table) => {
      const row = await first(table);
      for (const column of ["sys_name", "sys_scope", "sys_package", "sys_update_name", "sys_policy"])
        expect(row).toHaveProperty([column]);
      expect(row.sys_name).not.toBe("");
      expect(await total(table, "sys_name=nothing")).toBe(0);
      expect(await total(table, `sys_name=${row.sys_name}`)).not.toBe(0);
    },
  );

  test("a new one takes its name from its display value, and a new name with it", async () => {
    const item = await instance.create<Texts>("sc_cat_item", { name: "Chair" });
    expect(item).toMatchObject({
      sys_name: "Chair",
      sys_class_name: "sc_cat_item",
      sys_update_name: `sc_cat_item_${item.sys_id}`,
      sys_scope: expect.objectContaining({ value: "global" }) as unknown,
    });
    expect(await instance.update("sc_cat_item", item.sys_id ?? "", { name: "Table" })).toMatchObject({
      sys_name: "Table",
    });
  });

  test("all of them show in sys_metadata by their class, with what they share", async () => {
    expect(await total("sys_metadata", "")).toBeGreaterThanOrEqual(300);
    const files = await instance.rows<Texts>(
      "sys_metadata",
      "sys_name=Create Incident^ORDERBYsys_class_name",
      {},
    );
    expect(files[0]).toMatchObject({ sys_class_name: "sc_cat_item_producer" });
    expect(files[0]).not.toHaveProperty("table_name");
    expect(await total("sys_metadata", "sys_class_nameINSTANCEOFsc_cat_item")).toBe(
      await total("sc_cat_item", ""),
    );
    expect(await total("sys_metadata", "sys_class_name=sys_security_acl")).toBe(
      await total("sys_security_acl", ""),
    );
  });

  test("can be changed and deleted through sys_metadata, and made only in their own class", async () => {
    const { sys_id = "" } = await instance.create<Texts>("sys_script_include", { name: "Short" });
    await instance.update("sys_metadata", sys_id, { sys_policy: "read" });
    expect(await first("sys_script_include", `sys_id=${sys_id}`)).toMatchObject({ sys_policy: "read" });
    expect((await instance.call("DELETE", `/api/now/table/sys_metadata/${sys_id}`)).status).toBe(204);
    expect(await total("sys_script_include", `sys_id=${sys_id}`)).toBe(0);
    const made = await instance.call("POST", "/api/now/table/sys_metadata", { body: { sys_name: "x" } });
    expect(made.status).toBe(403);
  });
});

describe("short URLs", () => {
  const shorten = async (url: string): Promise<string> =>
    String((await instance.call("POST", "/api/now/tinyurl", { body: { url } })).json().result);

  test("stand for the parameters they were made of, in lists, aggregates and batches", async () => {
    const short = await shorten("incident_list.do?sysparm_query=active%3Dfalse&sysparm_fields=number,active");
    expect(short).toMatch(/^incident_list\.do\?sysparm_tiny=[0-9a-f]{32}$/);
    const tiny = short.split("?")[1] ?? "";
    const listed = await instance.call("GET", `/api/now/table/incident?${tiny}&sysparm_limit=5`);
    expect(listed.result).toHaveLength(5);
    for (const row of listed.result as Texts[]) expect(row).toEqual({ number: row.number, active: "false" });
    const counted = await instance.call("GET", `/api/now/stats/incident?${tiny}&sysparm_count=true`);
    expect(counted.result).toMatchObject({
      stats: { count: String(await total("incident", "active=false")) },
    });
    const batch = await instance.call("POST", "/api/now/v1/batch", {
      body: { rest_requests: [{ id: "a", url: `/api/now/table/incident?${tiny}&sysparm_limit=1` }] },
    });
    const [part] = (batch.json() as { serviced_requests: Texts[] }).serviced_requests;
    expect(Buffer.from(part?.body ?? "", "base64").toString()).toContain('"active":"false"');
  });

  test("keep an address of 20,000 characters, and what the request says itself goes first", async () => {
    const long = `https://somewhere.example.com/task_list.do?sysparm_query=numberIN${"INC0000001,".repeat(1800)}`;
    const short = await shorten(`${long}&sysparm_fields=number`);
    expect(short).toMatch(/^https:\/\/somewhere\.example\.com\/task_list\.do\?sysparm_tiny=/);
    const answer = await instance.call(
      "GET",
      `/api/now/table/task?${short.split("?")[1]}&sysparm_fields=sys_class_name`,
    );
    expect(answer.result).toEqual([{ sys_class_name: "incident" }]);
  });

  test("are refused when nobody was given them, and made of nothing", async () => {
    expect((await instance.call("GET", "/api/now/table/incident?sysparm_tiny=0")).status).toBe(400);
    expect((await instance.call("POST", "/api/now/tinyurl", { body: {} })).status).toBe(400);
  });
});

describe("exports of lists", () => {
  const query = "sysparm_query=numberININC0000001,INC0000002^ORDERBYnumber";

  test("CSV holds display values under the names of columns, or their labels", async () => {
    const path = `/incident_list.do?CSV&${query}&sysparm_fields=number,state,active`;
    const csv = await instance.call("GET", path);
    expect(csv.headers.get("content-type")).toBe("text/csv;charset=UTF-8");
    expect(csv.text.split("\r\n")).toEqual([
      '"number","state","active"',
      expect.stringMatching(/^"INC0000001","\D[^"]*","(true|false)"$/),
      expect.stringMatching(/^"INC0000002","\D[^"]*","(true|false)"$/),
      "",
    ]);
    const property = await instance.create<Texts>("sys_properties", {
      name: "glide.csv.export.labels",
      value: "true",
    });
    expect((await instance.call("GET", path)).text.split("\r\n")[0]).toBe('"Number","State","Active"');
    await instance.call("DELETE", `/api/now/table/sys_properties/${property.sys_id}`);
  });

  test("CSV has the columns of the view, or all, and quotes what it must", async () => {
    const made = await instance.create<Texts>("incident", {
      short_description: 'Says "no", twice\nand more',
    });
    const own = `sysparm_query=sys_id=${made.sys_id}`;
    const listed = (await instance.call("GET", `/incident_list.do?CSV&${own}`)).text;
    expect(listed.split("\r\n")[0]).toContain('"number","opened_at","short_description"');
    expect(listed).toContain('"Says ""no"", twice\nand more"');
    const all = (await instance.call("GET", `/incident.do?CSV&${own}&sysparm_default_export_fields=all`))
      .text;
    expect(all.split("\r\n")[0]).toContain('"sys_mod_count"');
  });

  test("XML and JSONv2 hold stored values", async () => {
    const xml = await instance.call("GET", `/incident_list.do?XML&${query}&sysparm_record_count=1`);
    expect(xml.headers.get("content-type")).toBe("text/xml;charset=UTF-8");
    expect(xml.text).toMatch(/^<\?xml [^>]*\?><xml><incident>.*<number>INC0000001<\/number>/);
    expect(xml.text).not.toContain("INC0000002");
    const jsonv2 = await instance.call("GET", `/incident_list.do?JSONv2&${query}`);
    expect(jsonv2.json()).toMatchObject({ records: [{ number: "INC0000001" }, { number: "INC0000002" }] });
  });

  test("other formats are not there", async () => {
    for (const format of ["EXCEL", "PDF"])
      expect((await instance.call("GET", `/incident_list.do?${format}`)).status).toBe(404);
  });
});

test.each(["", "v1/", "v2/"])("the Location of a new file keeps the version: %s", async (version) => {
  const owner = await idOf("incident");
  const answer = await instance.call(
    "POST",
    `/api/now/${version}attachment/file?table_name=incident&table_sys_id=${owner}&file_name=c.txt`,
    { body: "text", headers: { "content-type": "text/plain" } },
  );
  const { sys_id } = answer.result as Texts;
  expect(answer.headers.get("location")).toBe(`${instance.url}/api/now/${version}attachment/${sys_id}/file`);
});

test("items are related with and without a source", async () => {
  const [parent, child] = await instance.rows<Texts>("cmdb_ci_linux_server", "ORDERBYname");
  const type = await idOf("cmdb_rel_type", "name=Depends on::Used by");
  for (const source of [{}, { source: "ServiceNow" }, { source: "" }]) {
    const answer = await instance.call(
      "POST",
      `/api/now/cmdb/instance/cmdb_ci_linux_server/${parent?.sys_id}/relation`,
      { body: { outbound_relations: [{ type, target: child?.sys_id }], ...source } },
    );
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(child?.sys_id);
  }
});

test.each(["", "sysparm_query=active=true", "sysparm_count=false", "sysparm_avg_fields="])(
  "an aggregate of nothing is refused: ?%s",
  async (parameters) => {
    const answer = await instance.call("GET", `/api/now/stats/incident?${parameters}`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("No aggregate was asked for");
  },
);

test.each([
  ["sysparm_limit=abc", "sysparm_limit must be a positive integer"],
  ["sysparm_limit=0", "sysparm_limit must be a positive integer"],
  ["sysparm_offset=-1", "sysparm_offset must be a non-negative integer"],
])("a refused page says what is wanted: %s", async (parameter, detail) => {
  const answer = await instance.call("GET", `/api/now/table/incident?${parameter}`);
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ error: { detail } });
});

describe("empty values as display values", () => {
  test("rich text and titles are null, texts are empty", async () => {
    const problem = await instance.create<Texts>("problem", { short_description: "Empty" });
    const [shown] = await instance.rows<Row>("problem", `sys_id=${problem.sys_id}`, {
      sysparm_display_value: "true",
    });
    expect(shown).toMatchObject({ cause_notes: null, workaround: null, fix_notes: null, description: "" });
    const [both] = await instance.rows<Row>("problem", `sys_id=${problem.sys_id}`, {
      sysparm_display_value: "all",
    });
    expect(both?.cause_notes).toEqual({ display_value: null, value: "" });
    const [user] = await instance.rows<Row>("sys_user", "user_name=admin", { sysparm_display_value: "true" });
    expect(user).toMatchObject({ introduction: null, title: "" });
  });

  test("counters begin at nought", async () => {
    expect(await instance.create("incident", {})).toMatchObject({ child_incidents: "0" });
    expect(await instance.create("problem", {})).toMatchObject({ related_incidents: "0" });
  });
});

describe("tables that are named instead of referred to", () => {
  test("a counter's table is a reference by name, whatever it is given as", async () => {
    expect(await first("sys_number", "prefix=INC")).toMatchObject({
      category: { link: `${instance.url}/api/now/table/sys_db_object?name=incident`, value: "incident" },
    });
    const table = await first("sys_db_object", "name=problem");
    for (const category of ["problem", table.sys_id, table.label])
      expect(await instance.create("sys_number", { category, prefix: "Q" })).toMatchObject({
        category: { value: "problem" },
      });
    expect(await total("sys_number", "category=incident")).toBe(1);
  });
});

describe("tables and columns that clients take for granted", () => {
  test.each([
    ["sys_app", "scope"],
    ["sys_security_acl", "operation"],
    ["sys_ui_action", "action_name"],
    ["sys_ui_policy", "conditions"],
    ["sys_script_include", "api_name"],
    ["sys_report", "title"],
    ["cmdb_ci_ec2_instance", "vm_inst_id"],
    ["cmdb_ci_vm_instance", "cpus"],
    ["alm_hardware", "install_status"],
    ["cmdb_model_category", "cmdb_ci_class"],
    ["fm_expense_line", "amount"],
    ["sys_user_preference", "system"],
    ["sys_properties", "suffix"],
    ["sys_properties", "ignore_cache"],
    ["sys_properties", "read_roles"],
    ["sys_properties", "write_roles"],
    ["sc_catalog", "manager"],
    ["sc_catalog", "editors"],
    ["question_choice", "price"],
    ["syslog", "level"],
    ["sys_template", "template"],
    ["std_change_template", "template"],
  ])("%s has records with %s", async (table, column) => {
    expect(await first(table)).toHaveProperty([column]);
    expect(await total("sys_dictionary", `element=${column}`)).not.toBe(0);
  });

  test("people and groups that run the instance", async () => {
    expect(await total("sys_user_has_role", "role.name=admin")).toBeGreaterThanOrEqual(12);
    expect(
      await total(
        "sys_user_has_role",
        "role.name=problem_manager^user.user_name=problem.manager^inherited=false",
      ),
    ).toBe(1);
    expect(await total("sys_user_has_role", "role.name=problem_admin^user.user_name=problem.admin")).not.toBe(
      0,
    );
    expect(await total("sys_group_has_role", "role.nameINadmin,security_admin,problem_admin")).toBe(3);
    const chief = await first(
      "sys_user",
      "department.dept_headISNOTEMPTY^time_zone!=UTC^user_name=fred.luddy",
    );
    expect(chief).toMatchObject({ user_name: "fred.luddy", time_zone: "America/Los_Angeles" });
    const item = await idOf("sc_cat_item", "sc_catalogs=742ce428d7211100f2d224837e61036d^name=Network Port");
    expect(await total("item_option_new", `cat_item=${item}`)).toBe(2);
    expect(await total("cmdb_ci", "short_descriptionISNOTEMPTY")).toBe(13);
  });
});

describe("application services", () => {
  const base = "/api/now/cmdb/csdm/app_service";

  test("are found by name, by number, or not", async () => {
    const byName = await instance.call("GET", `${base}/find_service?name=Web Shop`);
    const found = { name: "Web Shop", number: "SNSVC0001001", environment: "Production", version: "1.0" };
    expect(byName.result).toMatchObject({ services: [found] });
    expect((await instance.call("GET", `${base}/find_service?number=SNSVC0001001`)).result).toEqual(
      byName.result,
    );
    expect((await instance.call("GET", `${base}/find_service?name=None`)).result).toEqual({ services: [] });
    expect((await instance.call("GET", `${base}/find_service`)).status).toBe(400);
  });

  test("are created with the items they consist of", async () => {
    const [one, two] = await instance.rows<Texts>("cmdb_ci_linux_server", "ORDERBYname");
    for (const path of ["/api/now/cmdb/app_service/create", `${base}/create`]) {
      const made = await instance.call("POST", path, {
        body: {
          name: `Service ${path}`,
          service_relations: [
            { parent: "", child: one?.sys_id },
            { parent: one?.sys_id, child: two?.sys_id },
          ],
        },
      });
      const { getContentUrl } = made.result as Texts;
      expect(made.result).toMatchObject({ info: "2 CIs added to service" });
      expect((await instance.call("GET", getContentUrl ?? "")).result).toMatchObject({
        service_relations: [
          { parent: "", child: one?.sys_id },
          { parent: one?.sys_id, child: two?.sys_id },
        ],
      });
    }
    expect((await instance.call("POST", `${base}/create`, { body: {} })).status).toBe(400);
  });

  test("are registered under a new name, with a number", async () => {
    const register = (name: string) =>
      instance.call("POST", `${base}/register_service`, { body: { basic_details: { name, version: "2" } } });
    const made = await register("Lab");
    expect(made.status).toBe(201);
    expect(made.result).toMatchObject({ number: expect.stringMatching(/^SNSVC\d{7}$/) as unknown });
    expect((await register("Lab")).status).toBe(400);
    expect((await register("")).status).toBe(400);
  });
});

describe("a read over its quota", () => {
  const slow = { faults: [{ match: { path: "/table/incident" }, delayMs: 3_600_000, count: 1 }] };
  const read = () => instance.call("GET", "/api/now/table/incident?sysparm_limit=3&sysparm_fields=number");
  const error = { message: "Transaction cancelled: maximum execution time exceeded" };

  test("may answer rows and error side by side", async () => {
    await switchedTo(instance, { quotaAnswer: "result" }, async () => {
      await instance.control("PUT", "faults", slow);
      const answer = await read();
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({ error, status: "failure" });
      expect(answer.result).toHaveLength(2);
    });
  });

  test("may answer no row beside the error, by fault", async () => {
    await instance.control("PUT", "faults", { faults: [{ quotaResult: "empty", count: 1 }] });
    const answer = await read();
    expect(answer.json()).toMatchObject({ result: [], error, status: "failure" });
    expect((await read()).result).toHaveLength(3);
  });

  test("answers 500 by default, and broken JSON by switch", async () => {
    await instance.control("PUT", "faults", slow);
    expect((await read()).status).toBe(500);
    await switchedTo(instance, { quotaAnswer: "broken" }, async () => {
      await instance.control("PUT", "faults", slow);
      const answer = await read();
      expect(answer.status).toBe(200);
      expect(() => answer.json()).toThrow(SyntaxError);
    });
  });
});

describe("strange requests", () => {
  test.each(["example.com", "127.0.0.1:1", "dev1.service-now.com"])(
    "a Host header of %s is answered as any other, and links name the instance itself",
    async (host) => {
      const { request } = await import("node:http");
      const text = await new Promise<string>((resolve, reject) => {
        const asked = request(
          `${instance.url}/api/now/table/incident?sysparm_limit=1&sysparm_fields=caller_id`,
          { headers: { host, authorization: `Basic ${btoa("admin:admin")}` } },
          (response) => {
            let body = "";
            response.on("data", (chunk: Buffer) => (body += chunk.toString()));
            response.on("end", () => resolve(`${response.statusCode} ${body}`));
          },
        );
        asked.on("error", reject).end();
      });
      expect(text).toMatch(/^200 /);
      expect(text).toContain(`${instance.url}/api/now/table/sys_user/`);
    },
  );

  test.each([
    ["lists", "[", "]"],
    ["objects", '{"a":', "}"],
    ["lists in an object that is not strict JSON", "{a:[", "]}"],
  ])("a body 20,000 levels deep is refused: %s", async (_what, open, close) => {
    const deep = `{"short_description":${open.repeat(20_000)}1${close.repeat(20_000)}}`;
    for (const path of [
      "/api/now/table/incident",
      "/api/now/v1/batch",
      "/incident.do?JSONv2&sysparm_action=insert",
    ]) {
      const answer = await instance.call("POST", path, { body: deep });
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({ status: "failure" });
    }
  });

  test("brackets within texts are no depth", async () => {
    const short_description = `${"[".repeat(90)}"{`;
    const made = await instance.create("incident", { short_description, description: "{".repeat(3000) });
    expect(made).toMatchObject({ short_description, description: "{".repeat(3000) });
  });
});
