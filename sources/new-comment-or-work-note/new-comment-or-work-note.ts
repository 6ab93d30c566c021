import servicenow from "../../apps/servicenow.app";
import { optionalSysId, optionOf, textList } from "../../apps/servicenow/input";
import { defineSource } from "../../components";
import { checked } from "../common/checks";
import { Comments, type CommentWatch } from "../common/comments";
import { makeFilter } from "../common/filter";
import { asFormat } from "../common/payload";
import { fields, format, leaveOutOwnChanges, query, timer } from "../common/props";
import { requiredTable } from "../common/table";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

interface Props extends SourceThis, CommonProps {
  table: string;
  recordId?: string | undefined;
  kind?: string | undefined;
}

const KINDS = [
  { label: "Comments and work notes", value: "both" },
  { label: "Comments", value: "comments" },
  { label: "Work notes", value: "work_notes" },
] as const;

const kindsOf = (given: string | undefined) => {
  const kind = optionOf(given, KINDS, "Kind") ?? "both";
  return kind === "both" ? ["comments", "work_notes"] : [kind];
};

const commentsOf = (source: Props) => {
  const watch: CommentWatch = {
    table: requiredTable(source.table),
    filter: makeFilter(source.query),
    recordId: optionalSysId(source.recordId, "Record ID"),
    kinds: kindsOf(source.kind),
    fields: textList(source.fields),
    format: asFormat(source.format),
  };
  return checked(source, watch, new Comments(source, watch));
};

export default defineSource({
  key: "servicenow-new-comment-or-work-note",
  name: "New Comment or Work Note",
  description:
    "Emit new event when somebody writes a comment or a work note on one record, on the records that meet a query, or on any record of a table, with author, time, type, text and the record. A filter is held against the record as it is at the poll. Where the account may not read the journal (`sys_journal_field`), entries are taken from the text that the record shows, and the log says so. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await commentsOf(this).deploy();
    },
    async activate() {
      await commentsOf(this).activate();
    },
  },
  async run() {
    await commentsOf(this).run();
  },
  sampleEmit,
});
