import servicenow from "../../apps/servicenow.app";
import { moreExist } from "../common/lists";
import { defineAction } from "../../components";
import { atMost, requiredText, textList } from "../common/input";
import { resolveReference } from "../common/resolve";
import { count } from "../common/text";
import { searchArticles } from "../common/knowledge";

export default defineAction({
  key: "servicenow-search-knowledge-base",
  name: "Search Knowledge Base",
  description:
    "Returns published knowledge articles that contain the words and that the account may read, best match first. Read one with **Get Article**; limit the search to bases from **List Knowledge Bases**. Needs the Knowledge API plugin. Example: `query` = `vpn`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=knowledge-api.html)",
  version: "0.2.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    query: {
      type: "string",
      label: "Query",
      description: "The words to look for, such as `vpn`.",
    },
    knowledgeBaseIds: {
      type: "string[]",
      label: "Knowledge Bases",
      description: "The bases to search: exact titles such as `IT`, or `sys_id`s. All if empty.",
      optional: true,
    },
    limit: { propDefinition: [servicenow, "limit"] },
    fields: { propDefinition: [servicenow, "articleFields"] },
    language: {
      type: "string",
      label: "Language",
      description: "Two letters, such as `de`, or `all`. The account's language if empty.",
      optional: true,
    },
  },
  async run({ $ }) {
    const query = requiredText(this.query, "Query", "vpn");
    const client = this.servicenow.client($);
    const bases = await Promise.all(
      textList(this.knowledgeBaseIds).map((base) =>
        resolveReference(client, "knowledgeBase", base, "Knowledge Bases"),
      ),
    );
    const { articles, more } = await searchArticles(client, {
      words: query,
      bases,
      fields: textList(this.fields),
      language: this.language,
      max: atMost(this.limit, 30, "Limit"),
    });
    $.export(
      "$summary",
      `Found ${count(articles.length, "knowledge article")} matching "${query}"${moreExist(more)}`,
    );
    return articles;
  },
});
