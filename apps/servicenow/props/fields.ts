import { columnOptions } from "../options/columns";
import type { OptionsRequest } from "../../../components";
import { recordClass } from "../record-class";
import type { WithClient } from "../with-client";
import { ACTIVE, choicesOf, recordsOf, type Definitions } from "./shared";
import { textOf } from "../../../common/table/cells";

/** Values of fields that many records have. */
export const fields = {
  shortDescription: {
    type: "string",
    label: "Short Description",
    description: "One line that says what it is about, such as `Cannot log in`.",
    optional: true,
  },
  description: {
    type: "string",
    label: "Description",
    description: "The whole text, over several lines if need be.",
    optional: true,
  },
  urgency: {
    type: "string",
    label: "Urgency",
    description: "How soon: `1` high, `2` medium, `3` low. Urgency and impact decide the priority.",
    optional: true,
    options: choicesOf("incident", "urgency"),
  },
  impact: {
    type: "string",
    label: "Impact",
    description:
      "How much is affected: `1` high, `2` medium, `3` low. Urgency and impact decide the priority.",
    optional: true,
    options: choicesOf("incident", "impact"),
  },
  category: {
    type: "string",
    label: "Category",
    description: "The category as stored, such as `software`.",
    optional: true,
  },
  assignedTo: {
    type: "string",
    label: "Assigned To",
    description:
      "Who works on it: user name, e-mail, full name or `sys_id`, such as `beth.anglin`. Who is inactive is refused.",
    optional: true,
    useQuery: true,
    options: recordsOf("sys_user", { where: ACTIVE }),
  },
  assignmentGroup: {
    type: "string",
    label: "Assignment Group",
    description:
      "Which group works on it: its exact name, such as `Service Desk`, or its `sys_id`. An inactive one is refused.",
    optional: true,
    useQuery: true,
    options: recordsOf("sys_user_group", { where: ACTIVE }),
  },
  closeCode: {
    type: "string",
    label: "Resolution Code",
    description: "How it was resolved, one of the instance's codes, such as `Solution provided`.",
    options: choicesOf("incident", "close_code"),
  },
  closeNotes: {
    type: "string",
    label: "Resolution Notes",
    description: "What was done, such as `Password reset`.",
  },
  holdReason: {
    type: "string",
    label: "Hold Reason",
    description: "What it waits for: `1` the caller, `5` a change, `3` a problem, `4` a vendor.",
    options: choicesOf("incident", "hold_reason"),
  },
  taskState: {
    type: "string",
    label: "State",
    description: "The new state as stored, such as `2`. The numbers differ from table to table.",
    optional: true,
    options: choicesOf("task", "state"),
  },
  comment: {
    type: "string",
    label: "Comment",
    description: "Additional comments, which the caller sees too.",
    optional: true,
  },
  workNote: {
    type: "string",
    label: "Work Note",
    description: "A work note, which only the people who work on it see.",
    optional: true,
  },
  otherFields: {
    type: "object",
    label: "Other Fields",
    description:
      'Further fields by column name, such as `{"contact_type": "phone", "u_cost_center": "4711"}`. They win over the props above.',
    optional: true,
  },
  furtherFields: {
    type: "object",
    label: "Other Fields",
    description:
      'Further fields to change along with it, by column name, such as `{"u_cost_center": "4711"}`. A field that the action or one of its props sets is refused here, unless the value is the same.',
    optional: true,
  },
  fieldNames: {
    type: "string[]",
    label: "Fields",
    description:
      "Columns to be offered as inputs of their own, each with its label, choices and search. For clients that cannot show such inputs there is the JSON object instead.",
    optional: true,
    reloadProps: true,
    useQuery: true,
    async options(this: WithClient, { table, record, query, page }: OptionsRequest) {
      const client = this.client();
      return columnOptions(client, await recordClass(client, textOf(table), record), { query, page });
    },
  },
  correlationId: {
    type: "string",
    label: "Correlation ID",
    description:
      "A text of your own that is unique to this creation, such as the id of the event behind it. With it the step is safe to repeat: when a record was created with this id before, that record is returned and nothing is created. It stands in `correlation_id`, where the table has that column, and makes the `sys_id`.",
    optional: true,
  },
  correlationColumn: {
    type: "string",
    label: "Correlation Column",
    description:
      "A column of the staging table whose value is each row's own, such as `u_correlation_id`. With it the step is safe to repeat: a row whose value was imported before is not imported again, unless its transform failed.",
    optional: true,
  },
} as const satisfies Definitions;
