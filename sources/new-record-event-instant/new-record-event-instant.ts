import servicenow from "../../apps/servicenow.app";
import { optionOf, optionsOf } from "../../apps/servicenow/input";
import { defineSource } from "../../components";
import { fields, format, leaveOutOwnChanges, query } from "../common/props";
import { requiredTable } from "../common/table";
import { withProps } from "../common/this";
import { Webhook, type WebhookProps } from "../common/webhook";
import sampleEmit from "./test-event";

const OPERATIONS = [
  { label: "Created", value: "insert" },
  { label: "Updated", value: "update" },
  { label: "Deleted", value: "delete" },
] as const;

const SETUPS = [
  { label: "Automatic", value: "automatic" },
  { label: "Manual", value: "manual" },
] as const;

const webhookOf = (source: WebhookProps) =>
  new Webhook(
    withProps(source, {
      table: requiredTable(source.table),
      operations: optionsOf(source.operations, OPERATIONS, "Operations"),
      setup: optionOf(source.setup, SETUPS, "Setup"),
    }),
  );

export default defineSource({
  key: "servicenow-new-record-event-instant",
  name: "New Record Event (Instant)",
  description:
    "Emit new event within seconds of the creation, change or deletion of a record. Creates one business rule on the instance, which announces each event, and removes it again; creating it takes the role `admin`, or an administrator does it by hand with a script that the log shows. Announcements are signed. A sweep by the schedule finds what no announcement reported, so that nothing is lost but a deletion. The instance must be able to reach the address of this source. Without such rights: **New or Updated Record**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_BusinessRules.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    http: { type: "$.interface.http", customResponse: true },
    timer: {
      type: "$.interface.timer",
      label: "Sweep",
      description: "How often to look for what no delivery announced.",
      default: { intervalSeconds: 900 },
    },
    table: { propDefinition: [servicenow, "table"] },
    operations: {
      type: "string[]",
      label: "Operations",
      description: "Which events to emit. All if empty.",
      optional: true,
      options: OPERATIONS,
    },
    setup: {
      type: "string",
      label: "Setup",
      description:
        "How the business rule comes to be: created and removed by this source (`automatic`), or by an administrator with the script from the log (`manual`).",
      optional: true,
      default: "automatic",
      options: SETUPS,
    },
    signingSecret: {
      type: "string",
      label: "Signing Secret",
      description:
        "The secret that signs deliveries; its base64 form goes into the script of a manual setup. A manual setup needs one; for the automatic setup one is made if empty.",
      optional: true,
      secret: true,
    },
    query,
    fields,
    format,
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await webhookOf(this).deploy();
    },
    async activate() {
      await webhookOf(this).activate();
    },
    async deactivate() {
      await webhookOf(this).deactivate();
    },
  },
  async run(event) {
    if ("headers" in event) await webhookOf(this).receive(event);
    else await webhookOf(this).sweep();
  },
  sampleEmit,
});
