import addCiRelation from "../../actions/add-ci-relation/add-ci-relation";
import createArticle from "../../actions/create-article/create-article";
import createConfigurationItem from "../../actions/create-configuration-item/create-configuration-item";
import describeCiClass from "../../actions/describe-ci-class/describe-ci-class";
import getArticle from "../../actions/get-article/get-article";
import getConfigurationItem from "../../actions/get-configuration-item/get-configuration-item";
import listKnowledgeBases from "../../actions/list-knowledge-bases/list-knowledge-bases";
import listRelatedCis from "../../actions/list-related-cis/list-related-cis";
import publishArticle from "../../actions/publish-article/publish-article";
import removeCiRelation from "../../actions/remove-ci-relation/remove-ci-relation";
import retireArticle from "../../actions/retire-article/retire-article";
import searchConfigurationItems from "../../actions/search-configuration-items/search-configuration-items";
import searchKnowledgeBase from "../../actions/search-knowledge-base/search-knowledge-base";
import updateArticle from "../../actions/update-article/update-article";
import updateConfigurationItem from "../../actions/update-configuration-item/update-configuration-item";
import { useInstance } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";

const { run, total, read } = useInstance();

describe("knowledge", () => {
  it("is searched, and an article is read by the id of the hit, by number, as text and shortened", async () => {
    const found = await run(searchKnowledgeBase, { query: "VPN" });
    const [hit] = toRows(found.result);
    expect(hit).toMatchObject({ number: expect.stringMatching(/^KB/), title: expect.any(String) });
    const whole = await run(getArticle, { articleId: `kb_knowledge:${String(hit?.sys_id)}` });
    expect(whole.summary).toBe(`Retrieved article ${String(hit?.number)}`);
    const short = await run(getArticle, { articleId: hit?.number, asText: true, maxLength: 10 });
    expect(String(toRow(short.result).content).length).toBeLessThanOrEqual(10);
    expect(toRow(short.result).content).not.toMatch(/</);
    await expect(run(getArticle, { articleId: "../sys_user" })).rejects.toThrow(/sys_id or a number/);
    await expect(run(searchKnowledgeBase, { query: " " })).rejects.toThrow(/Query is missing/);
  });

  it("is written as a draft, changed, published and retired", async () => {
    const bases = await run(listKnowledgeBases, {});
    expect(toRows(bases.result).map(({ title }) => title)).toContain("IT");
    const made = await run(createArticle, { knowledgeBase: "IT", title: "Reset", text: "<p>Open</p>" });
    const { number: article, sys_id: id } = toRow(made.result);
    expect(made.result).toMatchObject({ workflow_state: "draft", short_description: "Reset" });
    await run(updateArticle, { article, title: "Reset your password" });
    expect((await read("kb_knowledge", String(id))).short_description).toBe("Reset your password");
    expect((await run(publishArticle, { article })).summary).toBe(`Published article ${String(article)}`);
    expect((await run(retireArticle, { article })).summary).toBe(`Retired article ${String(article)}`);
    const before = await total("kb_knowledge");
    await expect(run(createArticle, { knowledgeBase: "No Base", title: "x", text: "y" })).rejects.toThrow(
      /no knowledge base has "No Base"/,
    );
    expect(await total("kb_knowledge")).toBe(before);
  });
});

describe("the CMDB", () => {
  it("is searched by words and by a class with its subclasses", async () => {
    const byName = await run(searchConfigurationItems, { searchValue: "linux server-000" });
    expect(toRows(byName.result).map(({ name }) => name)).toContain("linux-server-000");
    const servers = await run(searchConfigurationItems, { sysClassName: "cmdb_ci_server", limit: 50 });
    expect(toRows(servers.result).map((row) => row.sys_class_name)).toContain("cmdb_ci_linux_server");
    await expect(run(searchConfigurationItems, {})).rejects.toThrow(/Search Value, Class or Assigned To/);
  });

  it("creates an item once, however often it is told", async () => {
    const item = { className: "cmdb_ci_linux_server", attributes: { name: "web-01", serial_number: "X-1" } };
    const dry = await run(createConfigurationItem, { ...item, dryRun: true });
    expect(dry.summary).toMatch(/^Dry run/);
    expect(await total("cmdb_ci", "name=web-01")).toBe(0);
    const first = await run(createConfigurationItem, item);
    const second = await run(createConfigurationItem, item);
    expect(toRow(second.result).sysId).toBe(toRow(first.result).sysId);
    expect(await total("cmdb_ci", "name=web-01")).toBe(1);
    await run(updateConfigurationItem, {
      configurationItem: "web-01",
      attributes: { ip_address: "10.0.0.5" },
    });
    expect((await read("cmdb_ci", String(toRow(first.result).sysId))).ip_address).toBe("10.0.0.5");
    await expect(run(createConfigurationItem, { ...item, attributes: {} })).rejects.toThrow(
      /Attributes is empty/,
    );
  });

  it("ties items together once, walks the relations and unties them", async () => {
    const relation = { parent: "Email", relationType: "Runs on::Runs", child: "appl-003" };
    const before = await total("cmdb_rel_ci");
    const added = await run(addCiRelation, relation);
    const again = await run(addCiRelation, relation);
    expect(again.summary).toBe("The relation was there already");
    expect(await total("cmdb_rel_ci")).toBe(before + 1);
    const up = await run(listRelatedCis, {
      configurationItem: "appl-003",
      direction: "up",
      levels: 2,
    });
    expect(toRows(up.result).map(({ name }) => name)).toContain("Email");
    expect(toRows(up.result).find(({ name }) => name === "Email")).toMatchObject({
      distance: 1,
      relations: [expect.objectContaining({ sys_id: toRow(added.result).sys_id })],
    });
    const down = await run(listRelatedCis, { configurationItem: "appl-003", direction: "down" });
    expect(toRows(down.result).map(({ name }) => name)).not.toContain("Email");
    const item = await run(getConfigurationItem, { configurationItem: "appl-003" });
    expect(item.summary).toMatch(/with \d+ relations?$/);
    await run(removeCiRelation, { relation: toRow(added.result).sys_id });
    expect(await total("cmdb_rel_ci")).toBe(before);
    await expect(run(addCiRelation, { ...relation, child: "no-such-ci" })).rejects.toThrow(
      /Child: no configuration item has "no-such-ci"/,
    );
  });

  it("describes a class", async () => {
    const { result } = await run(describeCiClass, { className: "cmdb_ci_linux_server" });
    expect(result).toMatchObject({ name: "cmdb_ci_linux_server", attributes: expect.any(Array) });
    await expect(run(describeCiClass, { className: "no_such_class" })).rejects.toThrow(/no_such_class/);
  });
});
