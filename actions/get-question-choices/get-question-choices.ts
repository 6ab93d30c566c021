import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, sysId } from "../common/input";
import { count } from "../common/text";
import { moreExist } from "../common/lists";
import { equals } from "../common/query";

export default defineAction({
  key: "servicenow-get-question-choices",
  name: "Get Question Choices",
  description:
    "Returns the choices of a catalog question, with text, value and order, as the form shows them. The `sys_id` of a question comes from **Get Catalog Item Variables**. Example: `variableSysId` = `1c741bd70b2322007518478d83673af3`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.2.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    variableSysId: {
      type: "string",
      label: "Variable",
      description: "The `sys_id` of the question.",
    },
    limit: { propDefinition: [servicenow, "limit"] },
  },
  async run({ $ }) {
    const id = sysId(this.variableSysId, "Variable");
    const list = await this.servicenow
      .client($)
      .table("question_choice")
      .list({
        query: equals({ question: id, inactive: "false" }),
        orderBy: ["order"],
        fields: ["sys_id", "text", "value", "order", "question"],
        referenceLinks: true,
        max: atMost(this.limit, 1000, "Limit"),
      });
    $.export(
      "$summary",
      `Retrieved ${count(list.rows.length, "question choice")} for variable ${id}${moreExist(!list.complete)}`,
    );
    return list.rows;
  },
});
