import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { refersTo, taskClauses, type TaskFilters } from "../common/clauses";
import { assignedTo, assignmentGroup, references } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource(
  (source: SourceThis & CommonProps & TaskFilters & { catalogItem?: string[] | undefined }) => ({
    table: "sc_task",
    column: "sys_created_on",
    clauses: [
      ...taskClauses(source),
      ...refersTo("request_item.cat_item", source.catalogItem, {
        table: "sc_cat_item",
        label: "Catalog Item",
      }),
    ],
  }),
);

export default defineSource({
  key: "servicenow-new-catalog-task",
  name: "New Catalog Task",
  description:
    "Emit new event when a task that fulfils a catalog item is created, optionally only those of some catalog items, groups or people. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    catalogItem: references("sc_cat_item", "Catalog Item", "that fulfil one of these catalog items"),
    assignmentGroup,
    assignedTo,
    query: queryOn("sc_task"),
    fields: fieldsOn("sc_task"),
    format,
    startFrom,
    startDate,
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await records.deploy(this);
    },
    async activate() {
      await records.activate(this);
    },
  },
  async run() {
    await records.run(this);
  },
  sampleEmit,
});
