import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { assignedTo, assignmentGroup } from "../common/pickers";
import { detection, fields, format, query, taskTable, timer } from "../common/props";
import { FieldChanges } from "../common/field-change";
import { makeFilter } from "../common/filter";
import { asFormat } from "../common/payload";
import { requiredTable } from "../common/table";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

interface Props extends SourceThis, CommonProps {
  table?: string | undefined;
  assigneeKind?: string | undefined;
  assignmentGroup?: string[] | undefined;
  assignedTo?: string[] | undefined;
  detection?: string | undefined;
}

const watched = (kind: string | undefined) => {
  if (kind === "person") return ["assigned_to"];
  return kind === "group" ? ["assignment_group"] : ["assigned_to", "assignment_group"];
};

const changesOf = (source: Props) =>
  new FieldChanges(source, {
    table: requiredTable(source.table ?? "incident"),
    columns: watched(source.assigneeKind),
    wantedValue: (column, value, shownAs) => {
      const chosen = column === "assigned_to" ? source.assignedTo : source.assignmentGroup;
      return value !== "" && (!chosen?.length || chosen.includes(value) || chosen.includes(shownAs));
    },
    filter: makeFilter(source.query),
    detection: source.detection,
    fields: source.fields,
    format: asFormat(source.format),
  });

export default defineSource({
  key: "servicenow-new-assignment",
  name: "New Assignment",
  description:
    "Emit new event when a task is assigned to a person or a group, or moves from one to another, optionally only to some people or groups. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: taskTable,
    assigneeKind: {
      type: "string",
      label: "Assignee",
      description: "Watch the person, the group, or both.",
      optional: true,
      default: "both",
      options: [
        { label: "Person and group", value: "both" },
        { label: "Person", value: "person" },
        { label: "Group", value: "group" },
      ],
    },
    assignmentGroup,
    assignedTo,
    detection,
    query,
    fields,
    format,
  },
  hooks: {
    async deploy() {
      await changesOf(this).deploy();
    },
    async activate() {
      await changesOf(this).activate();
    },
  },
  async run() {
    await changesOf(this).run();
  },
  sampleEmit,
});
