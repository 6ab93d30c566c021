import { duringTests } from "../../helpers/instance";
import { errorOf, serve, type Json } from "./served";
import { present, toText } from "../../helpers/present";

const instance = duringTests(serve);

const john = { user_id: "john.public", first_name: "John", last_name: "Public", email: "john@example.com" };

describe("import sets", () => {
  test("a staged row is transformed at once; the answer has no outer result object", async () => {
    const answer = await instance.call("POST", "/api/now/import/imp_user", john);
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body)).toEqual(["import_set", "staging_table", "result"]);
    expect(answer.body.import_set).toMatch(/^ISET\d{7}$/);
    expect(answer.body.staging_table).toBe("imp_user");
    const [made] = answer.list;
    expect(made).toEqual({
      transform_map: "User",
      table: "sys_user",
      display_name: "name",
      display_value: "John Public",
      record_link: `${instance.url}/api/now/table/sys_user/${toText(present(made).sys_id)}`,
      status: "inserted",
      sys_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const user = await instance.call("GET", `/api/now/table/sys_user/${toText(present(made).sys_id)}`);
    expect(user.result).toMatchObject({ user_name: "john.public", email: "john@example.com" });
  });

  test("the same row again is ignored, a changed one updates the record that the coalesce field finds", async () => {
    const again = await instance.call("POST", "/api/now/import/imp_user", john);
    expect(again.list[0]).toMatchObject({ status: "ignored", status_message: "No field values changed" });
    const changed = await instance.call("POST", "/api/now/import/imp_user", { ...john, title: "Analyst" });
    expect(changed.list[0]).toMatchObject({ status: "updated", sys_id: present(again.list[0]).sys_id });
  });

  test("a transform that fails answers 201 with an error status", async () => {
    const rejected = await instance.call("POST", "/api/now/import/imp_incident", {
      u_correlation_id: "x-1",
      u_short_description: "Printer",
      u_caller: "Nobody At All",
    });
    expect(rejected.status).toBe(201);
    expect(rejected.list[0]).toMatchObject({ status: "ignored", table: "incident" });
    await instance.call("POST", "/api/now/table/sys_transform_entry", {
      map: (await mapOf("Incident")).sys_id,
      source_field: "u_impact",
      target_field: "state",
    });
    const failed = await instance.call("POST", "/api/now/import/imp_incident", {
      u_correlation_id: "x-2",
      u_impact: "6",
    });
    expect(failed.status).toBe(201);
    expect(failed.list[0]).toMatchObject({ status: "error" });
    expect(present(failed.list[0]).error_message).toContain("Data Policy Exception");
  });

  test("the script of a map changes the target, ignores rows and raises errors", async () => {
    const map = await mapOf("User");
    const script = `if (source.user_id == "skip") ignore = true;
      else if (source.user_id == "fail") { error = true; error_message = "No " + source.user_id; }
      else target.employee_number = action + " " + source.user_id.toUpperCase();`;
    await instance.call("PATCH", `/api/now/table/sys_transform_map/${String(map.sys_id)}`, {
      run_script: "true",
      script,
    });
    const send = async (user_id: string): Promise<Json> =>
      present((await instance.call("POST", "/api/now/import/imp_user", { ...john, user_id })).list[0]);
    expect(await send("skip")).toMatchObject({ status: "ignored" });
    expect(await send("fail")).toMatchObject({ status: "error", error_message: "No fail" });
    const made = await send("scripted");
    expect(made.status).toBe("inserted");
    const user = await instance.call("GET", `/api/now/table/sys_user/${String(made.sys_id)}`);
    expect(user.result.employee_number).toBe("insert SCRIPTED");
    expect((await send("scripted")).status).toBe("updated");
    await instance.call("PATCH", `/api/now/table/sys_transform_map/${String(map.sys_id)}`, {
      run_script: "false",
    });
  });

  test("several maps give several entries", async () => {
    await instance.call("POST", "/api/now/table/sys_transform_map", {
      name: "Second",
      source_table: "imp_notification",
      target_table: "problem",
      order: "200",
    });
    const answer = await instance.call("POST", "/api/now/import/imp_notification", {
      uuid: "u-1",
      message: "Down",
    });
    expect(answer.list.map((entry) => [entry.transform_map, entry.table])).toEqual([
      ["Notification", "incident"],
      ["Second", "problem"],
    ]);
  });

  test("the result can be read again by the staged row", async () => {
    await instance.call("POST", "/api/now/import/imp_user", {
      ...john,
      user_id: "jane.public",
      first_name: "Jane",
    });
    const staged = await instance.call("GET", "/api/now/table/imp_user?sysparm_query=user_id=jane.public");
    const answer = await instance.call(
      "GET",
      `/api/now/import/imp_user/${toText(present(staged.list[0]).sys_id)}`,
    );
    expect(answer.status).toBe(200);
    expect(answer.list[0]).toMatchObject({ status: "inserted", display_value: "Jane Public" });
    expect((await instance.call("GET", `/api/now/import/imp_user/${"0".repeat(32)}`)).status).toBe(404);
  });

  test("insertMultiple takes column labels and transforms after it answered", async () => {
    const answer = await instance.call("POST", "/api/now/import/imp_user/insertMultiple", {
      records: [
        { "User id": "m1", "First name": "Mia", "Last name": "One" },
        { user_id: "m2", first_name: "Max", last_name: "Two" },
      ],
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      import_set_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      multi_import_set_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const users = await until(async () => {
      const found = await instance.call(
        "GET",
        "/api/now/table/sys_user?sysparm_query=user_nameINm1,m2^ORDERBYuser_name",
      );
      return found.list.length === 2 ? found.list : undefined;
    });
    expect(users.map((user) => user.name)).toEqual(["Mia One", "Max Two"]);
    const set = await instance.call(
      "GET",
      `/api/now/table/sys_import_set/${toText(answer.body.import_set_id)}`,
    );
    expect(set.result.state).toBe("processed");
  });

  test("a table that stages nothing is refused, and so is a user without the role", async () => {
    expect((await instance.call("POST", "/api/now/import/incident", {})).status).toBe(400);
    expect((await instance.call("POST", "/api/now/import/no_such_table", {})).status).toBe(400);
    const refused = await instance.call("POST", "/api/now/import/imp_user", john, "employee");
    expect(refused.status).toBe(403);
    expect(errorOf(refused).detail).toBe("ACL Exception Insert Failed due to security constraints");
    const allowed = await instance.call(
      "POST",
      "/api/now/import/imp_user",
      { ...john, user_id: "by.role" },
      "integration",
    );
    expect(allowed.list[0]).toMatchObject({ status: "inserted" });
  });
});

async function mapOf(name: string): Promise<Json> {
  const maps = await instance.call("GET", `/api/now/table/sys_transform_map?sysparm_query=name=${name}`);
  return present(maps.list[0]);
}

async function until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await attempt();
    if (found !== undefined) return found;
  }
  throw new Error("It did not happen.");
}
