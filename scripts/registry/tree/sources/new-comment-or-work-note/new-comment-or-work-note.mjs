import { commentSource } from "servicenow-components/polling";
import common from "../common/base.mjs";
import sampleEmit from "./test-event.mjs";

export default {
  ...common,
  key: "servicenow-new-comment-or-work-note",
  name: "New Comment or Work Note",
  description: "Emit new event when somebody writes a comment or a work note on one record, on the records that meet a query, or on any record of a table, with author, time, type, text and the record. `text` is as it was written, formatted entries with HTML between `[code]` marks; `markdown` is the same to read. Where the account may not read the journal (`sys_journal_field`), entries are taken from the text that the record shows. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    ...common.props,
    table: {
      propDefinition: [
        common.props.servicenow,
        "table",
      ],
    },
    recordId: {
      type: "string",
      label: "Record ID",
      description: "Only entries of this record, by its `sys_id`. All records of the table if empty.",
      optional: true,
      default: "",
    },
    kind: {
      type: "string",
      label: "Kind",
      description: "Additional comments, which the caller sees, work notes, or both.",
      optional: true,
      default: "both",
      options: [
        {
          label: "Comments and work notes",
          value: "both",
        },
        {
          label: "Comments",
          value: "comments",
        },
        {
          label: "Work notes",
          value: "work_notes",
        },
      ],
    },
  },
  methods: {
    ...common.methods,
    getWatch() {
      return commentSource;
    },
  },
  sampleEmit,
};
