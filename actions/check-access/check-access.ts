import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { checkAccess } from "../common/access";

export default defineAction({
  key: "servicenow-check-access",
  name: "Check Access",
  description:
    "Tells what the connected account can see of a table: whether it may be read, how many rows match and how many of them (of the first 1,000) are hidden, and which columns come back. Nothing is written; a right to write shows only when writing. Example: `table` = `incident`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    query: { propDefinition: [servicenow, "query", ({ table }) => ({ table })] },
  },
  async run({ $ }) {
    const table = requiredText(this.table, "Table", "incident");
    const access = await checkAccess(this.servicenow.client($), table, this.query);
    $.export("$summary", access.explanation);
    return access;
  },
});
