import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { moveArticle } from "../common/knowledge";
import { report } from "../common/report";

export default defineAction({
  key: "servicenow-retire-article",
  name: "Retire Article",
  description:
    "Retires a knowledge article, so that nobody finds it any more. A base with an approval workflow may ask for a decision first, and the summary says so. The opposite is **Publish Article**. Example: `article` = `KB0010002`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    const { record, summary, warnings } = await moveArticle(this.servicenow.client($), this, "retired");
    report($, summary, warnings);
    return record;
  },
});
