import { readFile, rm } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REGISTRY_KEYS } from "../../../scripts/docs/registry-keys";
import { mends, useRegistry } from "../../helpers/registry-suite";
import type { Row } from "../../helpers/action-suite";
import { toRow, toRows } from "../../helpers/present";

/** What the registry's knowledge actions got wrong. */
const { step, rows, faults, run, action } = useRegistry();
afterEach(() => faults([]));

describe("knowledge", () => {
  mends("search-knowledge-base", "language and paging", async () => {
    const [base] = await rows("kb_knowledge_base", "title=IT");
    const records = Array.from({ length: 130 }, (_, place) => ({
      short_description: `Pangolin ${place}`,
      text: "<p>pangolin</p>",
      kb_knowledge_base: base?.sys_id,
      workflow_state: "published",
    }));
    await step("bulk-create-records", { table: "kb_knowledge", records });
    const search = (values: Row) => step("search-knowledge-base", { query: "pangolin", ...values });
    const many = await search({ limit: 120, language: "en", knowledgeBaseIds: [base?.sys_id] });
    expect(new Set(toRows(many.result).map(({ sys_id: id }) => id)).size).toBe(120);
    expect(many.summary).toBe('Found 120 knowledge articles matching "pangolin"; there are more');
    const pages = many.asked.filter(({ path }) => path.endsWith("/articles"));
    expect(pages.map(({ params }) => [params.limit, params.offset, params.language])).toEqual([
      ["100", undefined, "en"],
      ["20", "100", "en"],
    ]);
    expect(toRows((await search({ limit: 1000 })).result).length).toBe(130);
    // What a workflow reads of a hit: the API's own names, and the sys_id without its table.
    const [hit] = toRows(many.result);
    expect(hit).toMatchObject({ id: `kb_knowledge:${String(hit?.sys_id)}`, number: expect.any(String) });
  });
  mends("search-knowledge-base", "a missing knowledge plugin is named as the cause", async () => {
    await faults([
      {
        match: { path: "/api/sn_km_api" },
        status: 400,
        body: JSON.stringify({
          error: { message: "Requested URI does not represent any resource", detail: null },
          status: "failure",
        }),
      },
    ]);
    await expect(step("search-knowledge-base", { query: "vpn" })).rejects.toThrow(
      /plugin Knowledge API \(sn_km_api\)/,
    );
    await expect(step("get-article", { articleId: "KB0000001" })).rejects.toThrow(/plugin Knowledge API/);
  });
  mends("get-article", "takes the composite id of a search result as it is", async () => {
    const { result } = await step("search-knowledge-base", { query: "VPN", fields: ["short_description"] });
    const [hit] = toRows(result);
    const article = await step("get-article", { articleId: hit?.id, fields: '["author"]' });
    expect(article.summary).toBe(`Retrieved article ${String(hit?.number)}`);
    expect(article.result).toMatchObject({
      sys_id: hit?.sys_id,
      short_description: hit?.title,
      content: expect.stringMatching(/</),
    });
  });
  mends("get-article", "the body can be shortened or had as text", async () => {
    const [article] = await rows("kb_knowledge", "workflow_state=published");
    const { result } = await step("get-article", {
      articleId: article?.number,
      asText: true,
      maxLength: "12",
    });
    expect(result).toMatchObject({ truncated: true, content: expect.not.stringMatching(/</) });
    expect(String(toRow(result).content)).toHaveLength(12);
  });

  const attach = async (fileName: string, text: string) => {
    const [article] = await rows("kb_knowledge", "workflow_state=published");
    const { result } = await run(action("upload-attachment"), {
      table: "kb_knowledge",
      record: article?.number,
      text,
      fileName,
    });
    return { articleSysId: article?.sys_id, attachmentSysId: toRow(result).sys_id };
  };
  mends("get-article-attachment", "the file name comes from the instance and is made safe", async () => {
    const file = await attach("kit-registry.txt", "x");
    const { result } = await step("get-article-attachment", file);
    expect(result).toMatchObject({ filePath: "/tmp/kit-registry.txt" });
    const named = await step("get-article-attachment", { ...file, fileName: "../../etc/kit-registry-2.txt" });
    expect(named.result).toMatchObject({ filePath: "/tmp/kit-registry-2.txt" });
    await Promise.all(["", "-2"].map((tail) => rm(`/tmp/kit-registry${tail}.txt`, { force: true })));
  });
  mends("get-article-attachment", "the file is streamed to disk", async () => {
    const big = "0123456789".repeat(400_000);
    const file = await attach("kit-registry-big.txt", big);
    const { result } = await step("get-article-attachment", file);
    expect((await readFile(String(toRow(result).filePath), "utf8")).length).toBe(big.length);
    await rm(String(toRow(result).filePath), { force: true });
  });
  mends("list-knowledge-bases", "stable order, and says when there are more", async () => {
    const { summary, asked } = await step("list-knowledge-bases", { activeOnly: true, limit: 1 });
    expect(summary).toBe("Found 1 knowledge base; there are more");
    expect(asked[0]?.params.sysparm_query).toMatch(/ORDERBYtitle/);
  });
});

describe("everything that docs/registry.md says is done better", () => {
  it("has a test that names it", () => {
    const texts = readdirSync(__dirname).map((name) => readFileSync(join(__dirname, name), "utf8"));
    const all = texts.join("\n");
    const untested = REGISTRY_KEYS.flatMap(({ key, mended }) =>
      mended.filter((what) => !all.includes(what)).map((what) => `${key}: ${what}`),
    );
    expect(untested).toEqual([]);
  });
});
