import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText, utcTime, wrongInput } from "../common/input";
import { createFromProps } from "../common/record-steps";
import { report } from "../common/report";
import { resolveRecord } from "../common/resolve";

const OUTAGE_FIELDS = [
  "sys_id",
  "number",
  "short_description",
  "type",
  "cmdb_ci",
  "begin",
  "end",
  "task_number",
];

export default defineAction({
  key: "servicenow-create-planned-outage",
  name: "Create Planned Outage",
  description:
    "Records a planned outage of a configuration item for a change request or another task, so that people know beforehand. Example: `task` = `CHG0030001`, `configurationItem` = `web-01`, `begin` = `2026-08-01 22:00:00`, `end` = `2026-08-02 02:00:00`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"] },
    configurationItem: { propDefinition: [servicenow, "configurationItem"], optional: false },
    begin: {
      type: "string",
      label: "Begin",
      description: "A time in UTC such as `2026-08-01 22:00:00`, or an ISO 8601 time with its zone.",
    },
    end: {
      type: "string",
      label: "End",
      description: "A time in UTC such as `2026-08-02 02:00:00`, or an ISO 8601 time with its zone.",
    },
    shortDescription: { propDefinition: [servicenow, "shortDescription"] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "cmdb_ci_outage" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "cmdb_ci_outage" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "cmdb_ci_outage", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    requiredText(this.configurationItem, "Configuration Item", "web-01");
    const begin = utcTime(this.begin, "Begin");
    const end = utcTime(this.end, "End");
    if (end <= begin) throw wrongInput("End is not after Begin.");
    const task = await resolveRecord(client, "task", this.task, "Task");
    const { record, summary, warnings } = await createFromProps(client, this, {
      table: "cmdb_ci_outage",
      recordType: "planned outage",
      summaryFields: OUTAGE_FIELDS,
      values: { type: "planned", begin, end, task_number: task.sys_id },
    });
    report($, `${summary} for ${task.number}`, warnings);
    return record;
  },
});
