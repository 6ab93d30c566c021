import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveReference } from "../common/resolve";
import { answersOf, catalogOf } from "../common/catalog";

export default defineAction({
  key: "servicenow-submit-record-producer",
  name: "Submit Record Producer",
  description:
    'Submits a record producer, a catalog form that creates a record such as an incident, and returns that record\'s table, number and `sys_id`. Missing mandatory answers are named and nothing is created then; the questions come from **Get Catalog Item Variables**. Example: `sysId` = `04b7e94b4f7b42000086eeed18110c7f`, `variables` = `{"description": "Cannot log in"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)',
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    sysId: { propDefinition: [servicenow, "catalogItemSysId"] },
    variables: { propDefinition: [servicenow, "variables"], optional: false },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "catalogItem", this.sysId, "Catalog Item");
    const record = await catalogOf(client).submitProducer(id, answersOf(this.variables));
    $.export("$summary", `Created ${record.number || record.sys_id} in table ${record.table}`);
    return { ...record, redirect_url: record.redirectUrl };
  },
});
