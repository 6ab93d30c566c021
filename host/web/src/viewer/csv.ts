import { cellOf } from "./cell";
import type { Row } from "./records";

/** Records as CSV (RFC 4180) with a header; a spreadsheet shows the values as they are here. */
export function toCsv(rows: Row[], columns: string[], form: "display" | "stored"): string {
  const lines = [columns, ...rows.map((row) => columns.map((name) => cellOf(row[name])[form]))];
  return lines.map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
}

function quoted(text: string): string {
  // A spreadsheet would run a text that begins like a formula; a number may keep its sign.
  const safe = /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
