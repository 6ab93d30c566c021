import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { isChoice, taskClauses, type TaskFilters } from "../common/clauses";
import { assignedTo, assignmentGroup, choices } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource(
  (
    source: SourceThis &
      CommonProps &
      TaskFilters & { changeType?: string[] | undefined; risk?: string[] | undefined },
  ) => ({
    table: "change_request",
    column: "sys_created_on",
    clauses: [
      ...taskClauses(source),
      ...isChoice("type", source.changeType, "Type"),
      ...isChoice("risk", source.risk, "Risk"),
    ],
  }),
);

export default defineSource({
  key: "servicenow-new-change-request",
  name: "New Change Request",
  description:
    "Emit new event when a change request is created, optionally only those of some types, risks, states, groups or people. A record that meets the filter only after a later change is found by **New Matching Record**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    changeType: choices("change_request", "type", "Type", "`emergency`"),
    risk: choices("change_request", "risk", "Risk", "`2` for high"),
    state: choices("change_request", "state", "State", "`-5` for new"),
    assignmentGroup,
    assignedTo,
    query: queryOn("change_request"),
    fields: fieldsOn("change_request"),
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
