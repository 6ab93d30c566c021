import { columnOf } from "../dictionary/model";
import { createHash } from "node:crypto";
import type { Instance } from "../core/instance";
import { readRecord } from "../http/body";
import { errors, ApiError } from "../core/errors";
import { readMultipart } from "../http/multipart";
import { limit, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { empty, json, result, type ApiRequest, type ApiResponse } from "../http/types";
import { listRecords } from "../records/list";
import { deleteRecord, insertRecord, updateRecord } from "../records/write";
import { toStored, toWire, type Row, type Stored } from "../store/values";
import { parseStamp, stamp } from "../clock/time";
import { found, hasAttachmentRole, mayReadParent, writable } from "./attachment-access";
import { attachmentAttributes } from "./attachment-attributes";
import { nameValueQuery } from "./name-value";
import { readable, tableOf } from "./table";

const keys = [
  "table_sys_id",
  "size_bytes",
  "download_link",
  "sys_updated_on",
  "sys_id",
  "image_height",
  "sys_created_on",
  "file_name",
  "sys_created_by",
  "compressed",
  "average_image_color",
  "sys_updated_by",
  "sys_tags",
  "table_name",
  "image_width",
  "sys_mod_count",
  "content_type",
  "size_compressed",
  "chunk_size_bytes",
  "hash",
  "state",
  "created_by_name",
  "updated_by_name",
];

/** The Attachment API. */
export function attachmentApi(instance: Instance, router: Router): void {
  const table = instance.dictionary.known("sys_attachment");

  router.on("GET", "now/attachment", (request) => {
    const { rows, total } = listRecords(instance, request.session, table, {
      // Name-value pairs filter here too, as several clients rely on.
      query: param(request.query, "sysparm_query") ?? nameValueQuery(instance, table, request.query),
      limit: limit(request.query, 1000),
      offset: offset(request.query),
      columns: [...table.columns.keys()],
      count: true,
    });
    const seen = rows.filter((row) => mayReadParent(instance, request, row));
    return result(
      seen.map((row) => metadata(instance, row)),
      200,
      { "X-Total-Count": String(total) },
    );
  });
  router.on("GET", "now/attachment/:id", (request, { id }) =>
    result(metadata(instance, found(instance, request, id))),
  );
  router.on("GET", "now/attachment/:id/file", (request, { id }) =>
    download(instance, found(instance, request, id)),
  );
  router.on("GET", "now/attachment/:owner/:name/file", (request, { owner, name }) => {
    const row = instance.store.get(
      "SELECT sys_id FROM sys_attachment WHERE table_sys_id = ? AND file_name = ?",
      [owner, name],
    );
    if (!row) throw errors.noRecord();
    return download(instance, found(instance, request, String(row.sys_id)));
  });
  router.on("POST", "now/attachment/file", (request) => {
    const { query } = request;
    return store(instance, request, {
      tableName: param(query, "table_name"),
      recordId: param(query, "table_sys_id"),
      fileName: param(query, "file_name"),
      contentType: request.headers["content-type"] ?? "application/octet-stream",
      createdOn: param(query, "creation_time"),
      content: request.body,
    });
  });
  router.on("POST", "now/attachment/upload", (request) => {
    const { fields, file } = readMultipart(request);
    if (!file) throw errors.badRequest("Failed to create the attachment", "The multipart body holds no file");
    return store(instance, request, {
      tableName: fields.get("table_name"),
      recordId: fields.get("table_sys_id"),
      fileName: fields.get("file_name") ?? file.name,
      contentType: file.contentType,
      createdOn: undefined,
      content: file.content,
    });
  });
  for (const method of ["PATCH", "PUT"])
    router.on(method, "now/attachment/:id", (request, { id }) => {
      const row = writable(instance, request, id, "Update");
      const name = readRecord(request).file_name;
      if (typeof name !== "string" || name === "")
        throw errors.badRequest("Missing required field file_name");
      const values = new Map<string, Stored>([["file_name", toStored(columnOf(table, "file_name"), name)]]);
      updateRecord(instance, request.session, table, String(row.sys_id), {
        values,
        journals: [],
        ignored: [],
      });
      return empty(204);
    });
  router.on("DELETE", "now/attachment/:id", (request, { id }) => {
    const row = writable(instance, request, id, "Delete");
    deleteRecord(instance, request.session, table, String(row.sys_id));
    return empty(204);
  });
  attachmentAttributes(instance, router);
}

function metadata(instance: Instance, row: Row): Record<string, string> {
  const { columns } = instance.dictionary.known("sys_attachment");
  return Object.fromEntries(
    keys.map((key) => {
      if (key === "download_link") return [key, `${instance.baseUrl}/api/now/attachment/${row.sys_id}/file`];
      const [, who] = /^(created|updated)_by_name$/.exec(key) ?? [];
      if (who) return [key, instance.users.byName(String(row[`sys_${who}_by`]))?.name ?? ""];
      const column = columns.get(key);
      return [key, column ? toWire(column, row[key]) : ""];
    }),
  );
}

function download(instance: Instance, row: Row): ApiResponse {
  const stored = instance.store.get("SELECT content FROM attachment_content WHERE sys_id = ?", [
    String(row.sys_id),
  ]) as unknown as { content: Uint8Array } | undefined;
  if (!stored) throw errors.noRecord();
  const name = String(row.file_name ?? "file").replace(/[^\x20-\x7e]|["\\]/g, "_");
  return {
    status: 200,
    headers: {
      "Content-Type": safeType(String(row.content_type ?? "")),
      "Content-Disposition": `attachment;filename="${name}"`,
      "X-Attachment-Metadata": JSON.stringify(metadata(instance, row)).replace(
        /[^\x20-\x7e]/g,
        (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
    },
    body: Buffer.from(stored.content),
  };
}

function safeType(type: string): string {
  return /^[\w.+-]+\/[\w.+-]+(;[\x20-\x7e]*)?$/.test(type) ? type : "application/octet-stream";
}

function store(
  instance: Instance,
  request: ApiRequest,
  file: {
    tableName: string | undefined;
    recordId: string | undefined;
    fileName: string | undefined;
    contentType: string;
    createdOn: string | undefined;
    content: Buffer;
  },
): ApiResponse {
  const { config, dictionary } = instance;
  const { user } = request.session;
  const { tableName, recordId, fileName } = file;
  if (!tableName || !recordId || !fileName)
    throw errors.badRequest(
      "Failed to create the attachment",
      "Missing required parameters. Provide table_name, table_sys_id and file_name",
    );
  const parent = tableOf(instance, tableName);
  readable(instance, request, parent, recordId);
  if (!instance.access.may(user, parent, "write", recordId) || !hasAttachmentRole(instance, user))
    throw errors.aclRefused("Insert");
  if (file.content.length > config.attachmentMaxBytes)
    throw errors.bodyTooLarge(file.content.length, config.attachmentMaxBytes);
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? "";
  const allowed = config.attachmentExtensions
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean);
  if (allowed.length > 0 && !allowed.includes(extension))
    throw new ApiError(403, "Failed to create the attachment", `File extension ${extension} is not allowed`);
  const table = dictionary.known("sys_attachment");
  const [contentType = ""] = safeType(file.contentType).split(";");
  const given: Record<string, string> = {
    file_name: fileName,
    table_name: parent.name,
    table_sys_id: recordId,
    content_type: contentType,
    size_bytes: String(file.content.length),
    size_compressed: String(file.content.length),
    compressed: "true",
    chunk_size_bytes: "700000",
    hash: createHash("sha256").update(file.content).digest("hex"),
    state: "available",
  };
  const values = new Map<string, Stored>();
  for (const [name, value] of Object.entries(given)) {
    const column = table.columns.get(name);
    if (column) values.set(name, toStored({ ...column, maxLength: Math.max(column.maxLength, 100) }, value));
  }
  const created = file.createdOn === undefined ? undefined : parseStamp(file.createdOn);
  if (created !== undefined) values.set("sys_created_on", stamp(created));
  const row = insertRecord(
    instance,
    request.session,
    table,
    { values, journals: [], ignored: [] },
    { suppressAutoFields: created !== undefined },
  );
  instance.store.run("INSERT OR REPLACE INTO attachment_content (sys_id, content) VALUES (?, ?)", [
    String(row.sys_id),
    file.content,
  ]);
  return json(201, JSON.stringify({ result: metadata(instance, row) }), {
    Location: `${instance.baseUrl}/api/now/${request.version ? `${request.version}/` : ""}attachment/${row.sys_id}/file`,
  });
}
