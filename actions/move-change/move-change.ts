import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";
import { resolveChange } from "../common/resolve";
import { fixedFields } from "../common/fixed-fields";
import { changes } from "../../common/apis/change/change";
import { changeResult } from "../common/change-requests";

export default defineAction({
  key: "servicenow-move-change",
  name: "Move Change",
  description:
    "Moves a change request to a next state that its model allows, by label or value. When the state is not allowed, the error lists those that are and the conditions that are missing. Example: `changeRequest` = `CHG0030001`, `state` = `Assess`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    changeRequest: { propDefinition: [servicenow, "changeRequest"] },
    state: {
      type: "string",
      label: "State",
      description: "The label or value of the next state, such as `Assess` or `-4`.",
    },
    workNote: { propDefinition: [servicenow, "workNote"] },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "change_request" })] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "change_request", this.fieldNames);
  },
  async run({ $ }) {
    const state = requiredText(this.state, "State", "Assess");
    const values = fixedFields(this, {
      state: ["State", state],
      work_notes: ["Work Note", this.workNote],
    });
    const client = this.servicenow.client($);
    const { sys_id: id, number } = await resolveChange(client, this.changeRequest);
    const change = await changes(client).moveTo(id, state, values as never);
    $.export("$summary", `Moved change ${number} to ${change.labels.state || state}`);
    return changeResult(change);
  },
});
