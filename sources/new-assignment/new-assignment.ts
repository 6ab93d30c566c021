import servicenow from "../../apps/servicenow.app";
import { optionOf, textList } from "../../apps/servicenow/input";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import { defineSource } from "../../components";
import { GROUPS, namesOf, PEOPLE, refersTo } from "../common/clauses";
import { assignedTo, assignmentGroup, references } from "../common/pickers";
import {
  detection,
  detectionOf,
  fields,
  format,
  leaveOutOwnChanges,
  query,
  taskTable,
  timer,
} from "../common/props";
import { FieldChanges, type Watch } from "../common/field-change";
import { checked } from "../common/checks";
import { makeFilter } from "../common/filter";
import { asFormat } from "../common/payload";
import { requiredTable } from "../common/table";
import { startDate, startFrom } from "../common/start-from";
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

const KINDS = [
  { label: "Person and group", value: "both" },
  { label: "Person", value: "person" },
  { label: "Group", value: "group" },
] as const;

const GROUP = "assignment_group";
const PERSON = "assigned_to";

/** Whoever chooses groups and no people asks for the groups' assignments, not for those of all people beside them. */
const watched = (source: Props): string[] => {
  const kind = optionOf(source.assigneeKind, KINDS, "Assignee");
  if (kind === "person") return [PERSON];
  if (kind === "group") return [GROUP];
  const isAnyOf = (...given: unknown[]) => given.some((one) => namesOf(one).length > 0);
  const groups = isAnyOf(source.assignmentGroup, source.previousGroup);
  const people = isAnyOf(source.assignedTo, source.previousAssignee);
  return [...(people || !groups ? [PERSON] : []), ...(groups || !people ? [GROUP] : [])];
};

/** Names are compared as the instance compares them: capitals and small letters are the same. */
const isChosen = (given: unknown, value: string, shownAs: string) => {
  const chosen = namesOf(given).map((name) => name.toLowerCase());
  return chosen.length === 0 || [value, shownAs].some((name) => chosen.includes(name.toLowerCase()));
};

const changesOf = (source: Props) => {
  const columns = watched(source);
  const watch: Watch = {
    table: requiredTable(textList(source.table)[0] ?? "incident"),
    columns,
    accepts: ({ column, from, to }, oldLabel, newLabel) => {
      const [chosen, previous] =
        column === PERSON
          ? [source.assignedTo, source.previousAssignee]
          : [source.assignmentGroup, source.previousGroup];
      return to !== "" && isChosen(chosen, to, newLabel) && isChosen(previous, from, oldLabel);
    },
    // Where only people are watched, chosen groups say whose tasks; likewise the other way round.
    filter: makeFilter(source.query, [
      ...(columns.includes(GROUP) ? [] : refersTo(GROUP, source.assignmentGroup, GROUPS)),
      ...(columns.includes(PERSON) ? [] : refersTo(PERSON, source.assignedTo, PEOPLE)),
    ]),
    detection: detectionOf(source.detection),
    fields: textList(source.fields),
    format: asFormat(source.format),
  };
  const required = [
    ...refersTo(GROUP, source.assignmentGroup, GROUPS),
    ...refersTo(GROUP, source.previousGroup, { ...GROUPS, label: "Previous Group" }),
    ...refersTo(PERSON, source.assignedTo, PEOPLE),
    ...refersTo(PERSON, source.previousAssignee, { ...PEOPLE, label: "Previous Assignee" }),
  ];
  return checked(source, { ...watch, required }, new FieldChanges(source, watch));
};

export default defineSource({
  key: "servicenow-new-assignment",
  name: "New Assignment",
  description:
    "Emit new event when a task is assigned to a person or a group, or moves from one to another, optionally only to, or from, some people or groups. A filter is held against the record as it is at the poll: with `active=true` the change that closes a record is not seen. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
      options: KINDS,
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
    startFrom,
    startDate,
    leaveOutOwnChanges,
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
