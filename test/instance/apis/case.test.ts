import { duringTests } from "../../helpers/instance";
import { errorOf, serve, type Json } from "./served";
import { toText } from "../../helpers/present";

const instance = duringTests(serve);

const base = "/api/sn_customerservice/case";
const agent = "case.agent";

async function cases(query: string, user = agent): Promise<Json[]> {
  return (await instance.call("GET", `${base}?${query}`, undefined, user)).list;
}

describe("cases", () => {
  test("account, contact and consumer are objects of their own", async () => {
    const [first] = await cases("sysparm_query=ORDERBYnumber&sysparm_limit=1");
    expect(first).toMatchObject({
      number: "CS0000001",
      account: { name: "Boxeo", number: "ACCT0001000", sys_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      contact: { name: "Amy Pascal", email: "amy.pascal@example.com" },
      consumer: {},
      state: "1",
    });
    const [shown] = await cases(
      "sysparm_query=number=CS0000001&sysparm_display_value=true&sysparm_fields=number,state",
    );
    expect(shown).toEqual({ number: "CS0000001", state: "New" });
  });

  test("limit and offset go by two names, and what makes no sense is passed over", async () => {
    expect(await cases("limit=2")).toHaveLength(2);
    expect(await cases("sysparm_limit=3&sysparm_offset=1")).toHaveLength(3);
    expect(await cases("sysparm_limit=many&sysparm_offset=-4")).toHaveLength(12);
    const answer = await instance.call("GET", `${base}?sysparm_limit=5`, undefined, agent);
    expect(answer.headers.get("x-total-count")).toBe("12");
    expect(answer.headers.get("link")).toContain('rel="next"');
  });

  test("create answers with id and number; read and update go by either", async () => {
    const made = await instance.call("POST", base, { short_description: "Broken", priority: "2" }, agent);
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      result: { sys_id: expect.stringMatching(/^[0-9a-f]{32}$/), number: expect.stringMatching(/^CS\d{7}$/) },
    });
    const { sys_id, number } = made.result;
    const changed = await instance.call("PUT", `${base}/${toText(number)}`, { state: "10" }, agent);
    expect(changed.result).toEqual({ sys_id, number });
    for (const id of [sys_id, number]) {
      const read = await instance.call("GET", `${base}/${toText(id)}`, undefined, agent);
      expect(read.result).toMatchObject({ sys_id, short_description: "Broken", state: "10" });
    }
    const missing = await instance.call("GET", `${base}/CS9999999`, undefined, agent);
    expect(missing.status).toBe(404);
    expect(errorOf(missing).message).toBe("No Record found");
  });

  test("without a role of the plugin there is nothing", async () => {
    expect(await cases("", "itil")).toEqual([]);
    expect((await instance.call("POST", base, {}, "itil")).status).toBe(403);
    expect((await instance.call("GET", `${base}/CS0000001`, undefined, "itil")).status).toBe(404);
  });

  test("activities are the journal, newest first, in the reader's zone", async () => {
    await instance.call("PUT", `${base}/CS0000001`, { work_notes: "Seen [code]<b>x</b>[/code]" }, agent);
    const answer = await instance.call("GET", `${base}/CS0000001/activities`, undefined, agent);
    expect(answer.result).toMatchObject({
      display_value: "CS0000001",
      label: "Case",
      table: "sn_customerservice_case",
      user_login: agent,
      user_full_name: "Casey Agent",
      entries: [
        {
          element: "work_notes",
          field_label: "Work notes",
          name: "Casey Agent",
          initials: "CA",
          contains_code: "true",
        },
        {
          element: "comments",
          field_label: "Additional comments",
          value: "Can you send us a photo of the label?",
          login_name: "David Loo",
          contains_code: "false",
        },
      ],
      journal_fields: [
        {
          name: "comments",
          label: "Additional comments",
          color: "transparent",
          can_read: true,
          can_write: true,
        },
        { name: "work_notes", label: "Work notes", color: "gold" },
      ],
    });
    const one = await instance.call("GET", `${base}/CS0000001/activities?sysparm_limit=1`, undefined, agent);
    expect(one.result.entries).toHaveLength(1);
    expect(one.headers.get("x-total-count")).toBe("2");
  });

  test("field_values lists choices and references; of a case, the contacts of its account", async () => {
    const states = await instance.call("GET", `${base}/field_values/state`, undefined, agent);
    expect(states.list[0]).toEqual({ label: "New", value: "1" });
    expect(states.list.map((choice) => choice.value)).toEqual(expect.arrayContaining(["10", "18", "6", "3"]));
    const all = await instance.call("GET", `${base}/field_values/contact`, undefined, agent);
    expect(all.list.map((choice) => choice.label)).toEqual([
      "Alex Linde",
      "Amy Pascal",
      "Denis Koch",
      "Marta Hoch",
    ]);
    const own = await instance.call(
      "GET",
      `${base}/CS0000001/field_values/contact?sysparm_reference_field_columns=email`,
      undefined,
      agent,
    );
    expect(own.list).toEqual([
      { label: "Amy Pascal", value: expect.any(String), email: "amy.pascal@example.com" },
      { label: "Denis Koch", value: expect.any(String), email: "denis.koch@example.com" },
    ]);
    expect(
      (await instance.call("GET", `${base}/field_values/short_description`, undefined, agent)).status,
    ).toBe(400);
  });
});
