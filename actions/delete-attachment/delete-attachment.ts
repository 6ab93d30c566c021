import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { sysId } from "../common/input";
import { attachments } from "../../common/apis/attachment/attachment";

export default defineAction({
  key: "servicenow-delete-attachment",
  name: "Delete Attachment",
  description:
    "Deletes an attachment for good. Ids come from **List Attachments**. Example: `attachment` = `1c741bd70b2322007518478d83673af3`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_AttachmentAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    attachment: { propDefinition: [servicenow, "attachment"] },
  },
  async run({ $ }) {
    const files = attachments(this.servicenow.client($));
    const id = sysId(this.attachment, "Attachment");
    const { file_name: name } = await files.get(id);
    await files.delete(id);
    $.export("$summary", `Deleted attachment ${name}`);
    return { success: true, sys_id: id, file_name: name };
  },
});
