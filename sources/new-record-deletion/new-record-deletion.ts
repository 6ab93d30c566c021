import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { Deletions } from "../common/deletions";
import { leaveOutOwnChanges, timer } from "../common/props";
import { startDate, startFrom } from "../common/start-from";
import { requiredTable } from "../common/table";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const deletionsOf = (source: SourceThis & CommonProps & { table: string }) =>
  new Deletions(source, requiredTable(source.table));

export default defineSource({
  key: "servicenow-new-record-deletion",
  name: "New Record Deletion",
  description:
    "Emit new event when a record of a table, or of a table that extends it, is deleted, with its `sys_id`, its display name, who deleted it and when. Reads the deletions that ServiceNow records in `sys_audit_delete`, which usually needs the role `admin`; deletions of tables that are exempt from this are not seen. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: { propDefinition: [servicenow, "table"] },
    startFrom,
    startDate,
    leaveOutOwnChanges: {
      ...leaveOutOwnChanges,
      label: "Leave Out My Own Changes",
      description:
        "Leave out deletions that the connected account made, so that a workflow does not answer itself.",
    },
  },
  hooks: {
    async deploy() {
      await deletionsOf(this).deploy();
    },
    async activate() {
      await deletionsOf(this).activate();
    },
  },
  async run() {
    await deletionsOf(this).run();
  },
  sampleEmit,
});
