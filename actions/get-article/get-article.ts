import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { articleId, readArticle } from "../common/knowledge";
import { textOf } from "../../common/table/cells";

export default defineAction({
  key: "servicenow-get-article",
  name: "Get Article",
  description:
    "Returns a knowledge article with its text and its attachments, by `sys_id`, number or the id of a search result. Articles come from **Search Knowledge Base**. Example: `articleId` = `KB0010002`, `asText` = `true`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=knowledge-api.html)",
  version: "0.2.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    articleId: {
      type: "string",
      label: "Article",
      description:
        "The article: `sys_id`, number such as `KB0010002`, or `kb_knowledge:` and the `sys_id` as in search results.",
    },
    fields: { propDefinition: [servicenow, "articleFields"] },
    asText: {
      type: "boolean",
      label: "As Text",
      description:
        "Return the body as readable text instead of HTML: Markdown, in which tables, lists, code and links are kept.",
      optional: true,
    },
    maxLength: {
      type: "integer",
      label: "Max Length",
      description: "Cut the body after this many characters. The whole body if empty.",
      optional: true,
      min: 1,
    },
  },
  async run({ $ }) {
    const id = articleId(this.articleId);
    const article = await readArticle(this.servicenow.client($), id, this);
    $.export("$summary", `Retrieved article ${textOf(article.number) || id}`);
    return article;
  },
});
