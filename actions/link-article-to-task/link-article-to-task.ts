import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { equals } from "../common/query";
import { resolveRecord } from "../common/resolve";

export default defineAction({
  key: "servicenow-link-article-to-task",
  name: "Link Article to Task",
  description:
    "Attaches a knowledge article to an incident or another task, as the button of the form does; an article that is attached already stays so. Articles come from **Search Knowledge Base**. Example: `task` = `INC0010023`, `article` = `KB0010002`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"] },
    article: { propDefinition: [servicenow, "article"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const task = await resolveRecord(client, "task", this.task, "Task");
    const article = await resolveRecord(client, "kb_knowledge", this.article, "Article");
    const link = { kb_knowledge: article.sys_id, task: task.sys_id };
    const links = client.table("m2m_kb_task");
    const [there] = (await links.list({ query: equals(link), fields: ["sys_id"], max: 1 })).rows;
    const record = there ?? (await links.create(link));
    $.export(
      "$summary",
      there
        ? `Article ${article.number} is attached to ${task.number} already`
        : `Attached article ${article.number} to ${task.number}`,
    );
    return { ...record, ...link, created: there === undefined };
  },
});
