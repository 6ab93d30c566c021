import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { decide } from "../common/approvals";
import { report } from "../common/report";

export default defineAction({
  key: "servicenow-approve-request",
  name: "Approve Request",
  description:
    "Approves an approval request that is waiting: of a change, a catalog request, an article or anything else. It decides for the connected account, and for somebody else only with `forOthers`; ask a person before. The opposite is **Reject Request**; ids come from **List Approvals**, or give the record and the approval of the connected account is taken. Example: `approval` = `CHG0030001`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    approval: { propDefinition: [servicenow, "approval"] },
    comment: {
      propDefinition: [servicenow, "comment"],
      optional: true,
      description: "What the decision is based on; kept with the approval.",
    },
    forOthers: { propDefinition: [servicenow, "forOthers"] },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "sysapproval_approver" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "sysapproval_approver" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "sysapproval_approver", this.fieldNames);
  },
  async run({ $ }) {
    const record = await decide(this.servicenow.client($), this, "approved");
    report($, `Approved ${record.about}`, record.warnings);
    return record.result;
  },
});
