import servicenow from "../../apps/servicenow.app";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import { defineSource } from "../../components";
import { refersTo, taskClauses, type TaskFilters } from "../common/clauses";
import { assignedTo, assignmentGroup, choices, references } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource(
  (source: SourceThis & CommonProps & TaskFilters & { caller?: string[] | undefined }) => ({
    table: "incident",
    column: "sys_created_on",
    clauses: [
      ...taskClauses(source),
      ...refersTo("caller_id", source.caller, { table: "sys_user", label: "Caller" }),
    ],
  }),
);

export default defineSource({
  key: "servicenow-new-incident",
  name: "New Incident",
  description:
    "Emit new event when an incident is created, optionally only those of some priorities, states, categories, groups, people or callers. A record that meets the filter only after a later change is found by **New Matching Record**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    priority: choices("incident", "priority", "Priority", "`1` for critical"),
    state: choices("incident", "state", "State", "`1` for new"),
    category: choices("incident", "category", "Category", "`software`"),
    assignmentGroup,
    assignedTo,
    caller: references("sys_user", "Caller", "reported by one of these people", { where: ACTIVE }),
    query: queryOn("incident"),
    fields: fieldsOn("incident"),
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
