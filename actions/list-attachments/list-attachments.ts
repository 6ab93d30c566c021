import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { attachmentFacts } from "../common/attachments";
import { atMost, optionalText, requiredText } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { listSummary } from "../common/lists";
import { attachments } from "../../common/apis/attachment/attachment";

export default defineAction({
  key: "servicenow-list-attachments",
  name: "List Attachments",
  description:
    "Returns the files of a record, or of a whole table, with name, size and type. Get one with **Download Attachment**. Example: `table` = `incident`, `record` = `INC0010023`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_AttachmentAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    record: { propDefinition: [servicenow, "record", ({ table }) => ({ table })], optional: true },
    maximum: { propDefinition: [servicenow, "maximum"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const about = optionalText(this.record, "Record");
    const record = about ? await resolveRecord(client, table, about, "Record") : undefined;
    const list = await attachments(client).list({
      max: atMost(this.maximum, 100),
      ...(record ? { table: record.table, record: record.sys_id } : { table }),
    });
    $.export(
      "$summary",
      listSummary(list, "attachment", record ? record.number || record.sys_id : `table ${table}`),
    );
    return list.rows.map(attachmentFacts);
  },
});
