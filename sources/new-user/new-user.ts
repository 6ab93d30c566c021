import servicenow from "../../apps/servicenow.app";
import { isTrue } from "../../apps/servicenow/input";
import { defineSource } from "../../components";
import { refersTo } from "../common/clauses";
import { isOneOf } from "../common/filter";
import { references } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource(
  (
    source: SourceThis &
      CommonProps & {
        department?: string[] | undefined;
        company?: string[] | undefined;
        activeOnly?: boolean | undefined;
      },
  ) => ({
    table: "sys_user",
    column: "sys_created_on",
    clauses: [
      ...refersTo("department", source.department, { table: "cmn_department", label: "Department" }),
      ...refersTo("company", source.company, { table: "core_company", label: "Company" }),
      ...isOneOf("active", isTrue(source.activeOnly) ? "true" : undefined),
    ],
  }),
);

export default defineSource({
  key: "servicenow-new-user",
  name: "New User",
  description:
    "Emit new event when a user is created, optionally only those of some departments or companies, or active ones. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    department: references("cmn_department", "Department", "of one of these departments"),
    company: references("core_company", "Company", "of one of these companies"),
    activeOnly: {
      type: "boolean",
      label: "Active Only",
      description: "Leave out users who are inactive when they are created.",
      optional: true,
    },
    query: queryOn("sys_user"),
    fields: fieldsOn("sys_user"),
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
