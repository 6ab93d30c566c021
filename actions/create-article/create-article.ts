import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject, requiredText } from "../common/input";
import { resolveReference } from "../common/resolve";
import { createRecord } from "../common/write";
import { recordName } from "../common/text";
import { ARTICLE_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-create-article",
  name: "Create Article",
  description:
    "Creates a knowledge article as a draft. Make it visible with **Publish Article**, add files with **Upload Attachment** (table `kb_knowledge`). Example: `knowledgeBase` = `IT`, `title` = `Reset your password`, `text` = `<p>Open the portal …</p>`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    knowledgeBase: { propDefinition: [servicenow, "knowledgeBase"] },
    title: {
      type: "string",
      label: "Title",
      description: "The title of the article, such as `Reset your password`.",
    },
    text: {
      type: "string",
      label: "Text",
      description: "The body as HTML, such as `<p>Open the portal</p>`.",
    },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const values = {
      short_description: requiredText(this.title, "Title"),
      text: requiredText(this.text, "Text"),
      kb_knowledge_base: await resolveReference(
        client,
        "knowledgeBase",
        this.knowledgeBase,
        "Knowledge Base",
      ),
      ...optionalObject(this.otherFields, "Other Fields"),
    };
    const { record } = await createRecord(client, {
      table: "kb_knowledge",
      values,
      props: this,
      telling: ARTICLE_FIELDS,
    });
    $.export("$summary", `Created draft ${recordName(record)}`);
    return record;
  },
});
