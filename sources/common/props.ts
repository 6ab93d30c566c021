import type { OptionsRequest } from "../../components";
import { optionOf } from "../../apps/servicenow/input";
import { choicesOf, recordsOf } from "../../apps/servicenow/props/shared";
import type { WithClient } from "../../apps/servicenow/with-client";
import { choiceOptions } from "../../apps/servicenow/options/choices";
import { columnOptions, columnPathOptions } from "../../apps/servicenow/options/columns";
import { queryHint } from "../../apps/servicenow/filter/hint";
import { tableOptions } from "../../apps/servicenow/options/tables";
import { FORMATS } from "./payload";

/** `this` of an options function that stands in a source. */
interface InSource {
  servicenow: WithClient;
}

/** The props by which sources choose their table. */
interface Tables {
  table?: string;
}

const tableOf = ({ table }: Tables, fixed?: string): string => fixed ?? table ?? "";

type AppOptions = (this: WithClient, request: OptionsRequest) => Promise<{ label: string; value: string }[]>;

/** Options that are written for the app, used in a source's own prop. */
const viaApp = (options: AppOptions) =>
  async function (this: InSource, { page, ...request }: OptionsRequest) {
    return options.call(this.servicenow, { page, ...request });
  };

/** Records of a table as choices. */
export const recordChoices = (table: string, settings?: Parameters<typeof recordsOf>[1]) =>
  viaApp(recordsOf(table, settings));
/** The choices of a column. */
export const columnChoices = (table: string, column: string) => viaApp(choicesOf(table, column));

export const timer = {
  type: "$.interface.timer",
  label: "Schedule",
  description: "How often to look for new events.",
  default: { intervalSeconds: 900 },
} as const;

/** A filter on the records of a table; without a name, of the one that the source's props choose. */
export function filterOn(fixed?: string) {
  return queryHint((source: InSource & Tables) => ({
    app: source.servicenow,
    table: tableOf(source, fixed),
  }));
}

export const query = {
  type: "string",
  label: "Query",
  description:
    "An encoded query that a record must meet as well, such as `active=true^priority<=2`. `^` joins conditions, `^OR` offers alternatives. Without `ORDERBY`. In ServiceNow, right-click the filter of a list and choose *Copy query* to get one.",
  optional: true,
  filter: filterOn(),
} as const;

/** The same for a source of one table. */
export const queryOn = (table: string) => ({ ...query, filter: filterOn(table) }) as const;

/** The columns of the table that is named, or else of the one that the source's props choose. */
function columnPathsOf(fixed?: string) {
  return async function (this: InSource & Tables, { query, page }: OptionsRequest) {
    return columnPathOptions(this.servicenow.client(), tableOf(this, fixed), { query, page });
  };
}

export const fields = {
  type: "string[]",
  label: "Fields",
  description:
    "The fields of the record in the event, such as `number` or `caller_id.email` (a dot follows a reference). All if empty, which can be more than eighty. `sys_id` and the times of creation and change are always there.",
  optional: true,
  useQuery: true,
  options: columnPathsOf(),
} as const;

/** The same for a source of one table. */
export const fieldsOn = (table: string) => ({ ...fields, options: columnPathsOf(table) }) as const;

export const format = {
  type: "string",
  label: "Response Data Format",
  description:
    "What the fields hold: stored values (`false`), the text people see (`true`), or both (`all`). Stored values if empty.",
  optional: true,
  options: FORMATS,
} as const;

export const leaveOutOwnChanges = {
  type: "boolean",
  label: "Leave Out My Own Changes",
  description:
    "Leave out records whose last change was made by the connected account, so that a workflow does not answer itself. Somebody else's change is left out too where the account changes the same record before the next poll.",
  optional: true,
  default: false,
} as const;

/** Tables, found by a part of their label or name. */
export async function tableChoices(this: InSource, { query, page }: OptionsRequest) {
  return tableOptions(this.servicenow.client(), { query, page });
}

export const taskTable = {
  type: "string",
  label: "Task Table",
  description:
    "The table of the tasks, such as `incident`, `change_request` or `task` for tasks of every kind.",
  optional: true,
  default: "incident",
  useQuery: true,
  options: tableChoices,
} as const;

/** Columns of the table chosen in the prop `table`. */
export async function columnNameChoices(
  this: InSource & { table?: string },
  { query, page }: OptionsRequest,
) {
  return columnOptions(this.servicenow.client(), this.table ?? "", { query, page });
}

const DETECTIONS = [
  { label: "Audit history if readable", value: "auto" },
  { label: "Audit history", value: "audit" },
  { label: "Remembered values", value: "values" },
] as const;

/** The detection as the prop says it, by value or label. */
export const detectionOf = (given: unknown) => optionOf(given, DETECTIONS, "Detection");

export const detection = {
  type: "string",
  label: "Detection",
  description:
    "Where changes come from. The audit history (`audit`) has every change of audited fields and needs read access to `sys_audit`; remembered values (`values`) need no right beyond reading the records, see the last of several changes between two polls, and hold a limited number of records. `auto` takes the audit history where it can be read; the log says which one runs.",
  optional: true,
  default: "auto",
  options: DETECTIONS,
} as const;

/** The states of the table chosen in the prop `table`. */
export async function stateChoices(this: InSource & { table?: string }, { page }: OptionsRequest) {
  return page > 0 ? [] : choiceOptions(this.servicenow.client(), this.table ?? "incident", "state");
}
