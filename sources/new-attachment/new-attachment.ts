import servicenow from "../../apps/servicenow.app";
import { isTrue, optionalSysId, wholeNumber } from "../../apps/servicenow/input";
import { defineSource } from "../../components";
import { cell } from "../../common/change-feed";
import { isTable } from "../common/clauses";
import { downloadAttachment, finalReason } from "../common/download";
import { isOneOf } from "../common/filter";
import type { Row } from "../common/payload";
import { format, leaveOutOwnChanges, query, tableChoices, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

interface Props extends SourceThis, CommonProps {
  recordTable?: string | undefined;
  recordSysId?: string | undefined;
  contentTypes?: string[] | undefined;
  download?: boolean | undefined;
  largestDownload?: number | undefined;
}

const MEGABYTE = 1024 * 1024;

const FIELDS = [
  "sys_id",
  "file_name",
  "content_type",
  "size_bytes",
  "table_name",
  "table_sys_id",
  "hash",
  "state",
  "sys_created_by",
  "sys_created_on",
];

/** Saves the file. One that cannot be had must not keep the others from coming. */
async function fileOf(source: Props, sysId: string, row: Row) {
  const size = Number(cell(row, "size_bytes"));
  const limit = wholeNumber(source.largestDownload, 25, "Largest File") * MEGABYTE;
  const skipped = (reason: string) => ({ file_path: null, file_skipped: reason });
  if (size > limit) return skipped(`The file has ${size} bytes, more than the limit of ${limit}.`);
  try {
    return { file_path: await downloadAttachment(source.servicenow.client(), sysId, cell(row, "file_name")) };
  } catch (error) {
    const reason = finalReason(error);
    if (reason === undefined) throw error;
    return skipped(reason);
  }
}

const records = recordSource((source: Props) => ({
  table: "sys_attachment",
  column: "sys_created_on",
  clauses: [
    ...isTable("table_name", source.recordTable, "Record Table"),
    ...isOneOf("table_sys_id", optionalSysId(source.recordSysId, "Record ID")),
    ...isOneOf("content_type", source.contentTypes),
  ],
  defaultFields: FIELDS,
  slow: isTrue(source.download),
  summary: (row) => `${cell(row, "file_name")} on a record of ${cell(row, "table_name")}`,
  more: async ({ row, sysId }) => {
    if (!isTrue(source.download)) return {};
    return fileOf(source, sysId, row);
  },
}));

export default defineSource({
  key: "servicenow-new-attachment",
  name: "New Attachment",
  description:
    "Emit new event when a file is attached to a record, with name, type, size and the record it belongs to, for one record, one table or all. Optionally the file itself is saved below `/tmp` and the event has its path. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_AttachmentAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    recordTable: {
      type: "string",
      label: "Record Table",
      description:
        "Only files attached to records of exactly this table, such as `incident`; tables that extend it do not count. All if empty.",
      optional: true,
      useQuery: true,
      options: tableChoices,
    },
    recordSysId: {
      type: "string",
      label: "Record ID",
      description: "Only files attached to the record with this `sys_id`. All if empty.",
      optional: true,
    },
    contentTypes: {
      type: "string[]",
      label: "Content Types",
      description: "Only files of these types, such as `application/pdf`. All if empty.",
      optional: true,
    },
    download: {
      type: "boolean",
      label: "Save File",
      description: "Save the file below `/tmp` while the event is made; `file_path` of the event says where.",
      optional: true,
      default: false,
    },
    largestDownload: {
      type: "integer",
      label: "Largest File",
      description: "Files with more megabytes than this are not saved; the event says so.",
      optional: true,
      default: 25,
      min: 1,
      max: 1024,
    },
    query,
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
