import { isTrue, optionalSysId, wholeNumber } from "../../apps/servicenow/input";
import { cell } from "../../common/change-feed";
import { isTable } from "./clauses";
import { downloadAttachment, finalReason } from "./download";
import { isOneOf } from "./filter";
import type { Row } from "./payload";
import { recordSource } from "./record-source";
import type { CommonProps, SourceThis } from "./this";

interface AttachmentProps extends SourceThis, CommonProps {
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
async function fileOf(source: AttachmentProps, sysId: string, row: Row) {
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

/** New attachments, with the file itself where the source saves files. */
export const attachedFiles = recordSource((source: AttachmentProps) => ({
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
