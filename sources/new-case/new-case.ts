import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { refersTo, taskClauses, type TaskFilters } from "../common/clauses";
import { assignedTo, assignmentGroup, choices, references } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource(
  (
    source: SourceThis &
      CommonProps &
      TaskFilters & { account?: string[] | undefined; contact?: string[] | undefined },
  ) => ({
    table: "sn_customerservice_case",
    column: "sys_created_on",
    clauses: [
      ...taskClauses(source),
      ...refersTo("account", source.account, { table: "customer_account", label: "Account" }),
      ...refersTo("contact", source.contact, { table: "customer_contact", label: "Contact" }),
    ],
  }),
);

export default defineSource({
  key: "servicenow-new-case",
  name: "New Case",
  description:
    "Emit new event when a customer service case is created, optionally only those of some priorities, states, accounts, contacts, groups or people. Needs the Customer Service Management plugin. A record that meets the filter only after a later change is found by **New Matching Record**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    priority: choices("sn_customerservice_case", "priority", "Priority", "`1` for critical"),
    state: choices("sn_customerservice_case", "state", "State", "`1` for new"),
    account: references("customer_account", "Account", "of one of these accounts"),
    contact: references("customer_contact", "Contact", "of one of these contacts"),
    assignmentGroup,
    assignedTo,
    query: queryOn("sn_customerservice_case"),
    fields: fieldsOn("sn_customerservice_case"),
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
