import { textList } from "../../apps/servicenow/input";
import { checked } from "./checks";
import { isChoice, taskClauses, type TaskFilters } from "./clauses";
import { FieldChanges, type Watch } from "./field-change";
import { makeFilter } from "./filter";
import { asFormat } from "./payload";
import { detectionOf } from "./props";
import { requiredTable } from "./table";
import type { CommonProps, SourceThis } from "./this";

interface StateChangeProps extends SourceThis, CommonProps {
  table?: string | undefined;
  fromStates?: string[] | undefined;
  toStates?: string[] | undefined;
  assignmentGroup?: TaskFilters["assignmentGroup"];
  assignedTo?: TaskFilters["assignedTo"];
  detection?: string | undefined;
}

/** The changes of a task's state that the source asks for. */
export const stateChanges = (source: StateChangeProps) => {
  const watch: Watch = {
    table: requiredTable(textList(source.table)[0] ?? "incident"),
    columns: ["state"],
    from: textList(source.fromStates),
    to: textList(source.toStates),
    filter: makeFilter(
      source.query,
      taskClauses({ assignmentGroup: source.assignmentGroup, assignedTo: source.assignedTo }),
    ),
    detection: detectionOf(source.detection),
    fields: textList(source.fields),
    format: asFormat(source.format),
  };
  const required = [
    ...isChoice("state", source.fromStates, "From States"),
    ...isChoice("state", source.toStates, "To States"),
  ];
  return checked(source, { ...watch, required }, new FieldChanges(source, watch));
};
