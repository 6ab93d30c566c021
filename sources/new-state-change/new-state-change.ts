import servicenow from "../../apps/servicenow.app";
import { textList } from "../../apps/servicenow/input";
import { defineSource } from "../../components";
import { isChoice, taskClauses, type TaskFilters } from "../common/clauses";
import { assignedTo, assignmentGroup } from "../common/pickers";
import {
  detection,
  detectionOf,
  fields,
  format,
  leaveOutOwnChanges,
  query,
  stateChoices,
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
  fromStates?: string[] | undefined;
  toStates?: string[] | undefined;
  assignmentGroup?: TaskFilters["assignmentGroup"];
  assignedTo?: TaskFilters["assignedTo"];
  detection?: string | undefined;
}

const changesOf = (source: Props) => {
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

export default defineSource({
  key: "servicenow-new-state-change",
  name: "New State Change",
  description:
    "Emit new event when the state of a task changes, such as an incident that is resolved or a change that is approved, optionally only from or to some states, for some groups or people. A filter is held against the record as it is at the poll: with `active=true` the change that closes a record is not seen. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: taskTable,
    fromStates: {
      type: "string[]",
      label: "From States",
      description:
        "Only changes away from one of these states, as stored, such as `1` for new. Any if empty.",
      optional: true,
      options: stateChoices,
    },
    toStates: {
      type: "string[]",
      label: "To States",
      description: "Only changes to one of these states, as stored, such as `6` for resolved. Any if empty.",
      optional: true,
      options: stateChoices,
    },
    assignmentGroup,
    assignedTo,
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
