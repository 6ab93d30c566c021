import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveReference } from "../common/resolve";
import { cmdb } from "../../common/apis/cmdb/cmdb";

export default defineAction({
  key: "servicenow-add-ci-relation",
  name: "Add CI Relation",
  description:
    "Ties two configuration items together; a relation that is there already is returned and not made twice. Undo it with **Remove CI Relation**. Example: `parent` = `Online shop`, `relationType` = `Depends on::Used by`, `child` = `web-01`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    parent: {
      propDefinition: [servicenow, "configurationItem"],
      label: "Parent",
      description: "The item that the relation starts from: its exact name or its `sys_id`.",
    },
    relationType: { propDefinition: [servicenow, "relationType"] },
    child: {
      propDefinition: [servicenow, "configurationItem"],
      label: "Child",
      description: "The item that the relation leads to: its exact name or its `sys_id`.",
    },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const parent = await resolveReference(client, "configurationItem", this.parent, "Parent");
    const child = await resolveReference(client, "configurationItem", this.child, "Child");
    const type = await resolveReference(client, "relationType", this.relationType, "Relation Type");
    const relation = await cmdb(client).relate(parent, type, child);
    $.export("$summary", relation.created ? "Added the relation" : "The relation was there already");
    return { ...relation, parent, child, type };
  },
});
