import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { cell } from "../../common/change-feed";
import {
  approvalClauses,
  approvalFields,
  approvalProps,
  approvalSubject,
  type ApprovalFilters,
} from "../common/approvals";
import { isOneOf } from "../common/filter";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource((source: SourceThis & CommonProps & ApprovalFilters) => ({
  table: "sysapproval_approver",
  column: "sys_updated_on",
  clauses: [...approvalClauses(source), ...isOneOf("state", "requested")],
  defaultFields: approvalFields,
  needs: approvalFields,
  dedupe: {},
  summary: (row) =>
    `Approval requested from ${cell(row, "approver.name") || "somebody"}: ${approvalSubject(row)}`,
}));

export default defineSource({
  key: "servicenow-new-approval-request",
  name: "New Approval Request",
  description:
    "Emit new event when somebody is asked to approve something, for a person, a group, the records of a table, or all. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    ...approvalProps,
    query: queryOn("sysapproval_approver"),
    fields: fieldsOn("sysapproval_approver"),
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
