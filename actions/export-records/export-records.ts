import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { isBlank, optionalText, requiredText } from "../common/input";
import { count } from "../common/text";
import { checkQuery } from "../common/columns";
import { exportRecords } from "../common/export";

export default defineAction({
  key: "servicenow-export-records",
  name: "Export Records",
  description:
    "Writes the records of a table that meet a query to a CSV, JSON or JSON Lines file, page by page, so that a million rows need no memory. Returns the path and the number of rows; in CSV a text that a spreadsheet would run as a formula gets an apostrophe in front. A few rows are handier from **List Records**. Example: `table` = `incident`, `query` = `active=true`, `format` = `csv`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    query: { propDefinition: [servicenow, "query", ({ table }) => ({ table })] },
    resultFields: { propDefinition: [servicenow, "resultFields", ({ table }) => ({ table })] },
    resultFormat: {
      propDefinition: [servicenow, "resultFormat"],
      description:
        "What the fields hold: stored values (`false`) or the text people see (`true`). Stored values if empty.",
      options: ["false", "true"],
    },
    format: {
      type: "string",
      label: "Format",
      description: "`csv`, `json` (one list) or `jsonl` (one object on each line).",
      optional: true,
      default: "csv",
      options: ["csv", "json", "jsonl"],
    },
    fileName: {
      type: "string",
      label: "File Name",
      description:
        "Name of the file, such as `incidents.csv`; it takes the place of a file that has it. The name of the table if empty, made longer where another file has it.",
      optional: true,
    },
    maxRows: {
      type: "integer",
      label: "Max Rows",
      description: "The highest number of rows. All if empty.",
      optional: true,
      min: 1,
    },
    syncDir: { type: "dir", accessMode: "write", sync: true, optional: true },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    await checkQuery(client, table, optionalText(this.query, "Query"));
    const { warning, ...file } = await exportRecords(client, table, this);
    const left = isBlank(this.maxRows) || file.total === null ? 0 : file.total - file.rows;
    const more = left > 0 ? `; up to ${left.toLocaleString("en-US")} more match` : "";
    $.export(
      "$summary",
      `Wrote ${count(file.rows, "record")} of table ${table} to ${file.path}${more}${warning}`,
    );
    return file;
  },
});
