import servicenow from "../../apps/servicenow.app";
import { changes } from "../../common/apis/change/change";
import { columnsOfTable } from "../../common/schema";
import { defineAction } from "../../components";
import { resolveChange } from "../common/resolve";

export default defineAction({
  key: "servicenow-get-change-states",
  name: "Get Change States",
  description:
    "Returns the present state of a change request, the states that its model allows next with the conditions that do not hold yet, its risk and impact, and the mandatory columns that are still empty. Then **Move Change**. Example: `changeRequest` = `CHG0030001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    changeRequest: { propDefinition: [servicenow, "changeRequest"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { sys_id: id, number } = await resolveChange(client, this.changeRequest);
    const [{ states }, { values, labels }, { columns }] = await Promise.all([
      changes(client).nextStates(id),
      changes(client).get(id),
      columnsOfTable(client, "change_request"),
    ]);
    const next = states.filter(({ current }) => !current);
    const legal = next.filter(({ unmet }) => unmet.length === 0);
    const missing = columns
      .filter(({ name, mandatory }) => mandatory && !values[name])
      .map(({ name, label }) => ({ name, label }));
    $.export(
      "$summary",
      `Change ${number} is in ${labels.state || String(values.state)}; next may be ${legal.map(({ label }) => label).join(", ") || "nothing"}`,
    );
    return {
      number,
      state: { value: values.state ?? null, label: labels.state ?? null },
      next_states: next.map(({ value, label, unmet }) => ({
        value,
        label,
        allowed: unmet.length === 0,
        unmet,
      })),
      missing_fields: missing,
      risk: { value: values.risk ?? null, label: labels.risk ?? null },
      impact: { value: values.impact ?? null, label: labels.impact ?? null },
    };
  },
});
