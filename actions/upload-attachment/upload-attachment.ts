import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { attachmentContent, attachmentFacts, upload } from "../common/attachments";

export default defineAction({
  key: "servicenow-upload-attachment",
  name: "Upload Attachment",
  description:
    "Attaches a file to a record: from a URL, from a path below `/tmp`, from text, or from bytes in Base64. Example: `table` = `incident`, `record` = `INC0010023`, `file` = `https://example.com/report.pdf`. See the files of a record with **List Attachments**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_AttachmentAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    record: { propDefinition: [servicenow, "record", ({ table }) => ({ table })] },
    file: {
      type: "string",
      label: "File",
      description: "A URL such as `https://example.com/report.pdf` or a path such as `/tmp/report.pdf`.",
      format: "file-ref",
      optional: true,
    },
    text: {
      type: "string",
      label: "Text",
      description: "The content as text, instead of **File**.",
      optional: true,
    },
    base64: {
      type: "string",
      label: "Base64",
      description: "The content as bytes in Base64, such as `JVBERi0xLjcK`, instead of **File**.",
      optional: true,
    },
    fileName: { propDefinition: [servicenow, "fileName"] },
    contentType: {
      type: "string",
      label: "Content Type",
      description: "The type, such as `application/pdf`. By the ending of the name if empty.",
      optional: true,
    },
    syncDir: { type: "dir", accessMode: "read", sync: true, optional: true },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const content = await attachmentContent(this);
    const { table: own, sys_id: id, number } = await resolveRecord(client, table, this.record, "Record");
    const attachment = await upload(client, { table: own, record: id }, content);
    $.export("$summary", `Attached ${attachment.file_name} to ${number || id}`);
    return attachmentFacts(attachment);
  },
});
