import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldsOr, requiredText } from "../common/input";
import { optionalReference } from "../common/resolve";
import { rowsWithLabels } from "../common/with-labels";
import { textOf } from "../../common/table/cells";

const REQUEST_FIELDS = [
  "sys_id",
  "number",
  "short_description",
  "state",
  "request_state",
  "stage",
  "approval",
  "requested_for",
  "opened_by",
  "opened_at",
  "due_date",
  "closed_at",
  "price",
  "active",
];

export default defineAction({
  key: "servicenow-check-order-status",
  name: "Check Order Status",
  description:
    "Returns a catalog request by its number, with state, stage and approval as values and labels; an empty list when there is none. Its items: **Get Requested Items**. Example: `requestNumber` = `REQ0010001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    requestNumber: { propDefinition: [servicenow, "requestNumber"], optional: false },
    requestedFor: { propDefinition: [servicenow, "requestedFor"] },
    responseFields: {
      propDefinition: [servicenow, "responseFields", () => ({ table: "sc_request" })],
      description:
        "The fields to return, such as `number` or `caller_id.email`. Those that tell most if empty.",
    },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const number = requiredText(this.requestNumber, "Request Number", "REQ0010001");
    const { rows: requests } = await rowsWithLabels(
      client,
      "sc_request",
      fieldsOr(this.responseFields, REQUEST_FIELDS),
      {
        number,
        requested_for: await optionalReference(client, "userSearchedFor", this.requestedFor, "Requested For"),
      },
    );
    const [request] = requests;
    $.export(
      "$summary",
      request
        ? `Request ${number} is ${textOf(request.request_state_label) || textOf(request.state_label) || textOf(request.request_state) || "there"}`
        : `No request found with number ${number}`,
    );
    return requests;
  },
});
