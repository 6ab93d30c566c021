import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, isTrue, optionalText } from "../common/input";
import { listSummary } from "../common/lists";
import { allOf } from "../common/query";
import { GROUP_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-find-groups",
  name: "Find Groups",
  description:
    "Returns groups whose name contains the text, by name. Who is in one says **List Group Members**. Example: `name` = `Service`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    name: {
      type: "string",
      label: "Name",
      description: "A part of the name, such as `Service`. All groups if empty.",
      optional: true,
    },
    includeInactive: {
      type: "boolean",
      label: "Include Inactive",
      description: "Also groups that are not in use.",
      optional: true,
    },
    maximum: { propDefinition: [servicenow, "maximum"] },
  },
  async run({ $ }) {
    const list = await this.servicenow
      .client($)
      .table("sys_user_group")
      .list({
        query: allOf([
          ["name", "LIKE", optionalText(this.name, "Name")],
          ["active", "=", isTrue(this.includeInactive) ? undefined : "true"],
        ]),
        fields: GROUP_FIELDS,
        orderBy: ["name"],
        max: atMost(this.maximum, 100),
      });
    $.export("$summary", listSummary(list, "group", ""));
    return list.rows;
  },
});
