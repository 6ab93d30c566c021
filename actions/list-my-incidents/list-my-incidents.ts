import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resultOptions } from "../common/results";
import { atMost, isTrue, oneOf } from "../common/input";
import { listSummary } from "../common/lists";
import { INCIDENT_FIELDS } from "../common/incidents";
import { equals } from "../common/query";
import { requireCurrentUser } from "../common/me";

export default defineAction({
  key: "servicenow-list-my-incidents",
  name: "List My Incidents",
  description:
    "Returns incidents assigned to the connected account, or those it reported, the last changed first. For other conditions use **List Records**. Example: `role` = `assigned`, `includeClosed` = `false`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    role: {
      type: "string",
      label: "Role",
      description: "`assigned` for incidents the account works on, `caller` for those it reported.",
      optional: true,
      default: "assigned",
      options: [
        { label: "Assigned to me", value: "assigned" },
        { label: "Reported by me", value: "caller" },
      ],
    },
    includeClosed: {
      type: "boolean",
      label: "Include Closed",
      description: "Also those that are closed or canceled.",
      optional: true,
    },
    maximum: { propDefinition: [servicenow, "maximum"] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "incident" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const role = oneOf(this.role, ["assigned", "caller"], "Role");
    const me = await requireCurrentUser(client);
    const list = await client.table("incident").list({
      ...resultOptions(this, INCIDENT_FIELDS),
      query: equals({
        [role === "caller" ? "caller_id" : "assigned_to"]: me.sysId,
        ...(isTrue(this.includeClosed) ? {} : { active: "true" }),
      }),
      orderBy: ["-sys_updated_on"],
      max: atMost(this.maximum, 100),
    });
    $.export("$summary", listSummary(list, "incident", `those of ${me.name}`, this.resultFields));
    return list.rows;
  },
});
