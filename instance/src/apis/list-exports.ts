import { errors } from "../core/errors";
import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { fieldList, limit, offset, param } from "../http/params";
import type { ApiPath, Router } from "../http/router";
import type { ApiRequest, ApiResponse } from "../http/types";
import { escapeXml } from "../records/audit";
import { listRecords } from "../records/list";
import { Serialiser } from "../records/serialise";
import { nameValueQuery } from "./name-value";
import { text } from "./rows";
import { tableOf } from "./table";
import { viewFields } from "./views";

/** Formats by the parameter that asks for them. */
const formats = { CSV: "csv", XML: "xml" } as const;

/** `/{table}_list.do?CSV` and `/{table}.do?XML` as a path of the API router; undefined for any other path. */
export function exportPath(path: string, query: URLSearchParams): ApiPath | undefined {
  const table = /^\/(\w+?)(?:_list)?\.do$/.exec(path)?.[1];
  const format = Object.entries(formats).find(([name]) => query.has(name))?.[1];
  return table !== undefined && format !== undefined
    ? { segments: ["export", format, table], version: undefined }
    : undefined;
}

/** What the list of a table gives as a file: CSV with display values, XML with stored ones. */
export function listExports(instance: Instance, router: Router): void {
  const exported =
    (
      write: (table: Table, fields: string[], records: Record<string, string | null>[]) => string,
      kind: "csv" | "xml",
    ) =>
    (request: ApiRequest, { table: name }: Record<string, string>): ApiResponse => {
      if (request.path.startsWith("/api/")) throw errors.noResource(instance.config.unknownUriStatus);
      const table = tableOf(instance, name ?? "");
      const fields = fieldsOf(instance, request, table, kind);
      const records = read(instance, request, table, fields, kind === "csv" ? "true" : "false");
      return {
        status: 200,
        headers: {
          "Content-Type": `text/${kind};charset=UTF-8`,
          "Content-Disposition": `attachment;filename=${table.name}.${kind}`,
        },
        body: write(table, fields, records),
      };
    };
  router.on(
    "GET",
    "export/csv/:table",
    exported((table, fields, records) => csv(heads(instance, table, fields), fields, records), "csv"),
  );
  router.on("GET", "export/xml/:table", exported(xml, "xml"));
}

/** Columns of the view; every column when they are asked for or there is no list, and in XML, which is a whole record. */
function fieldsOf(instance: Instance, { query }: ApiRequest, table: Table, kind: "csv" | "xml"): string[] {
  const every = [...table.columns.values()]
    .filter(({ kind: of }) => of !== "hidden")
    .map(({ element }) => element);
  const asked = fieldList(query);
  if (asked) return asked;
  if (kind === "xml" || param(query, "sysparm_default_export_fields") === "all") return every;
  const layout = viewFields(instance, table, param(query, "sysparm_view") ?? "");
  return layout?.filter((field) => field !== "sys_id") ?? every;
}

function read(
  instance: Instance,
  request: ApiRequest,
  table: Table,
  fields: string[],
  displayValue: "true" | "false",
): Record<string, string | null>[] {
  const { query, session } = request;
  const serialiser = new Serialiser(instance, session, table, { displayValue, excludeLink: true, fields });
  const { rows } = listRecords(instance, session, table, {
    query: param(query, "sysparm_query") ?? nameValueQuery(instance, table, query),
    limit: query.has("sysparm_record_count")
      ? limit(query, 10_000, "sysparm_record_count")
      : limit(query, 10_000),
    offset: offset(query),
    columns: serialiser.needed,
    count: false,
  });
  return rows.map((row) => JSON.parse(serialiser.write(row)) as Record<string, string | null>);
}

/** Names of columns, or labels where the property `glide.csv.export.labels` wants them. */
function heads(instance: Instance, table: Table, fields: string[]): string[] {
  const property = instance.store.get(
    "SELECT value FROM sys_properties WHERE name = 'glide.csv.export.labels'",
  );
  if (text(property, "value") !== "true") return fields;
  return fields.map((field) => table.columns.get(field)?.label ?? field);
}

function csv(names: string[], fields: string[], records: Record<string, string | null>[]): string {
  const line = (cells: string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
  return [line(names), ...records.map((record) => line(fields.map((field) => record[field] ?? "")))]
    .map((row) => `${row}\r\n`)
    .join("");
}

function xml(table: Table, fields: string[], records: Record<string, string | null>[]): string {
  const bodies = records.map((record) => {
    const cells = fields
      .filter((field) => !field.includes("."))
      .map((field) => `<${field}>${escapeXml(record[field] ?? "")}</${field}>`);
    return `<${table.name}>${cells.join("")}</${table.name}>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><xml>${bodies.join("")}</xml>`;
}
