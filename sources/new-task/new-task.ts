import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { isTable, taskClauses, type TaskFilters } from "../common/clauses";
import { assignedTo, assignmentGroup, choices } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource(
  (source: SourceThis & CommonProps & TaskFilters & { taskType?: string[] | undefined }) => ({
    table: "task",
    column: "sys_created_on",
    clauses: [...taskClauses(source), ...isTable("sys_class_name", source.taskType, "Task Type", "task")],
  }),
);

export default defineSource({
  key: "servicenow-new-task",
  name: "New Task",
  description:
    "Emit new event when a task of any kind is created (incident, problem, change, request item, catalog task and the like), optionally only those of some types, priorities, groups or people. A record that meets the filter only after a later change is found by **New Matching Record**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    taskType: {
      type: "string[]",
      label: "Task Type",
      description: "Only tasks of exactly these tables, such as `incident` or `sc_task`. All kinds if empty.",
      optional: true,
    },
    priority: choices("task", "priority", "Priority", "`1` for critical"),
    state: choices("task", "state", "State", "`1` for open"),
    assignmentGroup,
    assignedTo,
    query: queryOn("task"),
    fields: fieldsOn("task"),
    format,
    startFrom,
    startDate,
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await records.deploy(this);
    },
    async activate() {
      await records.activate(this);
    },
  },
  async run() {
    await records.run(this);
  },
  sampleEmit,
});
