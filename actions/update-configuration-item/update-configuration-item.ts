import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { furtherValues } from "../common/record-values";
import { optionalText, requiredObject } from "../common/input";
import { cmdb } from "../../common/apis/cmdb/cmdb";
import { findItem } from "../common/configuration-items";
import { textOf } from "../../common/table/cells";

export default defineAction({
  key: "servicenow-update-configuration-item",
  name: "Update Configuration Item",
  description:
    'Changes attributes of a configuration item through the CMDB Instance API, which reconciles them with other data sources. Attributes that are not given stay. Example: `configurationItem` = `web-01`, `attributes` = `{"ip_address": "10.0.0.5"}`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=cmdb-instance-api.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    configurationItem: { propDefinition: [servicenow, "configurationItem"], reloadProps: true },
    attributes: { propDefinition: [servicenow, "attributes"], optional: true },
    fieldNames: {
      propDefinition: [
        servicenow,
        "fieldNames",
        ({ configurationItem }) => ({ table: "cmdb_ci", record: configurationItem }),
      ],
    },
    dataSource: { propDefinition: [servicenow, "dataSource"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "cmdb_ci", this.fieldNames, { record: this.configurationItem });
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const values = requiredObject(furtherValues(this, this.attributes, "Attributes"), "Attributes");
    const item = await findItem(client, this.configurationItem);
    const updated = await cmdb(client).update(item.className, item.sysId, values as never, {
      source: optionalText(this.dataSource, "Data Source") ?? "ServiceNow",
    });
    $.export("$summary", `Updated ${item.className} ${textOf(updated.attributes.name) || item.sysId}`);
    return updated;
  },
});
