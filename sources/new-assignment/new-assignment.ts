import servicenow from "../../apps/servicenow.app";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import { defineSource } from "../../components";
import { refersTo } from "../common/clauses";
import { assignedTo, assignmentGroup, references } from "../common/pickers";
import { detection, fields, format, query, taskTable, timer } from "../common/props";
import { FieldChanges, type Watch } from "../common/field-change";
import { checked } from "../common/checks";
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
  previousGroup?: string[] | undefined;
  previousAssignee?: string[] | undefined;
  detection?: string | undefined;
}

const GROUP = "assignment_group";
const PERSON = "assigned_to";

/** Whoever chooses groups and no people asks for the groups' assignments, not for those of all people beside them. */
const watched = (source: Props): string[] => {
  if (source.assigneeKind === "person") return [PERSON];
  if (source.assigneeKind === "group") return [GROUP];
  const groups = source.assignmentGroup?.length || source.previousGroup?.length;
  const people = source.assignedTo?.length || source.previousAssignee?.length;
  return [...(people || !groups ? [PERSON] : []), ...(groups || !people ? [GROUP] : [])];
};

const isChosen = (chosen: string[] | undefined, value: string, shownAs: string) =>
  !chosen?.length || chosen.includes(value) || chosen.includes(shownAs);

const changesOf = (source: Props) => {
  const columns = watched(source);
  const watch: Watch = {
    table: requiredTable(source.table ?? "incident"),
    columns,
    wantedChange: ({ column, from, to }, oldLabel, newLabel) => {
      const [chosen, previous] =
        column === PERSON
          ? [source.assignedTo, source.previousAssignee]
          : [source.assignmentGroup, source.previousGroup];
      return to !== "" && isChosen(chosen, to, newLabel) && isChosen(previous, from, oldLabel);
    },
    // Where only people are watched, chosen groups say whose tasks; likewise the other way round.
    filter: makeFilter(source.query, [
      ...(columns.includes(GROUP) ? [] : refersTo(GROUP, source.assignmentGroup)),
      ...(columns.includes(PERSON) ? [] : refersTo(PERSON, source.assignedTo)),
    ]),
    detection: source.detection,
    fields: source.fields,
    format: asFormat(source.format),
  };
  return checked(source, watch, new FieldChanges(source, watch));
};

export default defineSource({
  key: "servicenow-new-assignment",
  name: "New Assignment",
  description:
    "Emit new event when a task is assigned to a person or a group, or moves from one to another, optionally only to, or from, some people or groups. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
      description:
        "Watch the person, the group, or both. Both, with only groups or only people chosen below, is as good as the one that is chosen.",
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
    previousGroup: references("sys_user_group", "Previous Group", "that move away from one of these groups", {
      where: ACTIVE,
    }),
    previousAssignee: references("sys_user", "Previous Assignee", "that move away from one of these people"),
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
