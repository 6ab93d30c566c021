import type { OptionsRequest } from "../../../components";
import { columnPathOptions } from "../options/columns";
import { recordOptions } from "../options/records";
import { tableOptions } from "../options/tables";
import { queryHint } from "../filter/hint";
import type { WithClient } from "../with-client";
import type { Definitions } from "./shared";
import { textOf } from "../../../common/table/cells";

/** The props of the actions on tables, under the names and with the values that the registry's actions have. */
export const tableApi = {
  table: {
    type: "string",
    label: "Table",
    description:
      "The name of the table, such as `incident`, `sys_user` or `cmdb_ci`. Type a part of its label or name to find it; a name may also be typed in full.",
    useQuery: true,
    async options(this: WithClient, { query, page }: OptionsRequest) {
      return tableOptions(this.client(), { query, page });
    },
  },
  recordId: {
    type: "string",
    label: "Record ID",
    description:
      "The `sys_id` of the record (32 characters, such as `1c741bd70b2322007518478d83673af3`). Type a part of its number, name or description to find it. Ids come from **Get Table Records**.",
    useQuery: true,
    async options(this: WithClient, { table, query, page }: OptionsRequest) {
      return recordOptions(this.client(), textOf(table), { query, page });
    },
  },
  recordData: {
    type: "object",
    label: "Record Data",
    description:
      'The fields of the record and their values, such as `{"short_description": "Cannot log in", "urgency": "2"}`. A reference takes the `sys_id`, dates are `2026-07-30 14:05:00` in UTC.',
  },
  query: {
    type: "string",
    label: "Query",
    description:
      "An encoded query, such as `active=true^priority<=2^ORDERBYDESCsys_created_on`. `^` joins conditions, `^OR` offers alternatives. In ServiceNow, right-click the filter of a list and choose *Copy query* to get one. Dates are UTC.",
    optional: true,
    filter: queryHint((app: WithClient, { table }) => ({ app, table })),
  },
  createdSince: {
    type: "string",
    label: "Created Since",
    description:
      "Only records created at or after this time, such as `2026-07-30`, `2026-07-30 14:05:00` (UTC) or `2026-07-30T14:05:00+02:00`.",
    optional: true,
  },
  updatedSince: {
    type: "string",
    label: "Updated Since",
    description:
      "Only records changed at or after this time, such as `2026-07-30`, `2026-07-30 14:05:00` (UTC) or `2026-07-30T14:05:00+02:00`.",
    optional: true,
  },
  activeOnly: {
    type: "boolean",
    label: "Active",
    description:
      "`true` for active records only, `false` for inactive ones only. The table must have a column `active`.",
    optional: true,
  },
  limit: {
    type: "integer",
    label: "Limit",
    description: "The highest number of records to return, from 1 to 1000.",
    optional: true,
    min: 1,
    max: 1000,
  },
  responseDataFormat: {
    type: "string",
    label: "Response Data Format",
    description:
      "What the fields of the result hold: stored values (`false`), the text people see, in the time zone of the connected account (`true`), or both (`all`).",
    optional: true,
    options: [
      { label: "Stored values", value: "false" },
      { label: "Display values", value: "true" },
      { label: "Both", value: "all" },
    ],
  },
  excludeReferenceLinks: {
    type: "boolean",
    label: "Exclude Reference Links",
    description: "Leave out the API links of reference fields, so that a reference is just its value.",
    optional: true,
  },
  responseFields: {
    type: "string[]",
    label: "Response Fields",
    description:
      "The fields to return, such as `number` or `caller_id.email` (a dot follows a reference). All fields if empty, which can be more than eighty.",
    optional: true,
    useQuery: true,
    async options(this: WithClient, { table, query, page }: OptionsRequest) {
      return columnPathOptions(this.client(), textOf(table), { query, page });
    },
  },
  inputDisplayValue: {
    type: "boolean",
    label: "Input Display Value",
    description:
      "Read the values you send as the text people see: `Beth Anglin` for a user, `In Progress` for a state. Dates are then read in the time zone of the connected account, and not as UTC.",
    optional: true,
  },
  responseView: {
    type: "string",
    label: "Response View",
    description:
      "Return the fields of this view: `desktop`, `mobile`, `both` or the name of a view of your instance. **Response Fields** takes precedence.",
    optional: true,
    options: ["desktop", "mobile", "both"],
  },
  queryNoDomain: {
    type: "boolean",
    label: "Query Across Domains",
    description:
      "Reach records of all domains the account may see. Takes effect only on instances with domain separation, and needs the role `admin` or `query_no_domain_table_api`.",
    optional: true,
  },
} as const satisfies Definitions;
