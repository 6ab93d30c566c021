import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { resultOptions } from "../common/results";
import { listSummary } from "../common/lists";
import { equals } from "../common/query";

const SLA_FIELDS = [
  "sys_id",
  "sla.name",
  "stage",
  "has_breached",
  "business_percentage",
  "business_time_left",
  "planned_end_time",
  "active",
];

export default defineAction({
  key: "servicenow-list-task-slas",
  name: "List Task SLAs",
  description:
    "Returns the service levels of a task: definition, stage, time left, percentage and whether it was breached. Example: `task` = `INC0010023`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"] },
    maximum: { propDefinition: [servicenow, "maximum"] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "task_sla" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const task = await resolveRecord(client, "task", this.task, "Task");
    const list = await client.table("task_sla").list({
      ...resultOptions(this, SLA_FIELDS),
      query: equals({ task: task.sys_id }),
      orderBy: ["planned_end_time"],
      max: atMost(this.maximum, 100),
    });
    $.export("$summary", listSummary(list, "SLA", task.number, this.resultFields));
    return list.rows;
  },
});
