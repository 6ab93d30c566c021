import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, isTrue, optionalSysId, optionalText, wrongInput } from "../common/input";
import { count } from "../common/text";
import { moreExist } from "../common/lists";
import { requestedItems } from "../common/requested-items";

export default defineAction({
  key: "servicenow-get-requested-items",
  name: "Get Requested Items",
  description:
    "Returns requested items (RITMs) by the number or `sys_id` of their request or by their own number, in the order they were made, with their answers if wanted. Change answers with **Update Requested Item Variables**. Example: `requestNumber` = `REQ0010001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.2.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    requestNumber: { propDefinition: [servicenow, "requestNumber"] },
    requestSysId: {
      type: "string",
      label: "Request Sys ID",
      description: "The `sys_id` of the request.",
      optional: true,
    },
    ritmNumber: {
      type: "string",
      label: "RITM Number",
      description: "The number of one requested item, such as `RITM0010001`.",
      optional: true,
    },
    limit: { propDefinition: [servicenow, "limit"] },
    includeVariables: {
      type: "boolean",
      label: "Include Variables",
      description: "Also the answers of each item, under `variables`.",
      optional: true,
    },
    responseFields: {
      propDefinition: [servicenow, "responseFields", () => ({ table: "sc_req_item" })],
      description:
        "The fields to return, such as `number` or `caller_id.email`. Those that tell most if empty.",
    },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const conditions = {
      "request.number": optionalText(this.requestNumber, "Request Number"),
      request: optionalSysId(this.requestSysId, "Request Sys ID"),
      number: optionalText(this.ritmNumber, "RITM Number"),
    };
    if (Object.values(conditions).every((value) => value === undefined))
      throw wrongInput("Give Request Number, Request Sys ID or RITM Number.");
    const { items, more } = await requestedItems(
      client,
      conditions,
      atMost(this.limit, 1000, "Limit"),
      isTrue(this.includeVariables),
      this.responseFields,
    );
    $.export("$summary", `Retrieved ${count(items.length, "requested item")}${moreExist(more)}`);
    return items;
  },
});
