import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalText, sysId } from "../common/input";
import { attachments } from "../../common/apis/attachment/attachment";
import { saveFile } from "../common/files";

export default defineAction({
  key: "servicenow-download-attachment",
  name: "Download Attachment",
  description:
    "Saves an attachment in `/tmp`, as a stream whatever its size, and returns its path: the attachment's own name, made longer where another file has it, or **File Name**, which takes the place of an older file. Ids come from **List Attachments**. Files of articles under their read rules: **Get Article Attachment**. Example: `attachment` = `1c741bd70b2322007518478d83673af3`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_AttachmentAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    attachment: { propDefinition: [servicenow, "attachment"] },
    fileName: { propDefinition: [servicenow, "fileName"] },
    syncDir: { type: "dir", accessMode: "write", sync: true, optional: true },
  },
  async run({ $ }) {
    const file = await attachments(this.servicenow.client($)).stream(sysId(this.attachment, "Attachment"));
    const saved = await saveFile(file, optionalText(this.fileName, "File Name"));
    $.export("$summary", `Saved ${saved.path} (${saved.size.toLocaleString("en-US")} bytes)`);
    return saved;
  },
});
