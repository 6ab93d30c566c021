import servicenow from "../../apps/servicenow.app";
import { optionsOf } from "../../apps/servicenow/input";
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
import type { Row } from "../common/payload";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const DECISIONS = [
  { label: "Approved", value: "approved" },
  { label: "Rejected", value: "rejected" },
] as const;

const decisionsOf = (given: unknown) => {
  const chosen = optionsOf(given, DECISIONS, "Decision");
  return chosen.length > 0 ? chosen : DECISIONS.map(({ value }) => value);
};

const keyIn = (row: Row, state: string) => `${cell(row, "sys_id")} ${state}`;

const records = recordSource(
  (source: SourceThis & CommonProps & ApprovalFilters & { decision?: string[] | undefined }) => ({
    table: "sysapproval_approver",
    column: "sys_updated_on",
    clauses: [...approvalClauses(source), ...isOneOf("state", decisionsOf(source.decision))],
    defaultFields: approvalFields,
    needs: approvalFields,
    dedupe: {
      columns: ["state"],
      key: (row) => keyIn(row, cell(row, "state")),
      replaces: (row) =>
        DECISIONS.filter(({ value }) => value !== cell(row, "state")).map(({ value }) => keyIn(row, value)),
    },
    summary: (row) =>
      `${cell(row, "state") === "approved" ? "Approved" : "Rejected"} by ${cell(row, "approver.name") || "somebody"}: ${approvalSubject(row)}`,
  }),
);

export default defineSource({
  key: "servicenow-new-approval-decision",
  name: "New Approval Decision",
  description:
    "Emit new event when an approval is given or refused, for a person, a group, the records of a table, or all. A decision that is taken back and made again is a new event when it differs. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    ...approvalProps,
    decision: {
      type: "string[]",
      label: "Decision",
      description: "Only these decisions. Both if empty.",
      optional: true,
      options: DECISIONS,
    },
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
