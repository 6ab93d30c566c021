import {
  choicesOf,
  recordsOf,
  recordSource,
  refersTo,
  taskClauses,
} from "servicenow-components/polling";
import common from "../common/base.mjs";
import sampleEmit from "./test-event.mjs";

const incidents = recordSource((source) => ({
  table: "incident",
  column: "sys_created_on",
  clauses: [
    ...taskClauses(source),
    ...refersTo("caller_id", source.caller, {
      table: "sys_user",
      label: "Caller",
    }),
  ],
}));

export default {
  ...common,
  key: "servicenow-new-incident",
  name: "New Incident",
  description: "Emit new event when an incident is created, optionally only those of some priorities, states, categories, groups, people or callers. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    ...common.props,
    priority: {
      type: "string[]",
      label: "Priority",
      description: "Only incidents with one of these values of `priority`, such as `1` for critical. All if empty.",
      optional: true,
      default: [],
      async options({ page }) {
        return choicesOf(this._connected(), "incident", "priority", page);
      },
    },
    state: {
      type: "string[]",
      label: "State",
      description: "Only incidents with one of these values of `state`, such as `1` for new. All if empty.",
      optional: true,
      default: [],
      async options({ page }) {
        return choicesOf(this._connected(), "incident", "state", page);
      },
    },
    category: {
      type: "string[]",
      label: "Category",
      description: "Only incidents with one of these values of `category`, such as `software`. All if empty.",
      optional: true,
      default: [],
      async options({ page }) {
        return choicesOf(this._connected(), "incident", "category", page);
      },
    },
    assignmentGroup: {
      type: "string[]",
      label: "Assignment Group",
      description: "Only incidents assigned to one of these groups, given by `sys_id` or exact name. All if empty.",
      optional: true,
      default: [],
      useQuery: true,
      async options(request) {
        return recordsOf(this._connected(), "sys_user_group", request);
      },
    },
    assignedTo: {
      type: "string[]",
      label: "Assigned To",
      description: "Only incidents assigned to one of these people, given by `sys_id` or exact name. All if empty.",
      optional: true,
      default: [],
      useQuery: true,
      async options(request) {
        return recordsOf(this._connected(), "sys_user", request);
      },
    },
    caller: {
      type: "string[]",
      label: "Caller",
      description: "Only incidents reported by one of these people, given by `sys_id` or exact name. All if empty.",
      optional: true,
      default: [],
      useQuery: true,
      async options(request) {
        return recordsOf(this._connected(), "sys_user", request);
      },
    },
  },
  methods: {
    ...common.methods,
    getWatch() {
      return incidents;
    },
  },
  sampleEmit,
};
