import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { listSummary } from "../common/lists";
import { readNotes } from "../common/notes";

export default defineAction({
  key: "servicenow-list-case-activities",
  name: "List Case Activities",
  description:
    "Returns the comments and work notes of a customer service case, newest first, each with author, time (UTC) and text. Example: `case` = `CS0001005`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=case-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    case: { propDefinition: [servicenow, "case"] },
    maximum: { propDefinition: [servicenow, "maximum"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const found = await resolveRecord(client, "sn_customerservice_case", this.case, "Case");
    const notes = await readNotes(client, found, undefined, atMost(this.maximum, 100));
    $.export("$summary", listSummary(notes, "entry", found.number));
    return notes.rows;
  },
});
