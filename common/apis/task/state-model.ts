import { changes, type NextState } from "../change/change";
import { common } from "../../http/api-call";
import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { tableName } from "../../http/url";
import type { Reference } from "../../table/types";
import { choicesOf, type ChoiceSource } from "../../schema/choices";
import { columnsOfTable } from "../../schema/columns";

/** One state. */
export interface State {
  /** As it is stored: `6`. */
  value: string;
  /** As people read it: `Resolved`. */
  label: string;
  /** The state a new record has; null when that is not known. */
  initial: boolean | null;
  /** The record is done; null when that is not known. */
  final: boolean | null;
}

/** The states of a task table. */
export interface StateModel {
  /** The column that holds the state. */
  column: string;
  /** In the order of the list. */
  states: State[];
  /** Where the list of states was learnt. */
  source: ChoiceSource;
  /**
   * Values the record may take next; null where the instance does not say, which is everywhere but in change management: then any state may
   * be tried, and the instance's rules answer.
   */
  next: string[] | null;
  /** Which right is missing, in words for an administrator. */
  note?: string;
}

/** Final states as delivered, where the dictionary does not say it for the account. */
const FINAL: Record<string, string[]> = {
  incident: ["7", "8"],
  problem: ["107"],
  change_request: ["3", "4"],
  change_task: ["3", "4", "7"],
  problem_task: ["157"],
  sc_request: ["3", "4", "7"],
  sc_req_item: ["3", "4", "7"],
  sc_task: ["3", "4", "7"],
  task: ["3", "4", "7"],
};

/** First states as delivered, where the default the account sees is the parent table's and none of the table's own states. */
const INITIAL: Record<string, string> = {
  incident: "1",
  problem: "101",
  problem_task: "151",
  change_request: "-5",
  change_task: "-5",
  sn_customerservice_case: "1",
  sc_request: "1",
  sc_req_item: "1",
  sc_task: "1",
  task: "1",
};

/**
 * The states of a task table: all of them with the first and the last ones marked and, for a change, those its model allows next.
 *
 * @param record a record whose next states are wanted
 */
export async function stateModel(
  client: ServiceNow,
  table: string,
  options: CallOptions & { record?: Reference; column?: string; language?: string } = {},
): Promise<StateModel> {
  const name = tableName(table);
  const column = options.column ?? "state";
  const [list, { columns, source }] = await Promise.all([
    choicesOf(client, name, column, options),
    columnsOfTable(client, name, options),
  ]);
  const defined = source === "dictionary" ? columns.find((found) => found.name === column) : undefined;
  const closing = defined?.attributes["close_states"]?.split(";").map((value) => value.trim());
  const finals = closing ?? FINAL[name];
  const initial = [defined?.defaultValue, INITIAL[name]].find((value) =>
    list.choices.some((choice) => choice.value === value),
  );
  const next =
    name === "change_request" && options.record !== undefined
      ? openStates((await changes(client).nextStates(options.record, common(options))).states)
      : null;
  return {
    column,
    states: list.choices.map(({ value, label }) => ({
      value,
      label,
      initial: initial === undefined ? null : value === initial,
      final: finals ? finals.includes(value) : null,
    })),
    source: list.source,
    next,
    ...(list.note ? { note: list.note } : {}),
  };
}

function openStates(states: NextState[]): string[] {
  return states.filter(({ current, unmet }) => !current && unmet.length === 0).map(({ value }) => value);
}
