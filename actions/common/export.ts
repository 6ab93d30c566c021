import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { once } from "node:events";
import type { ServiceNow } from "../../common";
import { tellingColumns } from "./columns";
import { filePath, safeFileName } from "./files";
import { wrongInput } from "./input";
import { resultOptions, type ResultProps } from "./results";
import { fieldText } from "./text";

interface ExportProps extends ResultProps {
  query?: string | undefined;
  format?: string | undefined;
  fileName?: string | undefined;
  maxRows?: number | undefined;
}

/** A field of a CSV file (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe in front. */
function csvField(value: unknown): string {
  const text = fieldText(value);
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const WRITERS: Record<
  string,
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
 * @returns path, rows written, and what the instance claims to match
 */
export async function exportRecords(
  client: ServiceNow,
  table: string,
  props: ExportProps,
): Promise<{ path: string; rows: number; total: number | null; fields: string[] }> {
  const format = props.format ?? "csv";
  const writer = WRITERS[format];
  if (!writer) throw wrongInput('Format must be "csv", "json" or "jsonl".');
  const options = resultOptions(props, await tellingColumns(client, table));
  const path = await filePath(safeFileName(props.fileName, `${table}.${format}`));
  const unfinished = `${path}.part`;
  const stream = createWriteStream(unfinished);
  let rows = 0;
  let total: number | null = null;
  try {
    const write = async (text: string) => {
      if (!stream.write(text)) await once(stream, "drain");
    };
    await write(writer.head(options.fields));
    const pages = client
      .table(table)
      .pages({ ...options, query: props.query ?? "", max: props.maxRows ?? Infinity });
    for await (const page of pages) {
      total = page.total ?? total;
      let text = "";
      for (const row of page.rows as Record<string, unknown>[])
        text += writer.row(row, options.fields, rows++);
      await write(text);
    }
    stream.end(writer.tail);
    await once(stream, "finish");
    await rename(unfinished, path);
  } catch (error) {
    stream.destroy();
    await rm(unfinished, { force: true });
    throw error;
  }
  return { path, rows, total, fields: options.fields };
}
