import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject, requiredText, wholeNumber } from "../common/input";
import { given } from "../common/given-values";
import { sendEvents } from "../../common/apis/event/event";

export default defineAction({
  key: "servicenow-create-event",
  name: "Create Event",
  description:
    "Sends an event to Event Management, which makes alerts of events. Needs that plugin. For a person's problem use **Create Incident**. Example: `source` = `Nagios`, `node` = `web-01`, `severity` = `1`, `description` = `Disk is full`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    source: {
      type: "string",
      label: "Source",
      description: "What noticed it, such as `Nagios`.",
    },
    severity: {
      type: "integer",
      label: "Severity",
      description: "`0` clear, `1` critical, `2` major, `3` minor, `4` warning, `5` OK.",
      min: 0,
      max: 5,
    },
    node: {
      type: "string",
      label: "Node",
      description: "The host or service it is about, such as `web-01`.",
      optional: true,
    },
    eventType: {
      type: "string",
      label: "Type",
      description: "The kind of event, such as `Disk space`.",
      optional: true,
    },
    resource: {
      type: "string",
      label: "Resource",
      description: "The part of the node, such as `/var`.",
      optional: true,
    },
    metricName: {
      type: "string",
      label: "Metric Name",
      description: "The metric, such as `disk_used`.",
      optional: true,
    },
    messageKey: {
      type: "string",
      label: "Message Key",
      description:
        "Ties events of one alert together, such as `web-01/disk`: sent again with the same key, an event joins the alert that is there.",
      optional: true,
    },
    description: { propDefinition: [servicenow, "description"] },
    additionalInfo: {
      type: "object",
      label: "Additional Info",
      description: 'Further facts, such as `{"free": "0 MB"}`.',
      optional: true,
    },
  },
  async run({ $ }) {
    const source = requiredText(this.source, "Source", "Nagios");
    const answer = await sendEvents(this.servicenow.client($), [
      {
        source,
        severity: wholeNumber(requiredText(this.severity, "Severity", "3"), 0, "Severity", {
          min: 0,
          max: 5,
        }) as 1,
        ...given({
          node: this.node,
          type: this.eventType,
          resource: this.resource,
          metricName: this.metricName,
          messageKey: this.messageKey,
          description: this.description,
          additionalInfo: optionalObject(this.additionalInfo, "Additional Info"),
        }),
      },
    ]);
    $.export("$summary", `Sent an event of ${source}`);
    return answer;
  },
});
