import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalText, sysId } from "../common/input";
import { knowledge } from "../../common/apis/knowledge/knowledge";
import { attachmentName } from "../common/attachments";
import { saveFile } from "../common/files";

export default defineAction({
  key: "servicenow-get-article-attachment",
  name: "Get Article Attachment",
  description:
    "Saves a file of a knowledge article in `/tmp` and returns its path; the article's own read rules count. Ids come from **Get Article**. Files of other records: **Download Attachment**. Example: `articleSysId` = `1c741bd70b2322007518478d83673af3`, `attachmentSysId` = `2d741bd70b2322007518478d83673af3`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=knowledge-api.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    articleSysId: {
      type: "string",
      label: "Article",
      description: "The `sys_id` of the article.",
    },
    attachmentSysId: {
      type: "string",
      label: "Attachment",
      description: "The `sys_id` of the attachment.",
    },
    fileName: { propDefinition: [servicenow, "fileName"] },
    syncDir: { type: "dir", accessMode: "write", sync: true, optional: true },
  },
  async run({ $ }) {
    const article = sysId(this.articleSysId, "Article");
    const attachment = sysId(this.attachmentSysId, "Attachment");
    const client = this.servicenow.client($);
    const file = await knowledge(client).attachment(article, attachment);
    const fileName = optionalText(this.fileName, "File Name") ?? (await attachmentName(client, attachment));
    const saved = await saveFile(file, fileName ?? file.name);
    $.export("$summary", `Saved the attachment as ${saved.path}`);
    return { ...saved, filePath: saved.path };
  },
});
