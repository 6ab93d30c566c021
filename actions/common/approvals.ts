import type { ServiceNow } from "../../common";
import { requiredText, wrongInput } from "./input";
import { requireCurrentUser } from "./me";
import { equals } from "./query";
import { isSysId, resolveRecord } from "./resolve";
import type { ResultProps } from "./results";
import { fieldText } from "./text";
import { verbValues } from "./verb-values";
import { updateRecord, type ResultRecord } from "./write";

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
}

const toApproval = (row: Record<string, string>): Approval => ({
  sysId: row.sys_id ?? "",
  state: row.state ?? "",
  about: row["sysapproval.number"] || "the request",
});

const FIELDS = ["sys_id", "state", "sysapproval.number"];

/** The approval with this sys_id, or the one of the connected account for this record. */
async function findApproval(client: ServiceNow, input: string): Promise<Approval> {
  const approvals = client.table(TABLE);
  if (isSysId(input)) {
    const row = await approvals.first({ query: equals({ sys_id: input.toLowerCase() }), fields: FIELDS });
    if (row) return toApproval(row);
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
  return toApproval(row);
}

/**
 * Decides an approval request. Throws when it is not waiting any more, and when the instance does not carry the decision out.
 * A rejection needs a comment.
 */
export async function decide(
  client: ServiceNow,
  props: ResultProps & { approval: string; comment?: string | undefined },
  state: "approved" | "rejected",
): Promise<{ result: ResultRecord; about: string }> {
  const comments =
    state === "rejected" ? requiredText(props.comment, "Comment", "Budget is missing") : props.comment;
  const values = verbValues(props, {
    state: [state === "approved" ? "Approve Request" : "Reject Request", state],
    comments: ["Comment", comments],
  });
  const approval = await findApproval(client, requiredText(props.approval, "Approval", "CHG0030001"));
  if (approval.state !== "requested")
    throw wrongInput(
      `The approval of ${approval.about} is ${approval.state || "not requested"} and does not wait for a decision.`,
    );
  const result = await updateRecord(
    client,
    approval.sysId,
    { table: TABLE, values, props, telling: APPROVAL_FIELDS },
    ["state"],
  );
  return { result, about: fieldText(result["sysapproval.number"]) || approval.about };
}
