import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { updateFromProps } from "../common/record-steps";
import { articleBody, TEXT_FORMATS } from "../common/article-body";
import { report } from "../common/report";
import { resolveRecord } from "../common/resolve";
import { ARTICLE_FIELDS } from "../common/results";
import { given } from "../common/given-values";

export default defineAction({
  key: "servicenow-update-article",
  name: "Update Article",
  description:
    "Changes title, body or other fields of a knowledge article; what is not given stays. Some bases keep published articles read-only: then change the draft of a new version. Example: `article` = `KB0010002`, `title` = `Reset a password`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    article: { propDefinition: [servicenow, "article"] },
    title: {
      type: "string",
      label: "Title",
      description: "The new title.",
      optional: true,
    },
    text: {
      type: "string",
      label: "Text",
      description:
        "The new body as HTML, such as `<p>Open the portal</p>`, or as Markdown with **Text Format**.",
      optional: true,
    },
    textFormat: {
      type: "string",
      label: "Text Format",
      description:
        "What **Text** is written in: HTML, or Markdown (with tables), which is stored as HTML. HTML if empty.",
      optional: true,
      options: TEXT_FORMATS,
    },
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
    const { sys_id: id } = await resolveRecord(client, "kb_knowledge", this.article, "Article");
    const { record, summary, warnings } = await updateFromProps(client, id, this, {
      table: "kb_knowledge",
      recordType: "article",
      summaryFields: ARTICLE_FIELDS,
      values: given({ short_description: this.title, text: articleBody(this.text, this.textFormat) }),
    });
    report($, summary, warnings);
    return record;
  },
});
