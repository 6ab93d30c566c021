import { JOURNAL_COLUMNS } from "../../common/http/retry";
import { toBody } from "../../common/table/values";
import type { Table } from "../../common";
import { unknownColumns } from "./columns";
import { textList } from "./input";
import { recordOptions, type ResultProps } from "./results";
import type { Warnings } from "./report";
import { fieldValue } from "./text";
import { textOf } from "../../common/table/cells";
import { isSysId } from "../../common/sys-id";

/** A record as it came back: plain texts, or pairs of value and label. */
export type ResultRecord = Record<string, unknown>;

/** A record after a write, and what is to be said of it. */
export interface Written {
  record: ResultRecord;
  /** What the instance did not store as it was given; usually none. */
  warnings: Warnings;
}

const SHOWN = 60;
/** Asked for in any table, so that a result says which record it is. */
const OFTEN_MISSING = ["sys_id", "number"];

/**
 * How a write asks for its answer, so that the record can be held against what was written, and the record in the form that was asked for.
 * ServiceNow ignores unknown columns, values outside of a list and what rules overwrite without a word.
 */
export function answerFor(
  values: Record<string, unknown>,
  props: ResultProps,
  summaryFields: readonly string[],
) {
  const { displayValue: format, fields } = recordOptions(props, summaryFields);
  return {
    options: {
      displayValue: "all" as const,
      fields: [...new Set([...fields, ...Object.keys(values)])],
    },
    written: (record: ResultRecord): Written => ({
      record: shaped(record, format, fields),
      warnings: writeWarnings(values, record, textList(props.resultFields)),
    }),
  };
}

/** A record read with both values and labels, in the form that was asked for. */
export function shaped(record: ResultRecord, format: string, fields: readonly string[]): ResultRecord {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => fields.includes(name))
      .map(([name, field]) => [
        name,
        format === "all" ? field : format === "true" ? textOf(field) : fieldValue(field),
      ]),
  );
}

/** Columns that the answer does not show, and values that the instance did not store as they were given. */
export function writeWarnings(
  values: Record<string, unknown>,
  record: ResultRecord,
  asked: readonly string[] = [],
): Warnings {
  // Passwords are written and never read.
  const given = Object.entries(toBody(values as never)).filter(([column]) => !/password/i.test(column));
  const unknown = [...given.map(([column]) => column), ...asked].filter(
    (column) => !(column in record) && !OFTEN_MISSING.includes(column),
  );
  const changed = given
    .filter(([column, text]) => column in record && !isStored(column, text, record[column]))
    .map(([column]) => `${column} is "${short(textOf(record[column]))}"`);
  const columns = [...new Set(unknown)];
  return [
    ...(columns.length > 0
      ? [`The table has no column ${columns.join(", ")}, or the account may not read it.`]
      : []),
    ...(changed.length > 0
      ? [
          `The instance did not store these values as given: ${changed.join(", ")}. A rule of the instance, or missing rights, may be the cause.`,
        ]
      : []),
  ];
}

/**
 * The same for an answer whose shape was chosen by the step: columns that are not in it are looked for in the table, and values are compared where
 * stored values were sent and came back.
 */
export async function answerWarnings(
  records: Table,
  values: Record<string, unknown>,
  record: ResultRecord,
  { displayValue, inputDisplayValue }: { displayValue: string; inputDisplayValue: boolean },
): Promise<Warnings> {
  const unknown = await unknownColumns(records, record, Object.keys(values));
  const comparable = displayValue !== "true" && !inputDisplayValue;
  const compared = Object.entries(values).filter(
    ([column]) => unknown.includes(column) || (comparable && column in record),
  );
  return writeWarnings(Object.fromEntries(compared), record);
}

/**
 * Whether a column holds what was written into it, as far as that can be told: by value or by label. References that were given by name, times
 * and markup come back in other words.
 */
export function isStored(column: string, given: string, field: unknown): boolean {
  if (JOURNAL_COLUMNS.includes(column) || /^(u|x)_.*(note|comment|journal)/.test(column)) return true;
  const wanted = plain(given);
  const value = plain(fieldValue(field));
  if ([value, plain(textOf(field))].includes(wanted)) return true;
  if (wanted === "" || value === "") return false;
  if (value === "true" || value === "false") return TRUE.includes(wanted) === (value === "true");
  if (/^[0-9a-f]{32}(,|$)/.test(value)) return !isSysId(wanted);
  if (/^\d{4}-\d\d-\d\d/.test(value) || wanted.includes("<")) return true;
  return Number(wanted) === Number(value);
}

const TRUE = ["true", "1", "yes"];

const plain = (text: string) => text.trim().replace(/\s+/g, " ").toLowerCase();
const short = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
