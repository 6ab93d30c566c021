import { duringTests } from "../../helpers/instance";
import { errorOf, serve, type Json } from "./served";
import { present, toRow, toRows, toText } from "../../helpers/present";

const instance = duringTests(serve);

const base = "/api/sn_km_api/knowledge/articles";
const spam = "0b48fd75474321009db4b5b08b9a71c2";

async function titles(query: string, user = "employee"): Promise<unknown[]> {
  const answer = await instance.call("GET", `${base}?${query}`, undefined, user);
  return toRows(answer.result.articles).map((article) => article.title);
}

describe("knowledge", () => {
  test("a search tells what it was asked and gives each article with snippet, rank and score", async () => {
    const answer = await instance.call(
      "GET",
      `${base}?query=windows&limit=2&fields=short_description&fields=sys_class_name,kb_knowledge_base`,
      undefined,
      "employee",
    );
    expect(answer.status).toBe(200);
    expect(answer.result.meta).toEqual({
      start: 0,
      end: 2,
      fields: "short_description,sys_class_name,kb_knowledge_base",
      query: "windows",
      filter: "",
      kb: "",
      language: "en",
      count: 2,
      ts_query_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: { code: 200 },
    });
    const [first] = toRows(answer.result.articles);
    const { ts_query_id } = toRow(answer.result.meta);
    const id = toText(present(first).id).replace("kb_knowledge:", "");
    expect(first).toMatchObject({
      link: `?id=kb_article_view&sys_kb_id=${id}&sysparm_rank=1&sysparm_tsqueryId=${toText(ts_query_id)}`,
      rank: 1,
      number: expect.stringMatching(/^KB/),
      snippet: expect.stringContaining("<B>Windows</B>"),
      fields: {
        short_description: {
          display_value: present(first).title,
          name: "short_description",
          label: "Short description",
          type: "string",
          value: present(first).title,
        },
        sys_class_name: { display_value: "Knowledge", value: "kb_knowledge" },
        kb_knowledge_base: { display_value: "IT" },
      },
    });
    expect(present(first).score).not.toBe(0);
  });

  test("lists hold published, valid articles; filter, knowledge base, limit and offset narrow them", async () => {
    const all = await titles("", "admin");
    expect(all).toHaveLength(8);
    for (const title of ["Not finished yet", "How it was done", "Holiday of last year"])
      expect(all).not.toContain(title);
    expect(await titles("filter=numberSTARTSWITHKB000002^ORDERBYDESCnumber&limit=1")).toEqual([
      "The printer is out of toner",
    ]);
    expect(await titles("filter=short_descriptionLIKEspam^NQshort_descriptionLIKEfinished")).toHaveLength(1);
    expect(await titles("kb=a7e8a78bff0221009b20ffffffffff17")).not.toContain("A known error");
    expect(await titles("limit=3&offset=6")).toHaveLength(2);
    const none = await instance.call("GET", `${base}?limit=0`);
    expect(errorOf(none).message).toBe("Invalid value given for limit");
  });

  test("user criteria of a knowledge base keep its articles from others, in lists and by id", async () => {
    const article = await instance.call("GET", `/api/now/table/kb_knowledge/${spam}`);
    const kb = toRow(article.result.kb_knowledge_base).value;
    const user = await instance.call("GET", "/api/now/table/sys_user?sysparm_query=user_name=itil");
    const create = async (table: string, body: Json): Promise<string> =>
      String((await instance.call("POST", `/api/now/table/${table}`, body)).result.sys_id);
    const criteria = await create("user_criteria", { name: "Itil", user: present(user.list[0]).sys_id });
    await create("kb_uc_can_read_mtom", { kb_knowledge_base: kb, user_criteria: criteria });
    const open = async (as: string): Promise<number> =>
      (await instance.call("GET", `${base}/${spam}`, undefined, as)).status;
    const title = article.result.short_description;
    expect([await open("itil"), await open("employee"), await open("admin")]).toEqual([200, 404, 200]);
    expect(await titles("limit=100", "itil")).toContain(title);
    expect(await titles("limit=100", "employee")).not.toContain(title);
    await create("kb_uc_cannot_read_mtom", { kb_knowledge_base: kb, user_criteria: criteria });
    expect(await open("itil")).toBe(404);
    for (const table of ["kb_uc_can_read_mtom", "kb_uc_cannot_read_mtom"])
      for (const row of (await instance.call("GET", `/api/now/table/${table}`)).list)
        await instance.call("DELETE", `/api/now/table/${table}/${String(row.sys_id)}`);
    expect(await open("employee")).toBe(200);
  });

  test("featured and most viewed", async () => {
    const featured = await instance.call("GET", `${base}/featured`);
    expect(toRows(featured.result.articles).map((article) => article.title)).toEqual([
      "How to Deal with Spam",
    ]);
    const viewed = await instance.call("GET", `${base}/most_viewed?limit=3`);
    const scores = toRows(viewed.result.articles).map((article) => article.score as number);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores[0]).toBe(11);
    expect(toRows(viewed.result.articles)[0]).not.toHaveProperty("fields");
  });

  test("one article, by sys_id or number; its view is counted when asked", async () => {
    const answer = await instance.call("GET", `${base}/${spam}?fields=number`, undefined, "employee");
    expect(answer.result).toMatchObject({
      content: expect.stringContaining("<strong>How to Deal with Spam</strong>"),
      template: false,
      number: "KB0000011",
      sys_id: spam,
      display_attachments: true,
      attachments: [],
      embedded_content: [],
      fields: { number: { value: "KB0000011" } },
    });
    const views = async (): Promise<number> =>
      Number((await instance.call("GET", `/api/now/table/kb_knowledge/${spam}`)).result.sys_view_count);
    const before = await views();
    await instance.call("GET", `${base}/KB0000011`);
    expect(await views()).toBe(before);
    await instance.call("GET", `${base}/KB0000011?update_view=`);
    await instance.call("GET", `${base}/KB0000011?search_id=x&search_rank=1.5`);
    expect(await views()).toBe(before + 2);
  });

  test("a draft is hidden from readers, and so is what does not exist", async () => {
    expect((await instance.call("GET", `${base}/KB0000030`, undefined, "employee")).status).toBe(404);
    expect((await instance.call("GET", `${base}/KB0000030`, undefined, "admin")).status).toBe(200);
    expect((await instance.call("GET", `${base}/KB9999999`)).status).toBe(404);
  });

  test("an attachment comes as the file it is", async () => {
    const upload = await fetch(
      `${instance.url}/api/now/attachment/file?table_name=kb_knowledge&table_sys_id=${spam}&file_name=a.txt`,
      {
        method: "POST",
        headers: { Authorization: `Basic ${btoa("admin:admin")}`, "Content-Type": "text/plain" },
        body: "spam",
      },
    );
    expect(upload.status).toBe(201);
    const article = await instance.call("GET", `${base}/${spam}`);
    const [file] = toRows(article.result.attachments);
    expect(file).toMatchObject({ file_name: "a.txt", size_bytes: "4" });
    const answer = await instance.call(
      "GET",
      `${base}/${spam}/attachments/${toText(present(file).sys_id)}`,
      undefined,
      "employee",
    );
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(answer.text).toBe("spam");
    expect(
      (await instance.call("GET", `${base}/KB0000017/attachments/${toText(present(file).sys_id)}`)).status,
    ).toBe(404);
  });
});
