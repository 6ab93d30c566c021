import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { EMIT_AS, QueryResult } from "../common/query-result";
import { fields, format, query, timer } from "../common/props";
import { requiredTable } from "../common/table";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

interface Props extends SourceThis, CommonProps {
  table: string;
  emitAs?: string | undefined;
  maxRecords?: number | undefined;
  skipEmpty?: boolean | undefined;
  orderBy?: string | undefined;
}

const resultOf = (source: Props) => new QueryResult(source, requiredTable(source.table));

export default defineSource({
  key: "servicenow-new-query-result",
  name: "New Query Result",
  description:
    "Emit new event with the result of a query each time the schedule says, such as a list of overdue tasks every morning: one event with the list and the count, or one event per record. It does not look for changes; for those there is **New Matching Record**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: { propDefinition: [servicenow, "table"] },
    query,
    emitAs: {
      type: "string",
      label: "Emit As",
      description: "One event with the list of records and their count, or one event per record.",
      optional: true,
      default: "list",
      options: EMIT_AS,
    },
    orderBy: {
      type: "string",
      label: "Order By",
      description:
        "The column to order by, with a minus for descending, such as `-sys_created_on`. By `sys_id` if empty.",
      optional: true,
    },
    maxRecords: {
      type: "integer",
      label: "Maximum",
      description: "The highest number of records of one run; the event says when there are more.",
      optional: true,
      default: 100,
      min: 1,
      max: 5000,
    },
    skipEmpty: {
      type: "boolean",
      label: "Skip Empty",
      description: "Emit nothing when no record meets the query.",
      optional: true,
      default: true,
    },
    fields,
    format,
  },
  hooks: {
    async deploy() {
      await resultOf(this).check();
    },
    async activate() {
      await resultOf(this).check();
    },
  },
  async run({ timestamp }) {
    await resultOf(this).run(timestamp);
  },
  sampleEmit,
});
