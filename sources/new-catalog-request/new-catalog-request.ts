import servicenow from "../../apps/servicenow.app";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import { defineSource } from "../../components";
import { isChoice, refersTo } from "../common/clauses";
import { choices, references } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const records = recordSource(
  (
    source: SourceThis &
      CommonProps & { requestedFor?: string[] | undefined; requestState?: string[] | undefined },
  ) => ({
    table: "sc_request",
    column: "sys_created_on",
    clauses: [
      ...refersTo("requested_for", source.requestedFor, { table: "sys_user", label: "Requested For" }),
      ...isChoice("request_state", source.requestState, "Request State"),
    ],
  }),
);

export default defineSource({
  key: "servicenow-new-catalog-request",
  name: "New Catalog Request",
  description:
    "Emit new event when a request is made in the service catalog, optionally only those for some people or in some request states. What was ordered are its items: **New Requested Item**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    requestedFor: references("sys_user", "Requested For", "made for one of these people", { where: ACTIVE }),
    requestState: choices("sc_request", "request_state", "Request State", "`requested`"),
    query: queryOn("sc_request"),
    fields: fieldsOn("sc_request"),
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
