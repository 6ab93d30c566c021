import type { ServiceNow } from "../../common";
import { SUMMARY_FIELDS } from "./columns";
import { writeWhole } from "./files";
import { atMost, oneOf, optionalText, textList } from "./input";
import { unknownFields } from "./lists";
import { resultOptions, type ResultProps } from "./results";
import { textOf } from "../../common/table/cells";

interface ExportProps extends ResultProps {
  query?: string | undefined;
  format?: string | undefined;
  fileName?: string | undefined;
  maxRows?: number | undefined;
}

/**
 * What a spreadsheet would run as a formula. After a plus or minus only what calls a function, a program or another file: phone numbers,
 * temperatures and lists with dashes begin so too.
 */
const FORMULA = /^(?:[=@\t\r]|[+-][\s\S]*(?:[|![\]]|\p{L}[\p{N}_.]*\s*\())/u;

/** A field of a CSV file (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe in front. */
function csvField(value: unknown): string {
  const text = textOf(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const WRITERS: Record<
  "csv" | "json" | "jsonl",
  {
    head(fields: readonly string[]): string;
    row(row: Record<string, unknown>, fields: readonly string[], index: number): string;
    tail: string;
  }
> = {
  csv: {
    head: (fields) => `${fields.map(csvField).join(",")}\r\n`,
    row: (row, fields) => `${fields.map((field) => csvField(row[field])).join(",")}\r\n`,
    tail: "",
  },
  jsonl: { head: () => "", row: (row) => `${JSON.stringify(row)}\n`, tail: "" },
  json: {
    head: () => "[",
    row: (row, _fields, index) => `${index > 0 ? ",\n" : "\n"}${JSON.stringify(row)}`,
    tail: "\n]\n",
  },
};

/**
 * Writes the rows of a query to a file, a page at a time. The file appears under its name only when it is whole.
 * @returns path, rows written, what the instance claims to match, and a remark on fields that the first rows do not have
 */
export async function exportRecords(
  client: ServiceNow,
  table: string,
  props: ExportProps,
): Promise<{ path: string; rows: number; total: number | null; fields: string[]; warning: string }> {
  const format = oneOf(props.format, ["csv", "json", "jsonl"], "Format");
  const writer = WRITERS[format];
  const options = resultOptions(props, SUMMARY_FIELDS);
  const fileName = optionalText(props.fileName, "File Name");
  const query = optionalText(props.query, "Query") ?? "";
  const max = atMost(props.maxRows, Infinity, "Max Rows");
  let { fields } = options;
  let rows = 0;
  let warning = "";
  let total: number | null = null;
  async function* content(): AsyncGenerator<string> {
    for await (const page of client.table(table).pages({ ...options, query, max })) {
      const [first] = page.rows as Record<string, unknown>[];
      let text = "";
      if (rows === 0 && first) {
        // The usual fields are those of any table; the file has the ones that this table has.
        if (textList(props.resultFields).length === 0) fields = fields.filter((field) => field in first);
        text = writer.head(fields);
        warning = unknownFields(page.rows, props.resultFields);
      }
      total = page.total ?? total;
      for (const row of page.rows as Record<string, unknown>[]) text += writer.row(row, fields, rows++);
      yield text;
    }
    yield rows === 0 ? writer.head(fields) + writer.tail : writer.tail;
  }
  const path = await writeWhole(fileName, `${table}.${format}`, content());
  return { path, rows, total, fields, warning };
}
