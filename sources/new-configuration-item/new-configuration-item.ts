import servicenow from "../../apps/servicenow.app";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import { textList } from "../../apps/servicenow/input";
import { defineSource } from "../../components";
import { isChoice, refersTo } from "../common/clauses";
import { choices, references } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, tableChoices, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { requiredTable } from "../common/table";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const classOf = (source: { ciClass?: string | undefined }) =>
  requiredTable(textList(source.ciClass)[0] ?? "cmdb_ci");

const records = recordSource(
  (
    source: SourceThis &
      CommonProps & {
        ciClass?: string | undefined;
        operationalStatus?: string[] | undefined;
        supportGroup?: string[] | undefined;
      },
  ) => ({
    table: classOf(source),
    required: [{ label: "Class", values: [classOf(source)], of: { tables: "cmdb_ci" } }],
    column: "sys_created_on",
    clauses: [
      ...isChoice("operational_status", source.operationalStatus, "Operational Status"),
      ...refersTo("support_group", source.supportGroup, { table: "sys_user_group", label: "Support Group" }),
    ],
  }),
);

export default defineSource({
  key: "servicenow-new-configuration-item",
  name: "New Configuration Item",
  description:
    "Emit new event when a configuration item is created, of any class or of one class and its subclasses, optionally only those of some support groups or operational states. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    ciClass: {
      type: "string",
      label: "Class",
      description:
        "Only configuration items of this class and its subclasses, as the name of its table, such as `cmdb_ci_server`. All if empty.",
      optional: true,
      useQuery: true,
      options: tableChoices,
    },
    operationalStatus: choices("cmdb_ci", "operational_status", "Operational Status", "`1` for operational"),
    supportGroup: references("sys_user_group", "Support Group", "supported by one of these groups", {
      where: ACTIVE,
    }),
    query: queryOn("cmdb_ci"),
    fields: fieldsOn("cmdb_ci"),
    format,
    startFrom,
    startDate,
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await records.deploy(this);
    },
    async activate() {
      await records.activate(this);
    },
  },
  async run() {
    await records.run(this);
  },
  sampleEmit,
});
