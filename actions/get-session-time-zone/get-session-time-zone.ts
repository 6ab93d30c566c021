import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requireCurrentUser } from "../common/me";
import { inZone, systemTimeZone } from "../common/time-zones";

export default defineAction({
  key: "servicenow-get-session-time-zone",
  name: "Get Session Time Zone",
  description:
    "Returns the time zone in which the connected account sees dates and times, and the present time there. To be called before dates that people gave or that results show are read: stored values are UTC, display values are in this zone. Needs no input. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const me = await requireCurrentUser(client);
    const zone = me.timeZone || (await systemTimeZone(client));
    const now = new Date();
    const local = zone === undefined ? undefined : inZone(now, zone);
    $.export(
      "$summary",
      local === undefined
        ? `The time zone of ${me.name} is the system's, which the account may not read`
        : `${me.name} is in ${zone ?? ""}, where it is ${local}`,
    );
    return {
      time_zone: zone ?? null,
      set_by: me.timeZone ? "user" : zone === undefined ? "unknown" : "system",
      now_utc: now.toISOString(),
      now_local: local ?? null,
    };
  },
});
