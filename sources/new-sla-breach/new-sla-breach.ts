import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { checked } from "../common/checks";
import { makeFilter } from "../common/filter";
import { slaClauses } from "../common/sla";
import { SlaBreaches } from "../common/sla-breaches";
import { fieldsOn, format, queryOn, timer } from "../common/props";
import { references } from "../common/pickers";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

interface Props extends SourceThis, CommonProps {
  warnMinutes?: number | undefined;
  sla?: string[] | undefined;
  taskTable?: string | undefined;
}

const breachesOf = (source: Props) => {
  const filter = makeFilter(source.query, slaClauses(source));
  return checked(source, { table: "task_sla", filter }, new SlaBreaches(source));
};

export default defineSource({
  key: "servicenow-new-sla-breach",
  name: "New SLA Breach",
  description:
    "Emit new event when a service level agreement of a task is breached, or some minutes before that, once per agreement of a task. With **Warn Before** use a schedule that is shorter than the minutes. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    warnMinutes: {
      type: "integer",
      label: "Warn Before",
      description:
        "Emit when the agreement will be breached within this many minutes, instead of when it has been. Leave empty for breaches.",
      optional: true,
      min: 1,
      max: 10080,
    },
    sla: references("contract_sla", "SLA", "of one of these agreements"),
    taskTable: {
      type: "string",
      label: "Task Type",
      description:
        "Only tasks of exactly this table, such as `incident`; tables that extend it do not count. All if empty.",
      optional: true,
    },
    query: queryOn("task_sla"),
    fields: fieldsOn("task_sla"),
    format,
    startFrom,
    startDate,
  },
  hooks: {
    async deploy() {
      await breachesOf(this).deploy();
    },
    async activate() {
      await breachesOf(this).activate();
    },
  },
  async run() {
    await breachesOf(this).run();
  },
  sampleEmit,
});
