import { duringTests } from "../helpers/instance";
import { testInstance, type Row } from "./client";
import { switchedTo } from "./with-switches";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 10 });

const withSwitches = <T>(settings: Row, work: () => Promise<T>) => switchedTo(instance, settings, work);

/** Asks again until it is so. */
async function until(so: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await so())) if (Date.now() > end) throw new Error("It did not come to pass within 10 s.");
}

type Texts = Record<string, string>;
const create = (values: Row, as = "admin") => instance.create<Texts>("incident", values, as);
const patch = (table: string, id: string, body: Row) =>
  instance.call("PATCH", `/api/now/table/${table}/${id}`, { body });
const page = "/api/now/table/incident?sysparm_limit=1";

describe("switches of records", () => {
  test("systemTimeZone is the zone of those who have none", async () => {
    await instance.call("POST", "/api/now/table/sys_user?sysparm_input_display_value=true", {
      body: { user_name: "zoneless", user_password: "zoneless" },
    });
    await instance.create("sys_user_has_role", {
      user: present((await instance.rows<Texts>("sys_user", "user_name=zoneless"))[0]).sys_id,
      role: present((await instance.rows<Texts>("sys_user_role", "name=itil"))[0]).sys_id,
    });
    const { sys_id } = await create({ opened_at: "2026-07-01 10:00:00" });
    const shown = async () =>
      present(
        (
          await instance.rows<Texts>(
            "incident",
            `sys_id=${sys_id}`,
            { sysparm_display_value: "true" },
            "zoneless",
          )
        )[0],
      ).opened_at;
    expect(await shown()).toBe("2026-07-01 03:00:00");
    await withSwitches({ systemTimeZone: "Asia/Tokyo" }, async () =>
      expect(await shown()).toBe("2026-07-01 19:00:00"),
    );
  });

  test("explicitRoles: 1.10 a user without any role is nobody, or somebody", async () => {
    const create = () => instance.call("POST", "/api/now/table/incident", { as: "norole", body: {} });
    expect((await create()).status).toBe(403);
    // Who is made again is an internal user, and may open an incident.
    await instance.call("POST", "/api/now/table/sys_user?sysparm_input_display_value=true", {
      body: { user_name: "newcomer", user_password: "newcomer" },
    });
    expect(
      (await instance.call("POST", "/api/now/table/incident", { as: "newcomer", body: {} })).status,
    ).toBe(201);
    await withSwitches({ explicitRoles: false }, async () => expect((await create()).status).toBe(201));
  });

  test("escapedCarets", async () => {
    await create({ short_description: "a^b" });
    const found = async () => (await instance.rows("incident", "short_description=a^^b^active=true")).length;
    expect(await found()).toBe(0);
    await withSwitches({ escapedCarets: true }, async () => expect(await found()).toBe(1));
  });

  test("dataPolicies and stateModels", async () => {
    const incident = await create({});
    expect((await patch("incident", present(incident.sys_id), { state: "6" })).status).toBe(403);
    const change = await instance.create<Texts>("change_request", {});
    expect((await patch("change_request", present(change.sys_id), { state: "0" })).status).toBe(403);
    await withSwitches({ dataPolicies: false, stateModels: false }, async () => {
      expect((await patch("incident", present(incident.sys_id), { state: "6" })).status).toBe(200);
      expect((await patch("change_request", present(change.sys_id), { state: "0" })).status).toBe(200);
    });
  });

  test("adminOnlySysFields", async () => {
    const id = (sign: string) => sign.repeat(32);
    expect((await create({ sys_id: id("a") }, "itil")).sys_id).toBe(id("a"));
    await withSwitches({ adminOnlySysFields: true }, async () => {
      expect((await create({ sys_id: id("b") }, "itil")).sys_id).not.toBe(id("b"));
      expect((await create({ sys_id: id("b") })).sys_id).toBe(id("b"));
    });
  });

  test("auditInserts and auditedTables", async () => {
    const audited = async (table: string, values: Row) => {
      const { sys_id } = await instance.create<Texts>(table, values);
      return (await instance.rows("sys_audit", `documentkey=${sys_id}^newvalueLIKEaudited`)).length;
    };
    const values = { short_description: "audited", name: "audited" };
    expect(await audited("incident", values)).toBe(0);
    await withSwitches({ auditInserts: true }, async () => {
      expect(await audited("incident", values)).toBe(1);
      expect(await audited("core_company", values)).toBe(0);
      await instance.control("PATCH", "config", { auditedTables: ["core_company"] });
      expect(await audited("core_company", values)).toBe(1);
      expect(await audited("incident", values)).toBe(0);
    });
  });

  test("asyncRuleDelaySeconds: what was written first is told last", async () => {
    await instance.create("sys_script", {
      name: "Later",
      collection: "problem",
      when: "async",
      action_insert: true,
      active: true,
      advanced: true,
      script: "gs.info('told ' + current.short_description);",
    });
    await withSwitches({ asyncRuleDelaySeconds: 1 }, () =>
      instance.create("problem", { short_description: "late" }),
    );
    await instance.create("problem", { short_description: "early" });
    const told = async () =>
      (await instance.rows<Texts>("syslog", "messageSTARTSWITHtold^ORDERBYsys_created_on")).map(
        (row) => row.message,
      );
    await until(async () => (await told()).length > 0);
    expect(await told()).toEqual(["told early"]);
    await until(async () => (await told()).length > 1);
    expect((await told()).sort()).toEqual(["told early", "told late"]);
  });
});

describe("switches of the whole instance", () => {
  test.each<[settings: Row, status: number, text: string]>([
    [{ hibernating: true }, 200, "instance-hibernating-page"],
    [{ waking: true }, 200, "currently offline"],
    [{ maintenance: true }, 503, "maintenance"],
  ])("with %j every path answers so", async (settings, status, text) => {
    await withSwitches(settings, async () => {
      for (const path of [page, "/oauth_token.do", "/login.do", "/"]) {
        const answer = await instance.call("GET", path);
        expect([answer.status, answer.headers.get("content-type")]).toEqual([
          status,
          "text/html;charset=UTF-8",
        ]);
        expect(answer.text).toContain(text);
      }
    });
  });

  test("loginRedirect leads API calls to the login page", async () => {
    await withSwitches({ loginRedirect: true }, async () => {
      const answer = await instance.call("GET", page);
      expect([answer.status, answer.headers.get("location")]).toEqual([302, "/login.do"]);
      const login = await instance.call("GET", "/login.do");
      expect([login.status, login.headers.get("content-type")]).toEqual([200, "text/html;charset=UTF-8"]);
    });
  });

  test("baseUrl stands in links, whatever address was called", async () => {
    await withSwitches({ baseUrl: "https://acme.example.com" }, async () => {
      const answer = await instance.call(
        "GET",
        "/api/now/table/incident?sysparm_limit=1&sysparm_query=opened_byISNOTEMPTY",
      );
      expect(answer.headers.get("link")).toMatch(/^<https:\/\/acme\.example\.com\/api\/now\//);
      const [row] = answer.result as { opened_by: { link: string } }[];
      expect(present(row).opened_by.link).toMatch("https://acme.example.com/api/now/table/sys_user/");
      const made = await instance.call("POST", "/api/now/table/incident", { body: {} });
      expect(made.headers.get("location")).toMatch("https://acme.example.com/api/now/table/incident/");
    });
  });

  test("maxUrlBytes and maxBodyBytes, to the byte", async () => {
    const url = (length: number) => `${page}&sysparm_suppress_pagination_header=true&x=`.padEnd(length, "x");
    expect((await instance.call("GET", url(8192))).status).toBe(200);
    expect((await instance.call("GET", url(8193))).status).toBe(414);
    await withSwitches({ maxUrlBytes: 30_000 }, async () => {
      expect((await instance.call("GET", url(29_000))).status).toBe(200);
    });
    await withSwitches({ maxUrlBytes: 120, maxBodyBytes: 50 }, async () => {
      expect((await instance.call("GET", url(120))).status).toBe(200);
      expect((await instance.call("GET", url(121))).status).toBe(414);
      const body = (length: number) => JSON.stringify({ description: "" }).padEnd(length);
      const post = (length: number) =>
        instance.call("POST", "/api/now/table/incident", { body: body(length) });
      expect((await post(50)).status).toBe(201);
      expect((await post(51)).status).toBe(413);
    });
  });

  test("attachmentMaxBytes and attachmentExtensions", async () => {
    const { sys_id } = await create({});
    const upload = async (name: string, length: number): Promise<number> =>
      (
        await instance.call(
          "POST",
          `/api/now/attachment/file?table_name=incident&table_sys_id=${sys_id}&file_name=${name}`,
          { body: "x".repeat(length), headers: { "content-type": "text/plain" } },
        )
      ).status;
    await withSwitches({ attachmentMaxBytes: 10, attachmentExtensions: "txt, log" }, async () => {
      expect(await upload("a.txt", 10)).toBe(201);
      expect(await upload("a.LOG", 10)).toBe(201);
      expect(await upload("a.txt", 11)).not.toBe(201);
      expect(await upload("a.exe", 10)).not.toBe(201);
    });
    expect(await upload("a.exe", 11)).toBe(201);
  });
});
