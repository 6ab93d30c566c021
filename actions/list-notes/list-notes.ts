import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveRecord } from "../common/resolve";
import { atMost, isTrue, optionalOneOf } from "../common/input";
import { listSummary } from "../common/lists";
import { readNotes } from "../common/notes";
import { journalToMarkdown } from "../../apps/servicenow/readable-text";

export default defineAction({
  key: "servicenow-list-notes",
  name: "List Notes",
  description:
    "Returns the comments and work notes of a task of any kind, newest first, each with author, time (UTC) and text. Example: `task` = `INC0010023`, `kind` = `work_notes`. To write one use **Add Comment** or **Add Work Note**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"] },
    kind: {
      type: "string",
      label: "Kind",
      description: "`comments`, `work_notes`, or both if empty.",
      optional: true,
      options: [
        { label: "Comments", value: "comments" },
        { label: "Work notes", value: "work_notes" },
      ],
    },
    asMarkdown: {
      type: "boolean",
      label: "As Markdown",
      description: "Give formatted entries, which are HTML between `[code]` marks, as Markdown.",
      optional: true,
    },
    maximum: { propDefinition: [servicenow, "maximum"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const task = await resolveRecord(client, "task", this.task, "Task", ["sys_class_name"]);
    const kind = optionalOneOf(this.kind, ["comments", "work_notes"], "Kind");
    const notes = await readNotes(client, task, kind, atMost(this.maximum, 100));
    $.export("$summary", listSummary(notes, "note", task.number));
    if (!isTrue(this.asMarkdown)) return notes.rows;
    return notes.rows.map((note) => ({ ...note, text: journalToMarkdown(note.text) }));
  },
});
