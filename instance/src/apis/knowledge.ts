import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { errors } from "../core/errors";
import { fieldList, limit, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { result, type ApiRequest, type ApiResponse } from "../http/types";
import { newId } from "../ids/sys-id";
import { Serialiser } from "../records/serialise";
import { toWire, type Row } from "../store/values";
import { isAvailable } from "./user-criteria";
import { create, findCounted, known, narrowed, readableRow, text } from "./rows";
import type { Session } from "../core/session";

const base = "sn_km_api/knowledge/articles";

/** The Knowledge Management API. Lists hold published, valid articles that the user may read. */
export function knowledgeApi(instance: Instance, router: Router): void {
  router.on("GET", base, (request) => {
    const words = param(request.query, "query") ?? "";
    const search = words === "" ? "" : `^123TEXTQUERY321=${words.replaceAll("^", "")}`;
    return articles(instance, request, { condition: published + search, words });
  });
  router.on("GET", `${base}/featured`, (request) =>
    articles(instance, request, { condition: `${published}^flagged=true`, words: "homepage" }),
  );
  router.on("GET", `${base}/most_viewed`, (request) => {
    const filter = `${published}^sys_view_count>0^ORDERBYDESCsys_view_count^ORDERBYshort_description`;
    return articles(instance, request, { condition: filter, words: "", shownFilter: filter });
  });
  router.on("GET", `${base}/:id`, (request, { id }) => article(instance, request, id));
  router.on("GET", `${base}/:id/attachments/:attachment`, (request, { id, attachment }) => {
    const row = articleOf(instance, request.session, id);
    const stored = instance.store.get(
      `SELECT c.content AS content, a.content_type AS type FROM sys_attachment a
       JOIN attachment_content c ON c.sys_id = a.sys_id WHERE a.sys_id = ? AND a.table_sys_id = ?`,
      [attachment, text(row, "sys_id")],
    ) as unknown as { content: Uint8Array; type: string | null } | undefined;
    if (!stored) throw errors.noRecord();
    return {
      status: 200,
      headers: { "Content-Type": stored.type ?? "application/octet-stream" },
      body: Buffer.from(stored.content),
    };
  });
}

const published = "workflow_state=published^valid_to>=javascript:gs.beginningOfToday()^active=true";

interface Listing {
  condition: string;
  words: string;
  /** What `meta.filter` says in place of the caller's own filter. */
  shownFilter?: string;
}

function articles(
  instance: Instance,
  request: ApiRequest,
  { condition, words, shownFilter }: Listing,
): ApiResponse {
  const { query, session } = request;
  const table = known(instance, "kb_knowledge");
  const bases = param(query, "kb");
  const filter = param(query, "filter") ?? "";
  const page = { limit: limit(query, 30, "limit"), offset: offset(query, "offset") };
  const { rows, total } = findCounted(
    instance,
    session,
    table,
    narrowed(
      `${condition}${readableBases(instance, session)}${bases ? `^kb_knowledge_baseIN${bases.replaceAll("^", "")}` : ""}`,
      filter,
    ),
    page,
  );
  // Clients were seen to repeat the parameter instead of joining the names.
  const fields = [...new Set(query.getAll("fields").flatMap((list) => list.split(",")))]
    .map((name) => name.trim())
    .filter(Boolean);
  const search = newId();
  return result({
    meta: {
      start: page.offset,
      end: page.offset + page.limit,
      fields: fields.join(","),
      query: words,
      filter: shownFilter ?? filter,
      kb: bases ?? "",
      language: param(query, "language") ?? "en",
      count: total,
      ts_query_id: search,
      status: { code: 200 },
    },
    articles: rows.map((row, at) => {
      const rank = page.offset + at + 1;
      const found = words !== "" && shownFilter === undefined;
      return {
        link: `?id=kb_article_view&sys_kb_id=${text(row, "sys_id")}${found ? `&sysparm_rank=${rank}&sysparm_tsqueryId=${search}` : ""}`,
        rank,
        id: `kb_knowledge:${text(row, "sys_id")}`,
        title: text(row, "short_description"),
        snippet: snippet(row, words),
        score: found ? score(row, words) : Number(row.sys_view_count ?? 0),
        number: text(row, "number"),
        tags: [],
        ...(fields.length > 0 ? { fields: fieldsOf(instance, session, table, row, fields) } : {}),
      };
    }),
  });
}

/** Leaves out the knowledge bases whose user criteria keep the user away. */
function readableBases(instance: Instance, session: Session): string {
  const closed = instance.store
    .all("SELECT sys_id FROM kb_knowledge_base")
    .map((row) => text(row, "sys_id"))
    .filter((id) => !isAvailable(instance, session, "kb_knowledge_base", id));
  return closed.length === 0 ? "" : `^kb_knowledge_baseNOT IN${closed.join(",")}^ORkb_knowledge_baseISEMPTY`;
}

/** More for words in the title than for words in the text. */
function score(row: Row, words: string): number {
  const count = (where: string, word: string): number =>
    where.toLowerCase().split(word.toLowerCase()).length - 1;
  const sum = words
    .split(/\s+/)
    .filter(Boolean)
    .reduce(
      (total, word) =>
        total + 5 * count(text(row, "short_description"), word) + count(plain(text(row, "text")), word),
      0.1,
    );
  return Math.round(sum * 1000) / 1000;
}

/** The start of the article as text, with the words sought in bold. */
function snippet(row: Row, words: string): string {
  const start = plain(`${text(row, "short_description")} ${text(row, "text")}`).slice(0, 300);
  const sought = words
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return sought.length === 0 ? start : start.replace(new RegExp(sought.join("|"), "gi"), "<B>$&</B>");
}

function plain(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function fieldsOf(
  instance: Instance,
  session: Session,
  table: Table,
  row: Row,
  names: string[],
): Record<string, unknown> {
  const serialiser = new Serialiser(instance, session, table, {
    displayValue: "all",
    excludeLink: true,
    fields: [],
  });
  const shown: Record<string, unknown> = {};
  for (const name of names) {
    const column = table.columns.get(name);
    if (!column || !instance.access.mayField(session.user, table, name, "read")) continue;
    const value = toWire(column, row[name]);
    shown[name] = {
      display_value:
        column.kind === "reference" && column.reference
          ? instance.displays.of(column.reference, value)
          : (serialiser.displayer(column, table)(row[name]) ?? ""),
      name,
      label: column.label,
      type: column.type,
      value,
    };
  }
  return shown;
}

/**
 * By sys_id or by number.
 *
 * @throws ApiError 404 when there is none that the user may read
 */
function articleOf(instance: Instance, session: Session, id: string): Row {
  const table = known(instance, "kb_knowledge");
  const byNumber = /^[0-9a-f]{32}$/.test(id) ? undefined : instance.store.find(table, "number", id);
  const row = readableRow(instance, session, table, byNumber ? text(byNumber, "sys_id") : id);
  const base = text(row, "kb_knowledge_base");
  if (!row || (base !== "" && !isAvailable(instance, session, "kb_knowledge_base", base)))
    throw errors.noRecord();
  return row;
}

function article(instance: Instance, { query, session }: ApiRequest, id: string): ApiResponse {
  const row = articleOf(instance, session, id);
  // Documented: `update_view` counts as true whatever its value.
  if (query.has("update_view") || (query.has("search_id") && query.has("search_rank")))
    countView(instance, session, row);
  const displayAttachments = row.display_attachments === 1;
  const fields = fieldList(query, "fields");
  return result({
    content: text(row, "text"),
    template: false,
    number: text(row, "number"),
    sys_id: text(row, "sys_id"),
    short_description: text(row, "short_description"),
    display_attachments: displayAttachments,
    ...(displayAttachments ? { attachments: attachmentsOf(instance, row), embedded_content: [] } : {}),
    ...(fields ? { fields: fieldsOf(instance, session, known(instance, "kb_knowledge"), row, fields) } : {}),
  });
}

function countView(instance: Instance, session: Session, row: Row): void {
  instance.store.transaction(() => {
    // A view is no change of the article: its stamps stay.
    instance.store.update("kb_knowledge", text(row, "sys_id"), {
      sys_view_count: Number(row.sys_view_count ?? 0) + 1,
    });
    create(instance, session, "kb_use", {
      article: text(row, "sys_id"),
      user: session.user.sysId,
      viewed: 1,
    });
  });
}

function attachmentsOf(instance: Instance, row: Row): Record<string, string>[] {
  return instance.store
    .all(
      "SELECT sys_id, file_name, size_bytes, state FROM sys_attachment WHERE table_name = 'kb_knowledge' AND table_sys_id = ?",
      [text(row, "sys_id")],
    )
    .map((file) => ({
      sys_id: text(file, "sys_id"),
      file_name: text(file, "file_name"),
      size_bytes: text(file, "size_bytes"),
      state: text(file, "state") || "available_conditionally",
    }));
}
