import { buildInstance, type BuiltInstance } from "../../instance/src/build";
import { present } from "../helpers/present";

let built: BuiltInstance;
let url: string;
const authorization = `Basic ${Buffer.from("admin:admin").toString("base64")}`;

beforeAll(async () => {
  built = buildInstance({ seed: "demo", incidents: 30, users: 25, groups: 3 });
  url = await built.app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => built.close());

async function get(path: string): Promise<{ result: unknown }> {
  const answer = await fetch(`${url}/api/now/${path}`, { headers: { authorization } });
  return (await answer.json()) as { result: unknown };
}

/** SQLite writes the records of a list, the serialiser writes one: they must not differ by a character. */
describe("records of a list and a record read by sys_id are the same text", () => {
  async function same(table: string, query: string): Promise<number> {
    const listed = (await get(`${table}?sysparm_limit=20${query}`)).result as { sys_id: string }[];
    for (const record of listed) {
      const single = (await get(`${table}/${record.sys_id}?${query}`)).result;
      expect(JSON.stringify(single)).toBe(JSON.stringify(record));
    }
    return listed.length;
  }

  it.each(["", "&sysparm_exclude_reference_link=true"])("in every table%s", async (query) => {
    let compared = 0;
    for (const { name, columns } of built.instance.dictionary.tables.values())
      if (columns.has("sys_id")) compared += await same(`table/${name}`, query);
    expect(compared).toBeGreaterThan(300);
  });

  it("with values no one expects, under both versions of the API", async () => {
    const values = {
      short_description: "quotes \" and \\ and \u0001\u001f\n\t, 漢字 😀 \u2028 </script> ' ",
      caller_id: "no such / user ü",
      assignment_group: "100%",
      origin_table: "problem",
      origin_id: 'odd "id"',
      active: "false",
      order: "-7",
    };
    const created = await fetch(`${url}/api/now/table/incident`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(values),
    });
    expect(created.status).toBe(201);
    const { sys_id } = ((await created.json()) as { result: { sys_id: string } }).result;
    built.store.run('UPDATE "task" SET caller_id = ?, origin_id = ?, origin_table = ? WHERE sys_id = ?', [
      values.caller_id,
      values.origin_id,
      values.origin_table,
      sys_id,
    ]);
    for (const version of ["", "v1/", "v2/"])
      expect(await same(`${version}table/incident`, `&sysparm_query=sys_id=${sys_id}`)).toBe(1);
    const [record] = (await get(`table/incident?sysparm_query=sys_id=${sys_id}`)).result as Record<
      string,
      { link: string }
    >[];
    expect(present(record).short_description).toBe(values.short_description);
    expect(present(present(record).caller_id).link).toMatch(/\/sys_user\/no%20such%20%2F%20user%20%C3%BC$/);
    expect(present(present(record).origin_id).link).toMatch(/\/problem\/odd "id"$/);
  });
});
