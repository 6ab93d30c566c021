import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";
import { createFromProps } from "../common/record-steps";
import { articleBody, TEXT_FORMATS } from "../common/article-body";
import { report } from "../common/report";
import { resolveReference } from "../common/resolve";
import { ARTICLE_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-create-article",
  name: "Create Article",
  description:
    "Creates a knowledge article as a draft. Make it visible with **Publish Article**, add files with **Upload Attachment** (table `kb_knowledge`). Example: `knowledgeBase` = `IT`, `title` = `Reset your password`, `text` = `<p>Open the portal …</p>`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
      description: "The body as HTML, such as `<p>Open the portal</p>`, or as Markdown with **Text Format**.",
    },
    textFormat: {
      type: "string",
      label: "Text Format",
      description:
        "What **Text** is written in: HTML, or Markdown (with tables), which is stored as HTML. HTML if empty.",
      optional: true,
      options: TEXT_FORMATS,
    },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "kb_knowledge" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "kb_knowledge" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "kb_knowledge", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const values = {
      short_description: requiredText(this.title, "Title", "Reset your password"),
      text: articleBody(requiredText(this.text, "Text", "<p>Open the portal</p>"), this.textFormat),
      kb_knowledge_base: await resolveReference(
        client,
        "knowledgeBase",
        this.knowledgeBase,
        "Knowledge Base",
      ),
    };
    const { record, summary, warnings } = await createFromProps(client, this, {
      table: "kb_knowledge",
      recordType: "draft",
      summaryFields: ARTICLE_FIELDS,
      values,
    });
    report($, summary, warnings);
    return record;
  },
});
