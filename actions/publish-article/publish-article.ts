import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { moveArticle } from "../common/knowledge";
import { report } from "../common/report";

export default defineAction({
  key: "servicenow-publish-article",
  name: "Publish Article",
  description:
    "Publishes a knowledge article, so that its readers find it. A base with an approval workflow may send it to review instead, and the summary says so. The opposite is **Retire Article**. Example: `article` = `KB0010002`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    article: { propDefinition: [servicenow, "article"] },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "kb_knowledge" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "kb_knowledge" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "kb_knowledge", this.fieldNames);
  },
  async run({ $ }) {
    const { record, summary, warnings } = await moveArticle(this.servicenow.client($), this, "published");
    report($, summary, warnings);
    return record;
  },
});
