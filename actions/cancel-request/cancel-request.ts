import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText, wrongInput } from "../common/input";
import { openParts } from "../common/requested-items";
import { resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { fixedFields } from "../common/fixed-fields";
import { report } from "../common/report";
import { writeRecord } from "../common/write";

export default defineAction({
  key: "servicenow-cancel-request",
  name: "Cancel Request",
  description:
    "Cancels a catalog request with a comment that says why. It cannot be undone: ask the person first. Fails when it is closed already. Whether its items and tasks end with it is up to the instance; the summary counts those still open. Numbers come from **Check Order Status** or **List Records** (table `sc_request`). Example: `request` = `REQ0010001`, `reason` = `Ordered twice`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    request: { propDefinition: [servicenow, "request"] },
    reason: {
      type: "string",
      label: "Reason",
      description: "Why it is canceled, kept as a comment, such as `Ordered twice`.",
    },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "sc_request" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "sc_request" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "sc_request", this.fieldNames);
  },
  async run({ $ }) {
    const reason = requiredText(this.reason, "Reason", "Ordered twice");
    const values = fixedFields(
      this,
      {
        request_state: ["Cancel Request", "closed_cancelled"],
        state: ["Cancel Request", "4"],
        comments: ["Reason", reason],
      },
      "Update Task",
    );
    const client = this.servicenow.client($);
    const request = await resolveRecord(client, "sc_request", this.request, "Request", [
      "active",
      "request_state",
    ]);
    if (request.active === "false")
      throw wrongInput(`Request ${request.number} is closed already (${request.request_state}).`);
    const { record, warnings } = await writeRecord(
      client,
      request.sys_id,
      {
        table: "sc_request",
        values,
        props: this,
        summaryFields: [...TASK_FIELDS, "request_state"],
      },
      ["request_state"],
    );
    const open = await openParts(client, request.sys_id);
    report($, `Canceled request ${request.number}${open}`, warnings);
    return record;
  },
});
