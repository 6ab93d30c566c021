import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { furtherValues } from "../common/record-values";
import { isTrue, optionalText, requiredObject, requiredText } from "../common/input";
import { identifyOne } from "../common/configuration-items";

export default defineAction({
  key: "servicenow-create-configuration-item",
  name: "Create Configuration Item",
  description:
    'Creates a configuration item through identification and reconciliation: one that is there already is updated and not made twice. The attributes of a class come from **Describe CI Class**. Example: `className` = `cmdb_ci_linux_server`, `attributes` = `{"name": "web-01", "serial_number": "X1"}`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_IdentifyReconcileAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    className: { propDefinition: [servicenow, "className"], reloadProps: true },
    attributes: { propDefinition: [servicenow, "attributes"], optional: true },
    fieldNames: {
      propDefinition: [servicenow, "fieldNames", ({ className }) => ({ table: className })],
    },
    dataSource: { propDefinition: [servicenow, "dataSource"] },
    dryRun: { propDefinition: [servicenow, "dryRun"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, this.className, this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const result = await identifyOne(client, {
      className: requiredText(this.className, "Class", "cmdb_ci_linux_server"),
      values: requiredObject(furtherValues(this, this.attributes, "Attributes"), "Attributes"),
      source: optionalText(this.dataSource, "Data Source"),
      dryRun: isTrue(this.dryRun),
    });
    $.export(
      "$summary",
      `${isTrue(this.dryRun) ? "Dry run: " : ""}${result.operation} ${result.className} ${result.sysId}`,
    );
    return result;
  },
});
