import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { cell } from "../../common/feed";
import {
  approvalClauses,
  approvalFields,
  approvalProps,
  approvalSubject,
  type ApprovalFilters,
} from "../common/approvals";
import { isOneOf } from "../common/filter";
import { fields, format, query, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource(
  (source: SourceThis & CommonProps & ApprovalFilters & { decision?: string[] | undefined }) => ({
    table: "sysapproval_approver",
    column: "sys_updated_on",
    clauses: [
      ...approvalClauses(source),
      ...isOneOf("state", source.decision?.length ? source.decision : ["approved", "rejected"]),
    ],
    defaultFields: approvalFields,
    needs: approvalFields,
    once: { key: ({ sysId, row }) => `${sysId} ${cell(row, "state")}` },
    summary: (row) =>
      `${cell(row, "state") === "approved" ? "Approved" : "Rejected"} by ${cell(row, "approver.name") || "somebody"}: ${approvalSubject(row)}`,
  }),
);

export default defineSource({
  key: "servicenow-new-approval-decision",
  name: "New Approval Decision",
  description:
    "Emit new event when an approval is given or refused, for a person, a group, the records of a table, or all. A decision that is taken back and made anew is a new event when it differs. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
      options: [
        { label: "Approved", value: "approved" },
        { label: "Rejected", value: "rejected" },
      ],
    },
    query,
    fields,
    format,
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
