import { cell } from "../../common/change-feed";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import { isTable, refersTo } from "./clauses";
import type { Selected } from "./filter";
import type { Row } from "./payload";
import { references } from "./pickers";
import { tableChoices } from "./props";

export const approvalFields = [
  "sys_id",
  "state",
  "approver",
  "approver.name",
  "approver.email",
  "sysapproval",
  "sysapproval.number",
  "sysapproval.short_description",
  "source_table",
  "document_id",
  "group",
  "due_date",
  "expected_start",
  "sys_created_on",
  "sys_updated_on",
  "sys_updated_by",
] as const;

export interface ApprovalFilters {
  approver?: string[] | undefined;
  group?: string[] | undefined;
  approvalTable?: string | undefined;
}

export const approvalProps = {
  approver: references("sys_user", "Approver", "for one of these approvers", { where: ACTIVE }),
  group: references("sys_user_group", "Approval Group", "where one of these groups approves", {
    where: ACTIVE,
  }),
  approvalTable: {
    type: "string",
    label: "Record Table",
    description:
      "Only approvals of records of exactly this table, such as `change_request`; tables that extend it do not count. All if empty.",
    optional: true,
    useQuery: true,
    options: tableChoices,
  },
} as const;

export const approvalClauses = (source: ApprovalFilters): Selected[] => [
  ...refersTo("approver", source.approver, { table: "sys_user", label: "Approver" }),
  ...refersTo("group.assignment_group", source.group, { table: "sys_user_group", label: "Approval Group" }),
  ...isTable("source_table", source.approvalTable, "Record Table"),
];

/** What is to be approved, as people know it. */
export const approvalSubject = (row: Row): string =>
  [cell(row, "sysapproval.number"), cell(row, "sysapproval.short_description")].filter(Boolean).join(" – ") ||
  `a record of ${cell(row, "source_table") || "an unknown table"}`;
