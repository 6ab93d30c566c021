import servicenow from "../../apps/servicenow.app";
import type { ServiceNow } from "../../common";
import { defineAction } from "../../components";
import { addChangeTask } from "../common/change-requests";
import { withChoices } from "../common/choices";
import { fieldProps } from "../common/field-props";
import { optionalText, requiredText } from "../common/input";
import { resolveChange } from "../common/resolve";

/** Kinds that every instance has. */
const USUAL: readonly string[] = ["planning", "implementation", "testing", "review"];

/** The stored kind; undefined where none is given. */
async function kindOf(client: ServiceNow, given: unknown): Promise<string | undefined> {
  const kind = optionalText(given, "Task Type")?.toLowerCase();
  if (!kind || USUAL.includes(kind)) return kind;
  const column = "change_task_type";
  return String(
    (await withChoices(client, "change_task", { [column]: kind }, { [column]: "Task Type" }))[column],
  );
}

export default defineAction({
  key: "servicenow-add-change-task",
  name: "Add Change Task",
  description:
    "Adds a task to a change request, of the kind planning, implementation, testing or review. Example: `changeRequest` = `CHG0030001`, `shortDescription` = `Inform the users`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    changeRequest: { propDefinition: [servicenow, "changeRequest"] },
    shortDescription: { propDefinition: [servicenow, "shortDescription"], optional: false },
    description: { propDefinition: [servicenow, "description"] },
    taskType: {
      type: "string",
      label: "Task Type",
      description: "`planning`, `implementation`, `testing` or `review`.",
      optional: true,
      options: [...USUAL],
    },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "change_task" })] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "change_task", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    requiredText(this.shortDescription, "Short Description", "Inform the users");
    const change = await resolveChange(client, this.changeRequest);
    const taskType = await kindOf(client, this.taskType);
    const { task, summary } = await addChangeTask(client, { ...this, taskType }, change.sys_id);
    $.export("$summary", `${summary} to change ${change.number}`);
    return task;
  },
});
