import type { Instance } from "../core";
import { errors } from "../http/errors";
import { fieldList, limit, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { result, type ApiRequest, type ApiResponse } from "../http/types";
import { listRecords } from "../records/list";
import { fixedId } from "../random";
import { isStored, Serialiser } from "../records/serialise";
import { toWire, type Row } from "../store/values";
import { readable } from "./table";

const base = "sn_km_api/knowledge/articles";

/** The Knowledge API: published articles that the user may read. */
export function knowledgeApi(instance: Instance, router: Router): void {
  router.on("GET", base, (request) => articles(instance, request, ""));
  router.on("GET", `${base}/featured`, (request) => articles(instance, request, "flagged=true"));
  router.on("GET", `${base}/most_viewed`, (request) =>
    articles(instance, request, "ORDERBYDESCsys_view_count"),
  );
  router.on("GET", `${base}/:id`, (request, { id }) => article(instance, request, id!));
  router.on("GET", `${base}/:id/attachments/:attachment`, (request, { id, attachment }) => {
    find(instance, request, id!);
    const stored = instance.store.get(
      "SELECT c.content AS content, a.content_type AS type FROM sys_attachment a JOIN attachment_content c ON c.sys_id = a.sys_id WHERE a.sys_id = ? AND a.table_sys_id = ?",
      [attachment!, id!],
    ) as unknown as { content: Buffer; type: string } | undefined;
    if (!stored) throw errors.noRecord();
    return { status: 200, headers: { "Content-Type": stored.type }, body: stored.content };
  });
}

function articles(instance: Instance, request: ApiRequest, condition: string): ApiResponse {
  const table = instance.dictionary.get("kb_knowledge")!;
  const { query, session } = request;
  const words = param(query, "query");
  const kb = param(query, "kb");
  const page = { limit: limit(query, 30, "limit"), offset: offset(query, "offset") };
  const parts = [
    "workflow_state=published",
    condition,
    words ? `123TEXTQUERY321=${words.replaceAll("^", "")}` : "",
    kb ? `kb_knowledge_baseIN${kb.replaceAll("^", "")}` : "",
    param(query, "filter") ?? "",
  ];
  const { rows, total } = listRecords(instance, session, table, {
    query: parts.filter(Boolean).join("^"),
    ...page,
    columns: [...table.columns.values()].filter(isStored).map((column) => column.element),
    count: true,
  });
  const fields = fieldList(query, "fields") ?? ["short_description"];
  const serialiser = new Serialiser(instance, session, table, {
    displayValue: "true",
    excludeLink: true,
    fields: [],
  });
  return result({
    meta: {
      start: page.offset,
      end: page.offset + rows.length,
      fields: fields.join(","),
      query: words ?? "",
      filter: param(query, "filter") ?? "",
      kb: kb ?? "",
      language: param(query, "language") ?? "en",
      count: total,
      ts_query_id: fixedId("search", words ?? ""),
      status: { code: 200 },
    },
    articles: rows.map((row, at) => ({
      link: `?id=kb_article_view&sys_kb_id=${row.sys_id}`,
      rank: Math.max(0.1, 10.1 - at / 10),
      id: `kb_knowledge:${row.sys_id}`,
      title: String(row.short_description ?? ""),
      snippet: plainText(String(row.text ?? "")).slice(0, 200),
      score: Math.max(0.1, 10.1 - at / 10),
      number: String(row.number ?? ""),
      fields: Object.fromEntries(
        fields
          .map((name) => table.columns.get(name))
          .filter((column) => column !== undefined)
          .map((column) => [
            column.element,
            {
              display_value: column.reference
                ? instance.displays.of(column.reference, toWire(column, row[column.element]))
                : (serialiser.displayer(column, table)(row[column.element]) ?? ""),
              name: column.element,
              label: column.label,
              type: column.type,
              value: toWire(column, row[column.element]),
            },
          ]),
      ),
    })),
  });
}

function find(instance: Instance, request: ApiRequest, id: string): Row {
  const table = instance.dictionary.get("kb_knowledge")!;
  const byNumber = /^[0-9a-f]{32}$/.test(id) ? undefined : instance.store.find(table, "number", id);
  const row = readable(instance, request, table, byNumber ? String(byNumber.sys_id) : id);
  if (row.workflow_state !== "published") throw errors.noRecord();
  return row;
}

function article(instance: Instance, request: ApiRequest, id: string): ApiResponse {
  const row = find(instance, request, id);
  const table = instance.dictionary.get("kb_knowledge")!;
  if (param(request.query, "update_view") === "true")
    instance.store.update(table.storage, String(row.sys_id), {
      sys_view_count: Number(row.sys_view_count ?? 0) + 1,
    });
  const attachments = instance.store.all(
    "SELECT sys_id, file_name, size_bytes, state FROM sys_attachment WHERE table_name = 'kb_knowledge' AND table_sys_id = ?",
    [String(row.sys_id)],
  );
  const fields = fieldList(request.query, "fields") ?? [];
  return result({
    content: String(row.text ?? ""),
    template: false,
    number: String(row.number ?? ""),
    sys_id: String(row.sys_id),
    short_description: String(row.short_description ?? ""),
    display_attachments: row.display_attachments === 1,
    attachments: attachments.map((file) => ({
      sys_id: file.sys_id,
      file_name: file.file_name,
      size_bytes: String(file.size_bytes ?? ""),
      state: file.state,
    })),
    embedded_content: [],
    fields: Object.fromEntries(
      fields
        .map((name) => table.columns.get(name))
        .filter((column) => column !== undefined)
        .map((column) => [
          column.element,
          { value: toWire(column, row[column.element]), label: column.label, type: column.type },
        ]),
    ),
  });
}

function plainText(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
