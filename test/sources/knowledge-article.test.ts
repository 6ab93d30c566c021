import newKnowledgeArticle from "../../sources/new-knowledge-article/new-knowledge-article";
import { numbered, useInstance } from "./platform";

const { writer, later, control, onPlatform } = useInstance();

type Values = Record<string, unknown>;

describe("New Knowledge Article, published", () => {
  const article = async (title: string, values: Values = {}) =>
    writer.create("kb_knowledge", {
      short_description: title,
      kb_knowledge_base: await writer.idOf("kb_knowledge_base", "IT", "title"),
      workflow_state: "draft",
      ...values,
    });
  const following = async () => {
    const source = await onPlatform(newKnowledgeArticle, { knowledgeBase: ["IT"] });
    await source.deploy();
    return source;
  };
  const today = async () => String((await control("GET", "state")).now).slice(0, 10);

  test("a draft is emitted when it is published, once, however often it is edited afterwards", async () => {
    const a = await article("Written before");
    const source = await following();
    const b = await article("Written after");
    expect(await source.poll()).toEqual([]);
    for (const { sys_id } of [a, b])
      await writer.update("kb_knowledge", sys_id, { workflow_state: "published", published: await today() });
    const events = await source.poll();
    expect(events.map(({ summary }) => summary).sort()).toEqual([a, b].map(numbered).sort());
    await later(120);
    await writer.update("kb_knowledge", a.sys_id, { short_description: "Edited" });
    expect(await source.poll()).toEqual([]);
  });

  test("an article that was published long ago and is edited is no news", async () => {
    const old = await article("An old one", { workflow_state: "published", published: "2024-02-01" });
    await later(2);
    // More articles than a deployment emits, so that it cannot know the old one.
    for (let at = 0; at < 25; at++) await article(`Newer ${at}`, { workflow_state: "published" });
    await later(120);
    const source = await following();
    expect(source.events.map(({ data }) => data.sys_id)).not.toContain(old.sys_id);
    await writer.update("kb_knowledge", old.sys_id, { short_description: "An old one, edited" });
    expect(await source.poll()).toEqual([]);
  });

  test("an article that a script publishes without a date is not lost", async () => {
    const draft = await article("No date");
    const source = await following();
    await writer.update("kb_knowledge", draft.sys_id, { workflow_state: "published" });
    expect((await source.poll()).map(({ data }) => data.sys_id)).toEqual([draft.sys_id]);
    await writer.update("kb_knowledge", draft.sys_id, { short_description: "No date, edited" });
    expect(await source.poll()).toEqual([]);
  });

  test("a date of publication is the author's, whose day may end twelve hours after that of UTC", async () => {
    const draft = await article("Evening in Honolulu");
    const midnight = Date.parse(`${await today()}T00:00:00Z`) + 86_400_000;
    await control("POST", "clock", { set: midnight + 2 * 3_600_000 });
    // The token of the day before has ended.
    await writer.signIn();
    const source = await following();
    const published = new Date(midnight - 1).toISOString().slice(0, 10);
    await writer.update("kb_knowledge", draft.sys_id, { workflow_state: "published", published });
    expect((await source.poll()).map(({ data }) => data.sys_id)).toEqual([draft.sys_id]);
  });
});
