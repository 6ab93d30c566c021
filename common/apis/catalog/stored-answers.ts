import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { ServiceNowError } from "../../errors";
import { common, isRefusal } from "../../http/api-call";
import { where } from "../../query/terms";
import { isSysId } from "../../sys-id";

const OPTION = "sc_item_option.item_option_new";

/** One stored answer, with the question it answers. */
export interface Answer {
  /** sys_id of the record that holds the value (`sc_item_option`). */
  option: string;
  /** sys_id of the question (`item_option_new`). */
  question: string;
  /** The question's name. */
  name: string;
  /** The question as people read it. */
  label: string;
  /** As it is stored. */
  value: string;
  /** Table a reference points to; empty for other types. */
  reference: string;
  /** Name of the variable set; empty for none. */
  set: string;
}

/** One cell of a multi-row set. */
export interface Cell extends Answer {
  /** Index of its row; empty for a column without a row. */
  row: string;
  /** sys_id of the set (`item_option_new_set`). */
  setId: string;
}

/** Single answers in the order of the form. @throws ServiceNowError `acl` that names the tables to ask for */
export async function answersOf(client: ServiceNow, id: string, options: CallOptions): Promise<Answer[]> {
  const fields = [
    "sc_item_option",
    "sc_item_option.value",
    OPTION,
    `${OPTION}.name`,
    `${OPTION}.question_text`,
    `${OPTION}.reference`,
    `${OPTION}.variable_set.internal_name`,
    `${OPTION}.order`,
  ] as const;
  try {
    const list = await client.table("sc_item_option_mtom").list({
      ...common(options),
      query: where([["request_item", "=", id]]),
      fields,
    });
    if (list.rows.length === 0 && (list.hidden ?? 0) > 0) throw closed(id);
    return list.rows
      .map((row) => ({ row, order: Number(row[`${OPTION}.order`] || 0) }))
      .sort((a, b) => a.order - b.order)
      .map(({ row }) => ({
        option: row["sc_item_option"],
        question: row[OPTION],
        name: row[`${OPTION}.name`] ?? "",
        label: row[`${OPTION}.question_text`] || row[`${OPTION}.name`] || "",
        value: row["sc_item_option.value"] ?? "",
        reference: row[`${OPTION}.reference`] ?? "",
        set: row[`${OPTION}.variable_set.internal_name`] ?? "",
      }))
      .filter(({ name }) => name);
  } catch (error) {
    if (isRefusal(error)) throw closed(id);
    throw error;
  }
}

/** Cells of the rows of multi-row sets, by row; none where the account may not read them. */
export async function rowsOf(client: ServiceNow, id: string, options: CallOptions): Promise<Cell[]> {
  const fields = [
    "sys_id",
    "value",
    "row_index",
    "variable_set",
    "variable_set.internal_name",
    "item_option_new",
    "item_option_new.name",
    "item_option_new.question_text",
    "item_option_new.reference",
  ] as const;
  try {
    const { rows } = await client.table("sc_multi_row_question_answer").list({
      ...common(options),
      query: where([["parent_id", "=", id]], ["row_index"]),
      fields,
    });
    return rows.map((row) => ({
      option: row.sys_id,
      question: row.item_option_new,
      name: row["item_option_new.name"] ?? "",
      label: row["item_option_new.question_text"] || row["item_option_new.name"] || "",
      value: row.value ?? "",
      reference: row["item_option_new.reference"] ?? "",
      set: row["variable_set.internal_name"] || row.variable_set,
      setId: row.variable_set,
      row: row.row_index,
    }));
  } catch (error) {
    // An instance without the table, or one that closes it, has no multi-row answers for this account.
    if (error instanceof Error && (isRefusal(error) || Reflect.get(error, "kind") === "invalid-table"))
      return [];
    throw error;
  }
}

/**
 * The questions of a multi-row set that has no row yet, as cells without a row: the set is found by its name among those of the item
 * that was ordered. Null when the item has no such set, or the account may not see it.
 */
export async function columnsOfSet(
  client: ServiceNow,
  requestedItem: string,
  set: string,
  options: CallOptions,
): Promise<Cell[] | null> {
  const call = common(options);
  try {
    const { cat_item: item } = await client
      .table("sc_req_item")
      .get(requestedItem, { ...call, fields: ["cat_item"] });
    const link = await client.table("io_set_item").first({
      ...call,
      query: where([
        ["sc_cat_item", "=", item],
        ["variable_set.internal_name", "=", set],
      ]),
      fields: ["variable_set"],
    });
    if (!link) return null;
    const { rows } = await client.table("item_option_new").list({
      ...call,
      query: where([["variable_set", "=", link.variable_set]]),
      fields: ["sys_id", "name", "question_text", "reference"],
      orderBy: ["order"],
    });
    return rows.map((row) => ({
      option: "",
      question: row.sys_id,
      name: row.name,
      label: row.question_text || row.name,
      value: "",
      reference: row.reference ?? "",
      set,
      setId: link.variable_set,
      row: "",
    }));
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** What people read: texts of choices and names of referenced records, one request for each kind. */
export async function displays(
  client: ServiceNow,
  answers: Answer[],
  options: CallOptions,
): Promise<Map<string, string>> {
  const shown = new Map<string, string>();
  for (const [question, list] of await choicesOf(client, answers, options)) {
    for (const { value, label } of list) shown.set(`${question}\n${value}`, label);
  }
  const tables = new Map<string, Set<string>>();
  for (const { reference, value } of answers) {
    if (!reference) continue;
    const ids = value.split(",").filter(isSysId);
    if (ids.length) tables.set(reference, new Set([...(tables.get(reference) ?? []), ...ids]));
  }
  for (const [table, ids] of tables) {
    try {
      const { rows } = await client.table(table).page({
        ...common(options),
        query: where([["sys_id", "IN", [...ids].join(",")]]),
        fields: ["sys_id", "name", "number", "title", "label", "short_description"],
        limit: ids.size,
      });
      for (const row of rows) {
        const name = row.name || row.number || row.title || row.label || row.short_description;
        if (name) shown.set(row.sys_id, name);
      }
    } catch (error) {
      // A closed table leaves the sys_id as what is shown.
      if (!isRefusal(error)) throw error;
    }
  }
  return shown;
}

/** Choices of the questions by their sys_id, one request for all. */
export async function choicesOf(
  client: ServiceNow,
  answers: Answer[],
  options: CallOptions,
): Promise<Map<string, { value: string; label: string }[]>> {
  const questions = [...new Set(answers.map(({ question }) => question))].filter(isSysId);
  const found = new Map<string, { value: string; label: string }[]>();
  if (questions.length === 0) return found;
  try {
    const { rows } = await client.table("question_choice").list({
      ...common(options),
      query: where([["question", "IN", questions.join(",")]]),
      fields: ["question", "value", "text"],
    });
    for (const row of rows) {
      const list = found.get(row.question) ?? [];
      list.push({ value: row.value, label: row.text });
      found.set(row.question, list);
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return found;
}

function closed(id: string): ServiceNowError {
  return new ServiceNowError({
    kind: "acl",
    what: `The variables of requested item ${id} cannot be read`,
    reason: "The tables that hold them are not open to this account",
    remedy:
      "Ask the administrator for read access to sc_item_option_mtom, sc_item_option and item_option_new (for several rows also sc_multi_row_question_answer)",
  });
}
