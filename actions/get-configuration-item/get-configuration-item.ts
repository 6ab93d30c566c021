import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { count } from "../common/text";
import { cmdb } from "../../common/apis/cmdb/cmdb";
import { findItem } from "../common/configuration-items";
import { textOf } from "../../common/table/cells";

export default defineAction({
  key: "servicenow-get-configuration-item",
  name: "Get Configuration Item",
  description:
    "Returns a configuration item with all attributes of its class and its relations in both directions. Items come from **Search Configuration Items**. Example: `configurationItem` = `web-01`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=cmdb-instance-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    configurationItem: { propDefinition: [servicenow, "configurationItem"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const item = await findItem(client, this.configurationItem);
    const found = await cmdb(client).get(item.className, item.sysId);
    $.export(
      "$summary",
      `Retrieved ${item.className} ${textOf(found.attributes.name) || item.sysId} with ${count(found.inbound.length + found.outbound.length, "relation")}`,
    );
    return found;
  },
});
