import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { attachmentFacts } from "../common/attachments";
import { requiredText, sysId } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { attachments } from "../../common/apis/attachment/attachment";

export default defineAction({
  key: "servicenow-copy-attachment",
  name: "Copy Attachment",
  description:
    "Copies an attachment to another record; the original stays. Ids come from **List Attachments**. Example: `attachment` = `1c741bd70b2322007518478d83673af3`, `table` = `problem`, `record` = `PRB0040001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_AttachmentAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    attachment: { propDefinition: [servicenow, "attachment"] },
    table: { propDefinition: [servicenow, "table"] },
    record: { propDefinition: [servicenow, "record", ({ table }) => ({ table })] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = sysId(this.attachment, "Attachment");
    const table = requiredText(this.table, "Table", "problem");
    const record = await resolveRecord(client, table, this.record, "Record");
    const copy = await attachments(client).copy(id, { table: record.table, record: record.sys_id });
    $.export("$summary", `Copied ${copy.file_name} to ${record.number || record.sys_id}`);
    return attachmentFacts(copy);
  },
});
