import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { taskClauses, type TaskFilters } from "../common/clauses";
import { assignedTo, assignmentGroup, choices } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource((source: SourceThis & CommonProps & TaskFilters) => ({
  table: "problem",
  column: "sys_created_on",
  clauses: taskClauses(source),
}));

export default defineSource({
  key: "servicenow-new-problem",
  name: "New Problem",
  description:
    "Emit new event when a problem is created, optionally only those of some priorities, states, categories, groups or people. A record that meets the filter only after a later change is found by **New Matching Record**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    priority: choices("problem", "priority", "Priority", "`1` for critical"),
    state: choices("problem", "state", "State", "`101` for new"),
    category: choices("problem", "category", "Category", "`network`"),
    assignmentGroup,
    assignedTo,
    query: queryOn("problem"),
    fields: fieldsOn("problem"),
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
