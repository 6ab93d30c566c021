import servicenow from "../../apps/servicenow.app";
import { onCall } from "../../common/apis/on-call/on-call";
import { defineAction } from "../../components";
import { isBlank, requiredText, utcTime } from "../common/input";
import { peopleOnCall, shiftNames } from "../common/on-call";
import { resolveReference } from "../common/resolve";
import { count } from "../common/text";

export default defineAction({
  key: "servicenow-who-is-on-call",
  name: "Who Is On Call",
  description:
    "Returns who is called for a group now or at a given time, in the order of the escalation, with e-mail and telephone numbers. Needs On-Call Scheduling. Own shifts: **My Next Shift**. Example: `group` = `Network`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_OnCallRotationAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    group: { propDefinition: [servicenow, "group"] },
    at: {
      type: "string",
      label: "At",
      description:
        "A time in UTC such as `2026-08-01 22:00:00`, or an ISO 8601 time with its zone. Now if empty.",
      optional: true,
    },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const at = isBlank(this.at) ? undefined : utcTime(this.at, "At");
    const group = await resolveReference(client, "group", this.group, "Group");
    const called = await onCall(client).now(group, at === undefined ? {} : { at });
    const people = await peopleOnCall(
      client,
      called.map(({ user }) => user),
    );
    const shifts = await shiftNames(
      client,
      called.map(({ shift }) => shift),
    );
    const result = called.map(({ user, order, shift, roster, isOverride }) => ({
      order,
      user,
      name: people.get(user)?.name ?? null,
      user_name: people.get(user)?.user_name ?? null,
      email: people.get(user)?.email || null,
      phone: people.get(user)?.phone || null,
      mobile_phone: people.get(user)?.mobile_phone || null,
      shift: { sys_id: shift, name: shifts.get(shift)?.name ?? null },
      roster,
      override: isOverride,
    }));
    const [first] = result;
    const name = requiredText(this.group, "Group");
    const when = at === undefined ? "now" : `at ${at} UTC`;
    $.export(
      "$summary",
      first
        ? `${first.name ?? first.user} is on call for ${name} ${when}, ${count(result.length, "person")} in all`
        : `Nobody is on call for ${name} ${when}`,
    );
    return result;
  },
});
