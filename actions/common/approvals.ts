import type { ServiceNow } from "../../common";
import { currentUser } from "../../apps/servicenow/current-user";
import { isTrue, requiredText, wrongInput } from "./input";
import { requireCurrentUser } from "./me";
import { equals } from "./query";
import { isSysId } from "../../common/sys-id";
import { resolveRecord } from "./resolve";
import type { Warnings } from "./report";
import type { ResultProps } from "./results";
import { fixedFields } from "./fixed-fields";
import { writeRecord, type ResultRecord } from "./write";
import { textOf } from "../../common/table/cells";

const TABLE = "sysapproval_approver";

/** What tells an approval request. */
export const APPROVAL_FIELDS = [
  "sys_id",
  "state",
  "approver",
  "sysapproval",
  "sysapproval.number",
  "sysapproval.short_description",
  "comments",
  "sys_created_on",
  "due_date",
] as const;

interface Approval {
  sysId: string;
  state: string;
  /** Number of the record that it is about. */
  about: string;
  /** Name of the person it waits for; empty where that is the connected account. */
  other: string;
}

const toApproval = (row: Record<string, string>, own: boolean): Approval => ({
  sysId: row.sys_id ?? "",
  state: row.state ?? "",
  about: row["sysapproval.number"] || "the request",
  other: own ? "" : row["approver.name"] || "somebody else",
});

const FIELDS = ["sys_id", "state", "sysapproval.number", "approver", "approver.name"];

/** The approval with this sys_id, or the one of the connected account for this record. */
async function findApproval(client: ServiceNow, input: string): Promise<Approval> {
  const approvals = client.table(TABLE);
  if (isSysId(input)) {
    const row = await approvals.first({ query: equals({ sys_id: input.toLowerCase() }), fields: FIELDS });
    if (row) return toApproval(row, row.approver === (await currentUser(client))?.sysId);
  }
  const record = await resolveRecord(client, "task", input, "Approval");
  const me = await requireCurrentUser(client);
  const { rows } = await approvals.page({
    query: equals({ sysapproval: record.sys_id, approver: me.sysId, state: "requested" }),
    fields: FIELDS,
    limit: 2,
  });
  const [row] = rows;
  if (!row)
    throw wrongInput(
      `${record.number} has no approval that waits for ${me.name}. The action "List Approvals" shows whose it waits for.`,
    );
  if (rows.length > 1)
    throw wrongInput(
      `${record.number} has several approvals that wait for ${me.name}. Give the sys_id of one, from the action "List Approvals".`,
    );
  return toApproval(row, true);
}

/**
 * Decides an approval request. Throws when it is not waiting any more, when it waits for somebody else and that was not asked for, and when the
 * instance does not carry the decision out. A rejection needs a comment.
 * @returns the approval, and in words what was decided, for whom, and what else is to be said
 */
export async function decide(
  client: ServiceNow,
  props: ResultProps & { approval: string; comment?: string | undefined; forOthers?: boolean | undefined },
  state: "approved" | "rejected",
): Promise<{ result: ResultRecord; about: string; warnings: Warnings }> {
  const comments =
    state === "rejected" ? requiredText(props.comment, "Comment", "Budget is missing") : props.comment;
  const values = fixedFields(props, {
    state: [state === "approved" ? "Approve Request" : "Reject Request", state],
    comments: ["Comment", comments],
  });
  const approval = await findApproval(client, requiredText(props.approval, "Approval", "CHG0030001"));
  if (approval.state !== "requested")
    throw wrongInput(
      `The approval of ${approval.about} is ${approval.state || "not requested"} and does not wait for a decision.`,
    );
  if (approval.other && !isTrue(props.forOthers))
    throw wrongInput(
      `The approval of ${approval.about} waits for ${approval.other} and not for the connected account. Set Decide for Others if the account may decide it all the same.`,
    );
  const { record: result, warnings } = await writeRecord(
    client,
    approval.sysId,
    { table: TABLE, values, props, summaryFields: APPROVAL_FIELDS },
    ["state"],
  );
  const about = textOf(result["sysapproval.number"]) || approval.about;
  return { result, about: `${about}${approval.other && ` for ${approval.other}`}`, warnings };
}
