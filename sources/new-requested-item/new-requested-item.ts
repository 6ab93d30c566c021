import servicenow from "../../apps/servicenow.app";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import { defineSource } from "../../components";
import { refersTo, taskClauses, type TaskFilters } from "../common/clauses";
import { assignedTo, assignmentGroup, references } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource(
  (
    source: SourceThis &
      CommonProps &
      TaskFilters & { catalogItem?: string[] | undefined; requestedFor?: string[] | undefined },
  ) => ({
    table: "sc_req_item",
    column: "sys_created_on",
    clauses: [
      ...taskClauses(source),
      ...refersTo("cat_item", source.catalogItem, { table: "sc_cat_item", label: "Catalog Item" }),
      ...refersTo("request.requested_for", source.requestedFor, {
        table: "sys_user",
        label: "Requested For",
      }),
    ],
  }),
);

export default defineSource({
  key: "servicenow-new-requested-item",
  name: "New Requested Item",
  description:
    "Emit new event when an item is ordered from the service catalog, optionally only some catalog items, groups or people. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    catalogItem: references("sc_cat_item", "Catalog Item", "of one of these catalog items"),
    requestedFor: references("sys_user", "Requested For", "ordered for one of these people", {
      where: ACTIVE,
    }),
    assignmentGroup,
    assignedTo,
    query: queryOn("sc_req_item"),
    fields: fieldsOn("sc_req_item"),
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
