import servicenow from "../../apps/servicenow.app";
import { onCall } from "../../common/apis/on-call/on-call";
import { defineAction } from "../../components";
import { wholeNumber } from "../common/input";
import { requireCurrentUser } from "../common/me";
import { shiftNames } from "../common/on-call";

const DAY = 86_400_000;
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

export default defineAction({
  key: "servicenow-my-next-shift",
  name: "My Next Shift",
  description:
    "Returns the on-call shift of the connected account that runs now or comes next, and those after it within some days. Times are UTC. Needs On-Call Scheduling. Others: **Who Is On Call**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_OnCallRotationAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    days: {
      type: "integer",
      label: "Days",
      description: "How many days ahead to look.",
      optional: true,
      default: 28,
      min: 1,
      max: 366,
    },
  },
  async run({ $ }) {
    const days = wholeNumber(this.days, 28, "Days");
    const client = this.servicenow.client($);
    const me = await requireCurrentUser(client);
    const now = Date.now();
    const moment = new Date(now).toISOString().slice(0, 19).replace("T", " ");
    const hours = await onCall(client).hours({
      // A shift that began yesterday may still run.
      from: dateOf(now - DAY),
      to: dateOf(now + (days + 1) * DAY),
      users: [me.sysId],
    });
    const own = hours.filter(({ user, end }) => user === me.sysId && end > moment);
    const names = await shiftNames(
      client,
      own.map(({ shift }) => shift),
    );
    const [next, ...later] = own.map(({ shift, roster, label, start, end }) => ({
      shift: { sys_id: shift, name: names.get(shift)?.name ?? label },
      group: names.get(shift)?.group ?? null,
      roster,
      start,
      end,
      on_call_now: start <= moment,
    }));
    const words =
      next && (next.on_call_now ? `is on call until ${next.end} UTC` : `is on call from ${next.start} UTC`);
    $.export(
      "$summary",
      next ? `${me.name} ${words} (${next.shift.name})` : `${me.name} has no shift in the next ${days} days`,
    );
    return { next: next ?? null, later };
  },
});
