import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveRecord } from "../common/resolve";
import { updateRecord } from "../common/write";
import { fieldText } from "../common/text";
import { ARTICLE_FIELDS } from "../common/results";
import { withState } from "../common/knowledge";

export default defineAction({
  key: "servicenow-retire-article",
  name: "Retire Article",
  description:
    "Retires a knowledge article, so that nobody finds it any more. A base with an approval workflow may ask for a decision first, and the summary says so. The opposite is **Publish Article**. Example: `article` = `KB0010002`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    article: { propDefinition: [servicenow, "article"] },
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { sys_id: id, number } = await resolveRecord(client, "kb_knowledge", this.article, "Article");
    const record = await updateRecord(client, id, {
      table: "kb_knowledge",
      values: { workflow_state: "retired" },
      props: { ...this, resultFields: withState(this.resultFields) },
      telling: ARTICLE_FIELDS,
    });
    const state = fieldText(record.workflow_state);
    $.export(
      "$summary",
      /^retired$/i.test(state)
        ? `Retired article ${number}`
        : `Article ${number} is now in state "${state}": its knowledge base has a workflow for this`,
    );
    return record;
  },
});
