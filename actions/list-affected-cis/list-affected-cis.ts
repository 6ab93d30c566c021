import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost } from "../common/input";
import { listSummary } from "../common/lists";
import { equals } from "../common/query";
import { resolveRecord } from "../common/resolve";
import { resultOptions } from "../common/results";

const AFFECTED_FIELDS = [
  "sys_id",
  "ci_item",
  "ci_item.name",
  "ci_item.sys_class_name",
  "ci_item.operational_status",
  "applied",
];

export default defineAction({
  key: "servicenow-list-affected-cis",
  name: "List Affected CIs",
  description:
    "Returns the configuration items that a task such as a change request affects, beyond the one that the task itself names. Example: `task` = `CHG0030001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"] },
    maximum: { propDefinition: [servicenow, "maximum"] },
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const task = await resolveRecord(client, "task", this.task, "Task");
    const list = await client.table("task_ci").list({
      ...resultOptions(this, AFFECTED_FIELDS),
      query: equals({ task: task.sys_id }),
      orderBy: ["sys_created_on"],
      max: atMost(this.maximum, 100),
    });
    $.export("$summary", listSummary(list, "affected CI", task.number, this.resultFields));
    return list.rows;
  },
});
