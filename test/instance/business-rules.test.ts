import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buildInstance } from "../../instance/src/build";
import { testInstance, type TestInstance } from "./client";
import { present } from "../helpers/present";

type Texts = Record<string, string>;
type Handler = (request: {
  path: string;
  body: string;
  authorization: string;
}) => Promise<{ status?: number; body?: string }> | null;

let instance: TestInstance;
let server: Server;
let hook: string;
let received: string[] = [];
/** What the server on this machine answers; null leaves the call without an answer. */
let answer: Handler = async () => ({});

beforeAll(async () => {
  instance = await testInstance({ incidents: 5 });
  server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  received = [];
  answer = async () => ({});
});
afterEach(async () => {
  for (const rule of await instance.rows<Texts>("sys_script", "nameSTARTSWITHTest"))
    await instance.call("DELETE", `/api/now/table/sys_script/${rule.sys_id}`);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await instance.stop();
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const part of request) body += String(part);
  const header = String(request.headers["x-given"] ?? "");
  received.push(`${request.method} ${request.url} ${body} ${header}`.trim());
  const given = await answer({
    path: request.url ?? "",
    body,
    authorization: String(request.headers.authorization),
  });
  if (given) response.writeHead(given.status ?? 200, { "x-ticket": "T-7" }).end(given.body ?? "");
}

async function rule(when: string, script: string, values: Texts = {}): Promise<void> {
  await instance.create("sys_script", {
    name: `Test ${when}`,
    collection: "incident",
    when,
    advanced: "true",
    active: "true",
    action_insert: "true",
    filter_condition: "short_descriptionSTARTSWITHrule",
    script,
    ...values,
  });
}

/** A script that calls the server and then does something with `r`, the answer. */
function calling(then: string, before = ""): string {
  return `(function executeRule(current, previous) {
    var m = new sn_ws.RESTMessageV2(); m.setEndpoint("${hook}/" + current.short_description); m.setHttpMethod("post");
    ${before} var r; try { r = m.execute(); } catch (ex) { gs.error("caught " + ex); } ${then}
  })(current, previous);`;
}

const incident = (short_description: string, more: Texts = {}): Promise<Texts> =>
  instance.create<Texts>("incident", { short_description, ...more });
const logged = async (): Promise<string[]> =>
  (await instance.rows<Texts>("syslog", "sourceSTARTSWITHsys_script.Test^ORDERBYsys_created_on")).map((row) =>
    present(row.message),
  );

describe("the answer to RESTMessageV2.execute()", () => {
  test("an after rule gets status, body and headers, and the write waits for it", async () => {
    let seen = 0;
    answer = async ({ path }) => {
      // Who is told of a record may ask for it before it answers.
      const rows = await instance.rows("incident", `short_description=${path.slice(1)}`);
      seen = rows.length;
      return { status: 201, body: '{"id":"A1"}' };
    };
    await rule(
      "after",
      calling(
        `gs.info([r.getStatusCode(), JSON.parse(r.getBody()).id, r.getHeader("X-Ticket"), r.haveError()].join());`,
      ),
    );
    await incident("rule-after");
    expect(await logged()).toContain("201,A1,T-7,false");
    expect(seen).toBe(1);
    expect(received).toHaveLength(1);
  });

  test("a before rule fills the record with the answer; the call goes out once", async () => {
    answer = async () => {
      // The instance goes on serving meanwhile.
      await instance.rows("sys_user", "user_name=admin");
      return { body: "ticket-9" };
    };
    await rule("before", calling("current.correlation_id = r.getBody();"));
    expect(await incident("rule-before")).toMatchObject({ correlation_id: "ticket-9" });
    expect(received).toEqual(["POST /rule-before"]);
    expect(await instance.rows("incident", "short_description=rule-before")).toHaveLength(1);
  });

  test("several calls of several rules are answered in their order", async () => {
    answer = async ({ path }) => ({ body: path.slice(-1) });
    const two = `var a = "", m = new sn_ws.RESTMessageV2();
      m.setEndpoint("${hook}/1"); a += m.execute().getBody(); m.setEndpoint("${hook}/2"); a += m.execute().getBody();`;
    await rule("before", `${two} current.correlation_id = a;`);
    await rule("before", `${two} current.correlation_display = current.correlation_id + a;`, {
      name: "Test second",
      order: "200",
    });
    expect(await incident("rule-several")).toMatchObject({
      correlation_id: "12",
      correlation_display: "1212",
    });
    expect(received).toEqual(["GET /1", "GET /2", "GET /1", "GET /2"]);
  });

  test("a write with a late commit asks once and commits what it got", async () => {
    await instance.control("POST", "clock", { freeze: true });
    answer = async () => ({ body: "late" });
    await rule("before", calling("current.correlation_id = r.getBody();"));
    await instance.control("PATCH", "config", { commitDelaySeconds: 30 });
    const row = await incident("rule-late");
    await instance.control("PATCH", "config", { commitDelaySeconds: 0 });
    expect(await instance.rows("incident", `sys_id=${row.sys_id}`)).toEqual([]);
    await instance.control("POST", "clock", { advanceSeconds: 31 });
    expect(await instance.rows("incident", `sys_id=${row.sys_id}`)).toMatchObject([
      { correlation_id: "late", number: row.number },
    ]);
    expect(received).toHaveLength(1);
    await instance.control("POST", "clock", { real: true });
  });

  test.each([
    ["no answer in time", "m.setHttpTimeout(150);", /^0,true,.*timeout/i],
    ["another machine", 'm.setEndpoint("http://example.com/");', /^0,true,Refused: .*loopback/],
    ["a closed port", 'm.setEndpoint("http://127.0.0.1:9/");', /^0,true,./],
  ])("%s is an error of the answer, not of the script", async (name, before, wanted) => {
    answer = () => null;
    await rule(
      "after",
      calling(
        `gs.info("${name}:" + [r.getStatusCode(), r.haveError(), r.getErrorMessage()].join());`,
        before,
      ),
    );
    await incident("rule-error");
    const line = (await logged()).find((message) => message.startsWith(`${name}:`));
    expect(line?.slice(name.length + 1)).toMatch(wanted);
  });

  test("executeAsync is sent afterwards; waiting for it gives the answer", async () => {
    answer = async () => ({ body: "async answer" });
    const message = `var m = new sn_ws.RESTMessageV2(); m.setEndpoint("${hook}/async"); var r = m.executeAsync();`;
    await rule("before", `${message} r.waitForResponse(5); current.correlation_id = r.getBody();`);
    expect(await incident("rule-async")).toMatchObject({ correlation_id: "async answer" });
    expect(received).toEqual(["GET /async"]);
  });

  test("a stored REST message gives method, address, headers and body with its parameters", async () => {
    answer = async () => ({ status: 202 });
    const message = await instance.create<Texts>("sys_rest_message", {
      name: "Notify",
      rest_endpoint: `${hook}/unused`,
      authentication_type: "no_authentication",
    });
    const fn = await instance.create<Texts>("sys_rest_message_fn", {
      rest_message: present(message.sys_id),
      function_name: "post",
      http_method: "put",
      rest_endpoint: hook + "/${where}",
      content: '{"number":"${number}"}',
    });
    await instance.create("sys_rest_message_fn_headers", {
      rest_message_function: present(fn.sys_id),
      name: "X-Given",
      value: "stored",
    });
    await rule(
      "after",
      `var m = new sn_ws.RESTMessageV2("Notify", "post"); m.setStringParameter("where", "here");
       m.setStringParameterNoEscape("number", current.number); gs.info("stored: " + m.execute().getStatusCode());`,
    );
    const row = await incident("rule-stored");
    expect(received).toEqual([`PUT /here {"number":"${row.number}"} stored`]);
    expect(await logged()).toContain("stored: 202");
  });

  test("an update and a delete wait as well, and a part of a batch", async () => {
    answer = async ({ path }) => ({ body: path.slice(1) });
    await rule("before", calling("current.correlation_id = r.getBody();"), {
      action_update: "true",
      action_delete: "true",
    });
    const row = await incident("rule-one");
    const part = {
      id: "1",
      method: "PATCH",
      url: `/api/now/table/incident/${row.sys_id}`,
      headers: [{ name: "Content-Type", value: "application/json" }],
      body: Buffer.from('{"short_description":"rule-two"}').toString("base64"),
    };
    const batch = await instance.call("POST", "/api/now/v1/batch", {
      body: { batch_request_id: "1", rest_requests: [part] },
    });
    expect(batch.json()).toMatchObject({ serviced_requests: [{ status_code: 200 }] });
    expect(await instance.rows("incident", `sys_id=${row.sys_id}`)).toMatchObject([
      { correlation_id: "rule-two" },
    ]);
    expect((await instance.call("DELETE", `/api/now/table/incident/${row.sys_id}`)).status).toBe(204);
    expect(received).toEqual(["POST /rule-one", "POST /rule-two", "POST /rule-two"]);
  });

  test("what is undone sends nothing", async () => {
    await rule("after", calling(""), { collection: "sc_request", filter_condition: "" });
    await rule("before", "current.setAbortAction(true);", {
      collection: "sc_req_item",
      filter_condition: "",
    });
    const order = (): ReturnType<TestInstance["call"]> =>
      instance.call("POST", "/api/sn_sc/servicecatalog/items/04b7e94b4f7b4200086eeed18110c7fd/order_now", {
        body: { sysparm_quantity: 1 },
      });
    expect((await order()).status).toBe(403);
    expect(received).toEqual([]);
    const [abort] = await instance.rows<Texts>("sys_script", "name=Test before");
    await instance.update("sys_script", present(present(abort).sys_id), { active: "false" });
    expect((await order()).status).toBe(200);
    expect(received).toHaveLength(1);
  });
});

describe("what scripts can reach", () => {
  test("async rules run at their time by the instance's clock", async () => {
    await instance.control("POST", "clock", { freeze: true });
    await instance.control("PATCH", "config", { asyncRuleDelaySeconds: 90 });
    const arrived = new Promise<void>((done) => {
      answer = async () => {
        done();
        return {};
      };
    });
    await rule("async", calling(""));
    await incident("rule-timed");
    await instance.control("POST", "clock", { advanceSeconds: 89 });
    await instance.rows("incident", "");
    expect(received).toEqual([]);
    await instance.control("POST", "clock", { advanceSeconds: 2 });
    await arrived;
    await instance.control("PATCH", "config", { asyncRuleDelaySeconds: 0 });
    await instance.control("POST", "clock", { real: true });
  });

  test("dot-walks, records of other tables, roles and events", async () => {
    const [abel] = await instance.rows<Texts>("sys_user", "user_name=abel.tuter");
    await rule(
      "before",
      `var names = [], gr = new GlideRecord("sys_user_group"); gr.addQuery("name", "IN", "Network,Hardware"); gr.orderBy("name"); gr.query();
       while (gr.next()) names.push(gr.getValue("name"));
       var one = new GlideRecord("sys_user");
       current.description = [current.caller_id.email, current.caller_id.company.name != "", current.caller_id.getDisplayValue(),
         String(current.caller_id) === current.caller_id.sys_id.toString(), names.join("+"), one.get("user_name", "itil"), one.name,
         one.get("user_name", "nobody at all"), gs.hasRole("admin"), new GlideRecord("no_such_table").get("x")].join("|");
       gs.eventQueue("test.made", current, "one", current.short_description);`,
    );
    const row = await incident("rule-reach", { caller_id: present(present(abel).sys_id) });
    expect(row.description).toBe(
      "abel.tuter@example.com|true|Abel Tuter|true|Hardware+Network|true|ITIL User|false|true|false",
    );
    expect(await instance.rows("sysevent", "name=test.made")).toMatchObject([
      { table: "incident", instance: row.sys_id, parm1: "one", parm2: "rule-reach", state: "ready" },
    ]);
  });

  test("links, loops over columns, basic auth, dates and texts", async () => {
    await rule(
      "before",
      `var columns = []; for (var name in current) if (current[name].changes() && name.indexOf("impact") === 0) columns.push(name);
       var due = new GlideDateTime("2030-01-31 23:59:30"); due.addSeconds(60);
       current.description = [gs.getProperty("glide.servlet.uri") + current.getLink(true), columns.join(), due.getValue(), due.getDate(),
         due.after(new GlideDateTime("2030-01-01 00:00:00")), gs.base64Encode("é:b"), gs.getMessage("{0} of {1}", ["one", "two"]),
         gs.urlEncode("a b"), JSON.stringify({ who: current.opened_by, what: current.short_description })].join("|");
       var m = new sn_ws.RESTMessageV2(); m.setEndpoint("${hook}/auth"); m.setBasicAuth("me", "secret"); m.setHttpMethod("get");
       current.correlation_display = m.execute().getBody();`,
    );
    answer = async ({ authorization }) => ({ body: authorization });
    const row = await incident("rule-helpers", { impact: "2" });
    const [admin] = await instance.rows<Texts>("sys_user", "user_name=admin");
    expect(row.description).toBe(
      [
        `${instance.url}/incident.do?sys_id=${row.sys_id}`,
        "impact",
        "2030-02-01 00:00:30",
        "2030-02-01",
        "true",
        Buffer.from("é:b").toString("base64"),
        "one of two",
        "a%20b",
        JSON.stringify({ who: present(admin).sys_id, what: "rule-helpers" }),
      ].join("|"),
    );
    expect(row.correlation_display).toBe(`Basic ${btoa("me:secret")}`);
  });

  test("a before rule writes a journal entry", async () => {
    await rule("before", 'current.work_notes = "Seen by the rule " + current.number;');
    const row = await incident("rule-journal");
    expect(await instance.rows("sys_journal_field", `element_id=${row.sys_id}`)).toMatchObject([
      { element: "work_notes", value: `Seen by the rule ${row.number}` },
    ]);
  });

  test("an instance built within a test runs scripts as well", async () => {
    const built = buildInstance({ seed: "empty" });
    const url = await built.app.listen({ port: 0, host: "127.0.0.1" });
    const create = async (table: string, body: object): Promise<unknown> => {
      const made = await fetch(`${url}/api/now/table/${table}`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { authorization: `Basic ${btoa("admin:admin")}`, "content-type": "application/json" },
      });
      return made.json();
    };
    await create("sys_script", {
      name: "Inside",
      collection: "incident",
      when: "before",
      advanced: "true",
      active: "true",
      action_insert: "true",
      script: "current.correlation_id = 'from a script';",
    });
    expect(await create("incident", { short_description: "x" })).toMatchObject({
      result: { correlation_id: "from a script" },
    });
    await built.close();
  });
});
