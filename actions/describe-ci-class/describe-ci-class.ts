import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { count } from "../common/text";
import { cmdbMeta } from "../../common/schema/cmdb-meta";

export default defineAction({
  key: "servicenow-describe-ci-class",
  name: "Describe CI Class",
  description:
    "Returns the attributes of a class of configuration items, its parent and subclasses and the rules of identification, as the CMDB describes them. Other tables: **Describe Table**. Example: `className` = `cmdb_ci_linux_server`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=cmdb-meta-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    className: { propDefinition: [servicenow, "className"] },
  },
  async run({ $ }) {
    const found = await cmdbMeta(
      this.servicenow.client($),
      requiredText(this.className, "Class", "cmdb_ci_server"),
    );
    $.export("$summary", `Class ${found.name} has ${count(found.attributes.length, "attribute")}`);
    return found;
  },
});
