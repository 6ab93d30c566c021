import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { commentSource, KINDS } from "../common/comment-source";
import { fields, format, leaveOutOwnChanges, query, timer } from "../common/props";
import { startDate, startFrom } from "../common/start-from";
import sampleEmit from "./test-event";

export default defineSource({
  key: "servicenow-new-comment-or-work-note",
  name: "New Comment or Work Note",
  description:
    "Emit new event when somebody writes a comment or a work note on one record, on the records that meet a query, or on any record of a table, with author, time, type, text and the record. `text` is as it was written, formatted entries with HTML between `[code]` marks; `markdown` is the same to read. A filter is held against the record as it is at the poll. Where the account may not read the journal (`sys_journal_field`), entries are taken from the text that the record shows, and the log says so. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: { propDefinition: [servicenow, "table"] },
    recordId: {
      propDefinition: [servicenow, "recordId", ({ table }) => ({ table })],
      description: "Only entries of this record, by its `sys_id`. All records of the table if empty.",
      optional: true,
    },
    kind: {
      type: "string",
      label: "Kind",
      description: "Additional comments, which the caller sees, work notes, or both.",
      optional: true,
      default: "both",
      options: KINDS,
    },
    query,
    fields,
    format,
    startFrom,
    startDate,
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await commentSource.deploy(this);
    },
    async activate() {
      await commentSource.activate(this);
    },
  },
  async run() {
    await commentSource.run(this);
  },
  sampleEmit,
});
