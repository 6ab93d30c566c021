import servicenow from "../../apps/servicenow.app";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import { defineSource } from "../../components";
import { ASSIGNEE_KINDS, assignments } from "../common/assignments";
import { assignedTo, assignmentGroup, references } from "../common/pickers";
import { detection, fields, format, leaveOutOwnChanges, query, taskTable, timer } from "../common/props";
import { startDate, startFrom } from "../common/start-from";
import sampleEmit from "./test-event";

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
      options: ASSIGNEE_KINDS,
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
      await assignments(this).deploy();
    },
    async activate() {
      await assignments(this).activate();
    },
  },
  async run() {
    await assignments(this).run();
  },
  sampleEmit,
});
