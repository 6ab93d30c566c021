import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { fields, format, leaveOutOwnChanges, query, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource((source: SourceThis & CommonProps & { table: string }) => ({
  table: source.table,
  column: "sys_created_on",
}));

export default defineSource({
  key: "servicenow-new-record",
  name: "New Record",
  description:
    "Emit new event when a record is created in a table, once per record, oldest first. For later changes too: **New or Updated Record**. A record that meets the filter only after a later change is found by **New Matching Record**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: { propDefinition: [servicenow, "table"] },
    query,
    fields,
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
