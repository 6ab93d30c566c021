import { optionOf, textList } from "../../apps/servicenow/input";
import { checked } from "./checks";
import { GROUPS, namesOf, PEOPLE, refersTo } from "./clauses";
import { FieldChanges, type Watch } from "./field-change";
import { makeFilter } from "./filter";
import { asFormat } from "./payload";
import { detectionOf } from "./props";
import { requiredTable } from "./table";
import type { CommonProps, SourceThis } from "./this";

interface AssignmentProps extends SourceThis, CommonProps {
  table?: string | undefined;
  assigneeKind?: string | undefined;
  assignmentGroup?: string[] | undefined;
  assignedTo?: string[] | undefined;
  previousGroup?: string[] | undefined;
  previousAssignee?: string[] | undefined;
  detection?: string | undefined;
}

export const ASSIGNEE_KINDS = [
  { label: "Person and group", value: "both" },
  { label: "Person", value: "person" },
  { label: "Group", value: "group" },
] as const;

const GROUP = "assignment_group";
const PERSON = "assigned_to";

/** Whoever chooses groups and no people asks for the groups' assignments, not for those of all people beside them. */
const watched = (source: AssignmentProps): string[] => {
  const kind = optionOf(source.assigneeKind, ASSIGNEE_KINDS, "Assignee");
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

/** The changes of the assigned person or group that the source asks for. */
export const assignments = (source: AssignmentProps) => {
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
