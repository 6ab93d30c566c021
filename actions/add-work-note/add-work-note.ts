import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { isTrue, requiredText } from "../common/input";
import { addNote } from "../common/notes";
import { report } from "../common/report";
import { markdownToJournal } from "../common/rich-text";

export default defineAction({
  key: "servicenow-add-work-note",
  name: "Add Work Note",
  description:
    "Adds a work note to a task of any kind: incident, problem, change, request item, case. It is seen by the people who work on the record; for the other kind use **Add Comment**. Nothing is sent twice when an answer is lost. Example: `task` = `INC0010023`, `workNote` = `Called back, no answer`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"], reloadProps: true },
    workNote: { propDefinition: [servicenow, "workNote"], optional: false },
    asMarkdown: {
      type: "boolean",
      label: "As Markdown",
      description:
        "**Work Note** is Markdown, which the journal shows formatted (as HTML between `[code]` marks).",
      optional: true,
    },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: {
      propDefinition: [servicenow, "fieldNames", ({ task }) => ({ table: "task", record: task })],
    },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "task", this.fieldNames, { record: this.task });
  },
  async run({ $ }) {
    const given = requiredText(this.workNote, "Work Note");
    const text = isTrue(this.asMarkdown) ? markdownToJournal(given) : given;
    const { task, warnings } = await addNote(this.servicenow.client($), this, {
      work_notes: ["Work Note", text],
    });
    report($, `Added a work note to ${task.number}`, warnings);
    return task;
  },
});
