import { duringTests } from "../../helpers/instance";
import { errorOf, serve } from "./served";
import { present, toText } from "../../helpers/present";

const instance = duringTests(serve);

const calls: [method: string, path: string, body?: unknown][] = [
  ["POST", "/api/now/import/imp_user", { user_id: "x" }],
  ["GET", "/api/sn_sc/servicecatalog/items"],
  ["GET", "/api/sn_km_api/knowledge/articles"],
  ["GET", "/api/sn_chg_rest/change"],
  ["GET", "/api/sn_customerservice/case"],
  ["GET", "/api/now/cmdb/instance/cmdb_ci"],
  ["POST", "/api/now/identifyreconcile", { items: [] }],
  ["POST", "/api/now/email", { to: ["a@example.com"] }],
  ["GET", "/api/global/user_role_inheritance?user_sysid=6816f79cc0a8016401c5a33be04be441"],
  ["POST", "/api/global/em/jsonv2", { records: [] }],
  ["GET", "/api/now/ui/user/current_user"],
];

describe("every API goes through the same door", () => {
  const names = calls.map(([method, path]) => `${method} ${path}`);
  test.each(names)("%s: sign-in, version segment, fault plan, methods", async (name) => {
    const [method, path, body] = present(calls[names.indexOf(name)]);
    const anonymous = await instance.call(method, path, body, "");
    expect(anonymous.status).toBe(401);
    expect(errorOf(anonymous).message).toBe("User is not authenticated");
    expect([200, 201]).toContain((await instance.call(method, path, body)).status);
    const versioned = path.replace(/^(\/api\/\w+)\//, "$1/v1/");
    expect([200, 201]).toContain((await instance.call(method, versioned, body)).status);
    await instance.control("PUT", "faults", {
      faults: [{ match: { path: path.split("?")[0] }, status: 503 }],
    });
    expect((await instance.call(method, path, body)).status).toBe(503);
    await instance.control("PUT", "faults", { faults: [] });
    const wrong = await instance.call("DELETE", present(path.split("?")[0]));
    expect(wrong.status).toBe(405);
    expect(errorOf(wrong).message).toBe("Method not supported");
  });

  test("an unknown path below them is no resource", async () => {
    for (const path of [
      "/api/sn_sc/servicecatalog/nothing",
      "/api/sn_km_api/knowledge",
      "/api/sn_chg_rest",
    ]) {
      const answer = await instance.call("GET", path);
      expect(answer.status).toBe(400);
      expect(errorOf(answer).message).toBe("Requested URI does not represent any resource");
    }
  });

  test("a late commit shows an order only after its time, though it was answered at once", async () => {
    await instance.control("POST", "clock", { freeze: true });
    await instance.control("PATCH", "config", { commitDelaySeconds: 20 });
    const laptop = "04b7e94b4f7b4200086eeed18110c7fd";
    const ordered = await instance.call("POST", `/api/sn_sc/servicecatalog/items/${laptop}/order_now`, {
      sysparm_quantity: 1,
    });
    await instance.control("PATCH", "config", { commitDelaySeconds: 0 });
    const id = toText(ordered.result.request_id);
    const items = async (): Promise<number> =>
      (await instance.call("GET", `/api/now/table/sc_req_item?sysparm_query=request=${id}`)).list.length;
    expect((await instance.call("GET", `/api/now/table/sc_request/${id}`)).status).toBe(404);
    expect(await items()).toBe(0);
    await instance.control("POST", "clock", { advanceSeconds: 21 });
    const request = await instance.call("GET", `/api/now/table/sc_request/${id}`);
    expect(request.result.number).toBe(ordered.result.number);
    expect(await items()).toBe(1);
  });

  test("the demo has requests with items, tasks and answers", async () => {
    const items = await instance.call(
      "GET",
      "/api/now/table/sc_req_item?sysparm_query=numberSTARTSWITHRITM00000",
    );
    expect(items.list).toHaveLength(13);
    const answers = await instance.call(
      "GET",
      "/api/now/table/sc_item_option_mtom?sysparm_limit=1&sysparm_fields=sc_item_option.item_option_new.question_text,request_item.number",
    );
    expect(answers.list[0]).toMatchObject({
      "request_item.number": expect.stringMatching(/^RITM/),
      "sc_item_option.item_option_new.question_text": expect.any(String),
    });
  });
});
