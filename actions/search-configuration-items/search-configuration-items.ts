import servicenow from "../../apps/servicenow.app";
import { moreExist } from "../common/lists";
import { defineAction } from "../../components";
import { atMost } from "../common/input";
import { optionalReference } from "../common/resolve";
import { count } from "../common/text";
import { searchConfigurationItems } from "../common/configuration-items";

export default defineAction({
  key: "servicenow-search-configuration-items",
  name: "Search Configuration Items",
  description:
    "Returns configuration items by words in name, serial number, asset tag, IP address or FQDN, by class (subclasses included) and by the person they are assigned to. All facts of one: **Get Configuration Item**. Example: `searchValue` = `web`, `sysClassName` = `cmdb_ci_server`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.2.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    searchValue: {
      type: "string",
      label: "Search Value",
      description: "Words to look for, such as `web prod`: every word must occur.",
      optional: true,
    },
    sysClassName: {
      type: "string",
      label: "Class",
      description: "The class, such as `cmdb_ci_server`. Its subclasses count too.",
      optional: true,
    },
    assignedTo: {
      propDefinition: [servicenow, "assignedTo"],
      description: "Who has it: user name, e-mail, full name or `sys_id`, such as `beth.anglin`.",
    },
    limit: { propDefinition: [servicenow, "limit"] },
    responseFields: {
      propDefinition: [servicenow, "responseFields", () => ({ table: "cmdb_ci" })],
      description:
        "The fields to return, such as `number` or `caller_id.email`. Those that tell most if empty.",
    },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const list = await searchConfigurationItems(client, {
      words: this.searchValue,
      className: this.sysClassName,
      assignedTo: await optionalReference(client, "userSearchedFor", this.assignedTo, "Assigned To"),
      max: atMost(this.limit, 1000, "Limit"),
      fields: this.responseFields,
    });
    $.export(
      "$summary",
      `Found ${count(list.rows.length, "configuration item")}${moreExist(!list.complete)}`,
    );
    return list.rows;
  },
});
