import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { assignedTo, assignmentGroup } from "../common/pickers";
import {
  detection,
  fields,
  format,
  leaveOutOwnChanges,
  query,
  stateChoices,
  taskTable,
  timer,
} from "../common/props";
import { startDate, startFrom } from "../common/start-from";
import { stateChanges } from "../common/state-changes";
import sampleEmit from "./test-event";

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
      await stateChanges(this).deploy();
    },
    async activate() {
      await stateChanges(this).activate();
    },
  },
  async run() {
    await stateChanges(this).run();
  },
  sampleEmit,
});
