import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { isTrue } from "../common/input";
import { resolveChange } from "../common/resolve";
import { changes } from "../../common/apis/change/change";

export default defineAction({
  key: "servicenow-check-change-conflicts",
  name: "Check Change Conflicts",
  description:
    "Returns what the last check for conflicts of a change request found: other changes of the same items, blackout and maintenance windows. Starts a new check if wanted, whose result is there a while later. Example: `changeRequest` = `CHG0030001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    changeRequest: { propDefinition: [servicenow, "changeRequest"] },
    startCheck: {
      type: "boolean",
      label: "Start Check",
      description: "Start a new check before reading. Its result may take some seconds.",
      optional: true,
    },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { sys_id: id, number } = await resolveChange(client, this.changeRequest);
    if (isTrue(this.startCheck)) await changes(client).checkConflicts(id);
    const conflicts = await changes(client).conflicts(id);
    $.export(
      "$summary",
      `${isTrue(this.startCheck) ? "Started a check and read" : "Read"} the conflicts of change ${number}`,
    );
    return conflicts;
  },
});
