import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, optionalText } from "../common/input";
import { optionalReference, resolveRecord } from "../common/resolve";
import { resultOptions } from "../common/results";
import { listSummary } from "../common/lists";
import { equals } from "../common/query";
import { APPROVAL_FIELDS } from "../common/approvals";
import { requireCurrentUser } from "../common/me";
import { withChoices } from "../common/choices";
import type { ServiceNow } from "../../common";

/** States that every instance has. */
const USUAL = ["requested", "approved", "rejected"];

/** The stored state to look for; undefined for any. */
async function stateOf(client: ServiceNow, given: unknown): Promise<string | undefined> {
  const state = optionalText(given, "State")?.toLowerCase() ?? "requested";
  if (state === "any") return undefined;
  if (USUAL.includes(state)) return state;
  const stored = await withChoices(client, "sysapproval_approver", { state }, { state: "State" });
  return String(stored.state);
}

export default defineAction({
  key: "servicenow-list-approvals",
  name: "List Approvals",
  description:
    "Returns approval requests, by default those that wait for the connected account, with what they are about. Decide them with **Approve Request** or **Reject Request**. Example: `state` = `requested`, `record` = `CHG0030001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    approver: {
      type: "string",
      label: "Approver",
      description:
        "Whose approvals: user name, e-mail, full name or `sys_id`; `all` for everybody's. The connected account if empty.",
      optional: true,
    },
    state: {
      type: "string",
      label: "State",
      description: "`requested` (waiting), `approved`, `rejected` or another state as stored; `any` for all.",
      optional: true,
      default: "requested",
      options: ["requested", "approved", "rejected", "any"],
    },
    record: {
      propDefinition: [servicenow, "record", () => ({ table: "task" })],
      label: "Record",
      optional: true,
      description: "Only approvals of this record: its number, such as `CHG0030001`, or its `sys_id`.",
    },
    maximum: { propDefinition: [servicenow, "maximum"] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "sysapproval_approver" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const approver =
      optionalText(this.approver, "Approver")?.toLowerCase() === "all"
        ? undefined
        : ((await optionalReference(client, "userSearchedFor", this.approver, "Approver")) ??
          (await requireCurrentUser(client)).sysId);
    const about = optionalText(this.record, "Record");
    const record = about ? await resolveRecord(client, "task", about, "Record") : undefined;
    const state = await stateOf(client, this.state);
    const list = await client.table("sysapproval_approver").list({
      ...resultOptions(this, APPROVAL_FIELDS),
      query: equals({ approver, sysapproval: record?.sys_id, state }),
      orderBy: ["-sys_created_on"],
      max: atMost(this.maximum, 100),
    });
    $.export("$summary", listSummary(list, "approval", "", this.resultFields));
    return list.rows;
  },
});
