import type { Definitions } from "./shared";

/** What comes back, for actions with small default results. */
export const results = {
  resultFields: {
    type: "string[]",
    label: "Result Fields",
    description:
      "The fields to return, such as `number` or `caller_id.email` (a dot follows a reference). A few telling ones if empty.",
    optional: true,
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
  },
  dryRun: {
    type: "boolean",
    label: "Dry Run",
    description: "Only say what would be done, and write nothing.",
    optional: true,
  },
} as const satisfies Definitions;
