import servicenow from "../../apps/servicenow.app";
import { moreExist } from "../common/lists";
import { defineAction } from "../../components";
import { atMost, isTrue } from "../common/input";
import { count } from "../common/text";
import { equals } from "../common/query";

export default defineAction({
  key: "servicenow-list-knowledge-bases",
  name: "List Knowledge Bases",
  description:
    "Returns the knowledge bases that the account may see, by title, for **Search Knowledge Base** and **Create Article**. Example: `activeOnly` = `true`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    activeOnly: {
      type: "boolean",
      label: "Active Only",
      description: "Leave out bases that are not in use.",
      optional: true,
      default: true,
    },
    limit: { propDefinition: [servicenow, "limit"] },
  },
  async run({ $ }) {
    const list = await this.servicenow
      .client($)
      .table("kb_knowledge_base")
      .list({
        query: equals({ active: isTrue(this.activeOnly, true) ? "true" : undefined }),
        fields: ["sys_id", "title", "description", "active", "owner", "sys_updated_on"],
        referenceLinks: true,
        orderBy: ["title"],
        max: atMost(this.limit, 1000, "Limit"),
      });
    $.export("$summary", `Found ${count(list.rows.length, "knowledge base")}${moreExist(!list.complete)}`);
    return list.rows;
  },
});
