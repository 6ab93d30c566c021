import { textOf } from "../../../common/table/cells";
import type { OptionsRequest } from "../../../components";
import { columnPathOptions, orderOptions } from "../options/columns";
import type { WithClient } from "../with-client";
import type { Definitions } from "./shared";

/** What comes back, for actions with small default results. */
export const results = {
  resultFields: {
    type: "string[]",
    label: "Result Fields",
    description:
      "The fields to return, such as `number` or `caller_id.email` (a dot follows a reference). A few telling ones if empty.",
    optional: true,
    useQuery: true,
    async options(this: WithClient, { table, query, page }: OptionsRequest) {
      return columnPathOptions(this.client(), textOf(table), { query, page });
    },
  },
  resultFormat: {
    type: "string",
    label: "Result Format",
    description:
      "What the fields hold: stored values (`false`), the text people see (`true`), or both (`all`). Stored values if empty.",
    optional: true,
    options: [
      { label: "Stored values", value: "false" },
      { label: "Display values", value: "true" },
      { label: "Both", value: "all" },
    ],
  },
  maximum: {
    type: "integer",
    label: "Maximum",
    description: "The highest number of records to return; the summary says when there are more.",
    optional: true,
    default: 100,
    min: 1,
    max: 10000,
  },
  orderBy: {
    type: "string",
    label: "Order By",
    description: "The column to order by, with a minus for descending, such as `-sys_created_on`.",
    optional: true,
    useQuery: true,
    async options(this: WithClient, { table, query, page }: OptionsRequest) {
      return orderOptions(this.client(), textOf(table), { query, page });
    },
  },
  avgFields: {
    type: "string[]",
    label: "Average Fields",
    description: "Number and duration fields to average, such as `reassignment_count`.",
    optional: true,
    useQuery: true,
    async options(this: WithClient, { table, query, page }: OptionsRequest) {
      return columnPathOptions(this.client(), textOf(table), { query, page });
    },
  },
  minFields: {
    type: "string[]",
    label: "Minimum Fields",
    description: "Fields of which to return the lowest value, such as `sys_created_on`.",
    optional: true,
    useQuery: true,
    async options(this: WithClient, { table, query, page }: OptionsRequest) {
      return columnPathOptions(this.client(), textOf(table), { query, page });
    },
  },
  maxFields: {
    type: "string[]",
    label: "Maximum Fields",
    description: "Fields of which to return the highest value, such as `sys_created_on`.",
    optional: true,
    useQuery: true,
    async options(this: WithClient, { table, query, page }: OptionsRequest) {
      return columnPathOptions(this.client(), textOf(table), { query, page });
    },
  },
  sumFields: {
    type: "string[]",
    label: "Sum Fields",
    description: "Number and duration fields to add up, such as `reassignment_count`.",
    optional: true,
    useQuery: true,
    async options(this: WithClient, { table, query, page }: OptionsRequest) {
      return columnPathOptions(this.client(), textOf(table), { query, page });
    },
  },
  havingQuery: {
    type: "string",
    label: "Having Query",
    description:
      "Conditions on the groups: aggregate, field, operator and value, such as `count^priority^>^10`; several separated by commas.",
    optional: true,
  },
  aggregateOrder: {
    type: "string",
    label: "Order By",
    description:
      "What the groups are ordered by: a field of the groups, `count`, or an aggregate such as `AVG^reassignment_count`; a minus in front for descending.",
    optional: true,
  },
  dryRun: {
    type: "boolean",
    label: "Dry Run",
    description: "Only say what would be done, and write nothing.",
    optional: true,
  },
} as const satisfies Definitions;
