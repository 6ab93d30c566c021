import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { attachedFiles } from "../common/attached-files";
import { format, leaveOutOwnChanges, queryOn, tableChoices, timer } from "../common/props";
import { startDate, startFrom } from "../common/start-from";
import sampleEmit from "./test-event";

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
    query: queryOn("sys_attachment"),
    format,
    startFrom,
    startDate,
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await attachedFiles.deploy(this);
    },
    async activate() {
      await attachedFiles.activate(this);
    },
  },
  async run() {
    await attachedFiles.run(this);
  },
  sampleEmit,
});
