import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { sysId } from "../common/input";
import { cmdb } from "../../common/apis/cmdb/cmdb";

export default defineAction({
  key: "servicenow-remove-ci-relation",
  name: "Remove CI Relation",
  description:
    "Removes a relation between two configuration items; the items stay. Ids come from **Get Configuration Item** or **List Related CIs**. Example: `relation` = `1c741bd70b2322007518478d83673af3`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    relation: {
      type: "string",
      label: "Relation",
      description: "The `sys_id` of the relation.",
    },
  },
  async run({ $ }) {
    const id = sysId(this.relation, "Relation");
    await cmdb(this.servicenow.client($)).unrelate(id);
    $.export("$summary", `Removed relation ${id}`);
    return { success: true, sys_id: id };
  },
});
