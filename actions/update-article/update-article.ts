import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { updateRecord, given, somethingToWrite } from "../common/write";
import { recordName } from "../common/text";
import { ARTICLE_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-update-article",
  name: "Update Article",
  description:
    "Changes title, body or other fields of a knowledge article; what is not given stays. Some bases keep published articles read-only: then change the draft of a new version. Example: `article` = `KB0010002`, `title` = `Reset a password`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
      description: "The new body as HTML, such as `<p>Open the portal</p>`.",
      optional: true,
    },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const values = somethingToWrite({
      ...given({ short_description: this.title, text: this.text }),
      ...optionalObject(this.otherFields, "Other Fields"),
    });
    const { sys_id: id } = await resolveRecord(client, "kb_knowledge", this.article, "Article");
    const record = await updateRecord(client, id, {
      table: "kb_knowledge",
      values,
      props: this,
      telling: ARTICLE_FIELDS,
    });
    $.export("$summary", `Updated article ${recordName(record, id)}`);
    return record;
  },
});
