import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { usageError } from "../../errors";
import type { Reference } from "../../table/types";
import { sysIdOf } from "../../table/values";
import { common } from "../../http/api-call";
import { isSysId } from "../../sys-id";
import { choiceValue } from "./variables";
import {
  answersOf,
  choicesOf,
  columnsOfSet,
  displays,
  rowsOf,
  type Answer,
  type Cell,
} from "./stored-answers";
import { valueText } from "../../table/cells";

/** An answer of a requested item. */
export interface RequestVariable {
  /** The question's name, as {@link updateRequestVariables} takes it. */
  name: string;
  /** The question as people read it. */
  label: string;
  /** As it is stored: a choice's value, a sys_id, `true`. */
  value: string;
  /** As a person reads it. */
  display: string;
  /** Table a reference points to; empty for other types. */
  reference: string;
  /** Name of the variable set; empty for none. */
  set: string;
}

/** All answers of a requested item. */
export interface RequestVariables {
  /** Single answers in the order of the form, those of single-row sets included. */
  variables: RequestVariable[];
  /** Rows of multi-row sets, by the set's name. */
  rows: Record<string, Record<string, RequestVariable>[]>;
}

/**
 * The answers of a requested item (`sc_req_item`) by name, with display values: those of single-row variable sets among them, those
 * of multi-row sets as rows.
 *
 * @throws ServiceNowError `acl` that names the tables to ask for, when the account may not read the answers
 */
export async function readRequestVariables(
  client: ServiceNow,
  requestedItem: Reference,
  options: CallOptions = {},
): Promise<RequestVariables> {
  const id = await requestedItemId(client, requestedItem, options);
  const found = await answersOf(client, id, options);
  const rows = await rowsOf(client, id, options);
  const all = [...found, ...rows];
  const shown = await displays(client, all, options);
  const byRow = new Map<string, Record<string, RequestVariable>>();
  const sets: RequestVariables["rows"] = {};
  for (const cell of rows) {
    const key = `${cell.set}\n${cell.row}`;
    let row = byRow.get(key);
    if (!row) {
      row = {};
      byRow.set(key, row);
      (sets[cell.set] ??= []).push(row);
    }
    row[cell.name] = toVariable(cell, shown);
  }
  return { variables: found.map((answer) => toVariable(answer, shown)), rows: sets };
}

/**
 * Changes answers of a requested item by name; a choice may be given by its label. Multi-row sets take the whole list of rows: rows
 * that are no longer there are removed.
 *
 * @returns the names that were changed; answers that already had the value are left alone
 * @throws ServiceNowError `usage` that lists the names there are, before anything is written
 */
export async function updateRequestVariables(
  client: ServiceNow,
  requestedItem: Reference,
  values: Record<string, string | number | boolean | readonly Record<string, string | number | boolean>[]>,
  options: CallOptions = {},
): Promise<string[]> {
  const id = await requestedItemId(client, requestedItem, options);
  const [answers, cells] = await Promise.all([answersOf(client, id, options), rowsOf(client, id, options)]);
  const sets = new Map(cells.map(({ set }) => [set, cells]));
  const known = new Map(answers.map((answer) => [answer.name, answer]));
  for (const [name, value] of Object.entries(values)) {
    if (known.has(name) || sets.has(name) || !Array.isArray(value)) continue;
    // A set without rows leaves no trace among the answers.
    const columns = await columnsOfSet(client, id, name, options);
    if (columns) sets.set(name, columns);
  }
  const unknown = Object.keys(values).filter((name) => !known.has(name) && !sets.has(name));
  if (unknown.length > 0) {
    throw usageError(
      `The requested item has no variable ${unknown.join(", ")}`,
      `It has: ${[...known.keys(), ...sets.keys()].join(", ") || "none that this account may read"}`,
      unknown,
    );
  }
  const choices = await choicesOf(
    client,
    answers.filter(({ name }) => name in values),
    options,
  );
  const changed: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const answer = known.get(name);
    if (!answer) {
      if (!Array.isArray(value))
        throw usageError(`"${name}" has several rows: give a list of them`, undefined, [name]);
      if (
        await writeRows(client, id, name, sets.get(name) ?? [], value as Record<string, unknown>[], options)
      )
        changed.push(name);
      continue;
    }
    const text = choiceValue({ choices: choices.get(answer.question) ?? [] }, writtenText(value));
    if (text === answer.value) continue;
    await client
      .table("sc_item_option")
      .update(answer.option, { value: text }, { ...common(options), fields: ["sys_id"] });
    changed.push(name);
  }
  return changed;
}

async function requestedItemId(client: ServiceNow, item: Reference, options: CallOptions): Promise<string> {
  const text = sysIdOf(item, "requested item");
  if (isSysId(text)) return text;
  const row = await client.table("sc_req_item").getByNumber(text, { ...common(options), fields: ["sys_id"] });
  return row.sys_id;
}

async function writeRows(
  client: ServiceNow,
  id: string,
  set: string,
  cells: Cell[],
  wanted: Record<string, unknown>[],
  options: CallOptions,
): Promise<boolean> {
  const own = cells.filter((cell) => cell.set === set);
  const columns = new Map(own.map((cell) => [cell.name, cell]));
  const unknown = wanted.flatMap((row) => Object.keys(row)).filter((name) => !columns.has(name));
  if (unknown.length > 0) {
    throw usageError(
      `The rows of ${set} have no column ${[...new Set(unknown)].join(", ")}`,
      `They have: ${[...columns.keys()].join(", ")}`,
    );
  }
  const indexes = [...new Set(own.map(({ row }) => row).filter(Boolean))];
  const table = client.table("sc_multi_row_question_answer");
  const call = common(options);
  let changed = false;
  for (const [at, row] of wanted.entries()) {
    const index = indexes[at];
    for (const [name, column] of columns) {
      const given: unknown = row[name];
      const text = given === undefined || given === null ? undefined : writtenText(given);
      const cell = own.find((found) => found.row === index && found.name === name && index !== undefined);
      if (cell && text !== undefined && text !== cell.value) {
        await table.update(cell.option, { value: text }, { ...call, fields: ["sys_id"] });
        changed = true;
      } else if (!cell) {
        await table.create(
          {
            parent_id: id,
            parent_table_name: "sc_req_item",
            variable_set: column.setId,
            item_option_new: column.question,
            row_index: index ?? newIndex(indexes, at),
            value: text ?? "",
          },
          { ...call, fields: ["sys_id"] },
        );
        changed = true;
      }
    }
  }
  for (const index of indexes.slice(wanted.length)) {
    for (const cell of own.filter(({ row }) => row === index)) await table.delete(cell.option, call);
    changed = true;
  }
  return changed;
}

/** Rows carry any text as their index; new ones come behind those that are there. */
function newIndex(indexes: string[], at: number): string {
  const highest = Math.max(0, ...indexes.map(Number).filter(Number.isFinite));
  return String(highest + 1 + (at - indexes.length));
}

function toVariable(answer: Answer, shown: Map<string, string>): RequestVariable {
  const { name, label, value, reference, set, question } = answer;
  const parts = reference ? value.split(",") : [value];
  const display = parts
    .map((part) => shown.get(`${question}\n${part}`) ?? shown.get(part) ?? part)
    .join(", ");
  return { name, label, value, display, reference, set };
}

/** A value as it is stored: texts, numbers and switches as they are, anything else as JSON. */
function writtenText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : valueText(value);
}
