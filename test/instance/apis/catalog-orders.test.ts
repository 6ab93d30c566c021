import { duringTests } from "../../helpers/instance";
import { base, catalog, laptop, mailbox, everyType, producer, guide, abel, david } from "./catalog-ids";
import { errorOf, serve } from "./served";
import { present, toText } from "../../helpers/present";

const instance = duringTests(serve);

describe("ordering", () => {
  test("order_now makes a request, an item, its variables and a task", async () => {
    const answer = await instance.call("POST", `${base}/items/${everyType}/order_now`, {
      sysparm_quantity: "2",
      sysparm_requested_for: abel,
      variables: { desk: "standing", remarks: "By the window" },
    });
    expect(answer.status).toBe(200);
    expect(answer.result).toMatchObject({ number: expect.stringMatching(/^REQ\d{7}$/), table: "sc_request" });
    expect(answer.result.request_number).toBe(answer.result.number);
    expect(answer.result.request_id).toBe(answer.result.sys_id);
    const [request] = await instance.rows("sc_request", `sys_id=${toText(answer.result.sys_id)}`);
    expect(request).toMatchObject({ requested_for: abel, request_state: "requested", sc_catalog: catalog });
    const [item] = await instance.rows("sc_req_item", `request=${toText(answer.result.sys_id)}`);
    expect(item).toMatchObject({ quantity: "2", cat_item: everyType, requested_for: abel });
    const kept = await instance.rows("sc_item_option_mtom", `request_item=${toText(present(item).sys_id)}`);
    expect(kept).toHaveLength(22);
    const asked = await instance.rows(
      "sc_item_option",
      `sys_idIN${kept.map((row) => row.sc_item_option).join(",")}^valueISNOTEMPTY`,
    );
    expect(asked.map((row) => row.value)).toEqual(
      expect.arrayContaining(["standing", "By the window", "No", "true", abel]),
    );
    expect(await instance.rows("sc_task", `request_item=${toText(present(item).sys_id)}`)).toHaveLength(1);
  });

  test("the documented refusals, each a 400", async () => {
    const refused = async (item: string, body: unknown, user = "admin"): Promise<string> => {
      const answer = await instance.call("POST", `${base}/items/${item}/order_now`, body, user);
      expect(answer.status).toBe(400);
      return errorOf(answer).message;
    };
    for (const sysparm_quantity of [undefined, "", "0", "-1", "x", 1.5])
      expect(await refused(laptop, { sysparm_quantity })).toBe("Invalid quantity value");
    expect(await refused(everyType, { sysparm_quantity: 1 })).toBe("Mandatory Variables are required");
    for (const item of ["nothing", producer, guide])
      expect(await refused(item, { sysparm_quantity: 1 })).toBe(
        "Security constraints prevent ordering of Item",
      );
    expect(await refused(laptop, { sysparm_quantity: 1, sysparm_requested_for: "x".repeat(32) })).toBe(
      "Invalid user",
    );
    expect(await refused(laptop, "[1]")).toBe("Exception while reading request");
  });

  test("also_request_for makes one item each, for an item that asks for whom", async () => {
    const variables = { new_email: "a@example.com" };
    const answer = await instance.call("POST", `${base}/items/${mailbox}/order_now`, {
      sysparm_quantity: 1,
      sysparm_requested_for: abel,
      sysparm_also_request_for: david,
      variables,
    });
    const items = await instance.rows("sc_req_item", `request=${toText(answer.result.request_id)}`);
    expect(items.map((row) => row.requested_for).sort()).toEqual([david, abel].sort());
    const none = await instance.call("POST", `${base}/items/${laptop}/order_now`, {
      sysparm_quantity: 1,
      sysparm_also_request_for: david,
    });
    expect(errorOf(none).message).toContain("not configured with Requested For");
    const many = await instance.call("POST", `${base}/items/${mailbox}/order_now`, {
      sysparm_quantity: 1,
      sysparm_also_request_for: Array(51).fill(david).join(","),
      variables,
    });
    expect(many.status).toBe(400);
  });

  test("a record producer makes a record of its table", async () => {
    const answer = await instance.call(
      "POST",
      `${base}/items/${producer}/submit_producer`,
      { variables: { urgency: "2", comments: "It smokes", what: "Printer" } },
      "employee",
    );
    expect(answer.result).toMatchObject({
      number: expect.stringMatching(/^INC/),
      parent_id: null,
      parent_table: "task",
      record: `api/now/table/incident/${toText(answer.result.sys_id)}`,
      redirect_portal_url: "",
      redirect_url: `incident.do?sys_id=${toText(answer.result.sys_id)}&sysparm_view=ess`,
      table: "incident",
      redirect_to: "",
    });
    const [incident] = await instance.rows("incident", `sys_id=${toText(answer.result.sys_id)}`);
    expect(incident).toMatchObject({
      short_description: "Printer",
      urgency: "2",
      sys_created_by: "employee",
    });
    const missing = await instance.call("POST", `${base}/items/${producer}/submit_producer`, {
      variables: {},
    });
    expect(errorOf(missing).message).toBe("Mandatory Variables are required");
    expect((await instance.call("POST", `${base}/items/${laptop}/submit_producer`, {})).status).toBe(400);
  });
});

test("the script of a record producer fills the record, says where to go, and may abort", async () => {
  const made = await instance.call("POST", "/api/now/table/sc_cat_item_producer", {
    name: "Scripted",
    table_name: "incident",
    sc_catalogs: catalog,
    script: `if (producer.colour == "black") current.setAbortAction(true);
      current.short_description = "It should be " + producer.colour; current.urgency = 1;
      current.work_notes = "Asked for by " + gs.getUserName(); producer.redirect = "thanks.do";`,
  });
  const id = String(made.result.sys_id);
  await instance.call("POST", "/api/now/table/item_option_new", { cat_item: id, name: "colour", type: "6" });
  const submit = (colour: string) =>
    instance.call("POST", `${base}/items/${id}/submit_producer`, { variables: { colour } }, "itil");
  const answer = await submit("red");
  expect(answer.result).toMatchObject({ table: "incident", redirect_url: "thanks.do" });
  const [incident] = await instance.rows("incident", `sys_id=${String(answer.result.sys_id)}`);
  expect(incident).toMatchObject({ short_description: "It should be red", urgency: "1" });
  const [note] = await instance.rows("sys_journal_field", `element_id=${String(present(incident).sys_id)}`);
  expect(note).toMatchObject({ element: "work_notes", value: "Asked for by itil" });
  expect((await submit("black")).status).toBe(400);
  expect(await instance.rows("incident", "short_description=It should be black")).toEqual([]);
});
