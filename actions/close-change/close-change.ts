import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { withChoices } from "../common/choices";
import { requiredText } from "../common/input";
import { resolveChange } from "../common/resolve";
import { fixedFields } from "../common/fixed-fields";
import { changes } from "../../common/apis/change/change";
import { changeResult } from "../common/change-requests";

const CLOSED = "3";

export default defineAction({
  key: "servicenow-close-change",
  name: "Close Change",
  description:
    "Closes a change request with a close code and notes. It must be in a state from which its model allows that, usually Review; **Move Change** brings it there. Example: `changeRequest` = `CHG0030001`, `closeCode` = `successful`, `closeNotes` = `Done as planned`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    changeRequest: { propDefinition: [servicenow, "changeRequest"] },
    closeCode: {
      type: "string",
      label: "Close Code",
      description: "`successful`, `successful_issues` or `unsuccessful`.",
      options: ["successful", "successful_issues", "unsuccessful"],
    },
    closeNotes: {
      type: "string",
      label: "Close Notes",
      description: "How it went, such as `Done as planned`.",
    },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "change_request" })] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "change_request", this.fieldNames);
  },
  async run({ $ }) {
    const code = requiredText(this.closeCode, "Close Code", "successful");
    const notes = requiredText(this.closeNotes, "Close Notes", "Done as planned");
    const given = fixedFields(
      this,
      {
        state: ["Close Change", CLOSED],
        close_code: ["Close Code", code],
        close_notes: ["Close Notes", notes],
      },
      "Move Change",
    );
    const client = this.servicenow.client($);
    const values = await withChoices(client, "change_request", given, { close_code: "Close Code" });
    const { sys_id: id, number } = await resolveChange(client, this.changeRequest);
    const change = await changes(client).moveTo(id, CLOSED, values as never);
    $.export("$summary", `Closed change ${number}`);
    return changeResult(change);
  },
});
