import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { tableName, type Params } from "../../http/url";
import type { Reference } from "../../table/types";
import { sysIdOf } from "../../table/values";
import { attachments, type DownloadedFile } from "../attachment/attachment";
import { common, path, resultOf } from "../../http/api-call";
import { textOf } from "../../table/cells";
import { where, type Term } from "../../query/terms";

/** A hit of a search, or an entry of a list of articles. */
export interface ArticleHit {
  /** sys_id of the article (`kb_knowledge`). */
  sys_id: string;
  /** `KB0010002` */
  number: string;
  /** Its short description. */
  title: string;
  /** The place that matches, as text with markup. */
  snippet: string;
  /** The search's own measure, larger is nearer; comparable within one answer only. */
  score: number;
  /** Values of the fields asked for, by name. */
  fields: Record<string, { value: string; display: string; label: string }>;
  /** Address for people. */
  link: string;
}

/** Articles of one page of a list or search. */
export interface ArticleList {
  /** In the order of the instance: best, featured or most viewed first. */
  articles: ArticleHit[];
  /** How many match, as far as the instance says. */
  total: number | null;
}

/** One article as a reader gets it. */
export interface Article {
  /** sys_id of the version that was read. */
  sys_id: string;
  /** `KB0010002` */
  number: string;
  /** Its short description. */
  title: string;
  /** The article as HTML; empty for articles made of a template, see `fields`. */
  content: string;
  /** Values of the fields asked for, by name. */
  fields: ArticleHit["fields"];
  /** Files of the article; read them with {@link Knowledge.attachment}. */
  attachments: { sys_id: string; fileName: string; sizeBytes: string }[];
}

/** What to look for, and where. */
export interface SearchKnowledge extends CallOptions {
  /** Words to look for. */
  text?: string;
  /** Encoded query over `kb_knowledge`. */
  filter?: string;
  /** Columns of `kb_knowledge` to give with each hit. */
  fields?: readonly string[];
  /** sys_ids of knowledge bases. */
  bases?: readonly Reference[];
  /** Two letters, or `all`. */
  language?: string;
  /** @default 30 */
  max?: number;
  /** Hits to pass over. */
  offset?: number;
}

const BASE = "/api/sn_km_api/knowledge/articles";
const NEEDS = "the plugin Knowledge API (sn_km_api)";

/** `knowledge(client).search({ text: "vpn" })` */
export function knowledge(client: ServiceNow): Knowledge {
  return new Knowledge(client);
}

/**
 * Knowledge: searching and reading what is published and open to the account, and writing articles.
 * @see https://www.servicenow.com/docs/csh?topicname=knowledge-api.html
 */
export class Knowledge {
  constructor(readonly client: ServiceNow) {}

  /**
   * Published articles that match, best first. Without words and filter: all the account may read.
   * @throws ServiceNowError `unknown-path` that names the plugin where it is missing
   */
  async search(options: SearchKnowledge = {}): Promise<ArticleList> {
    return this.#list(BASE, "search the knowledge base", options, {
      query: options.text,
      filter: options.filter,
    });
  }

  /** Articles the editors put forward, by the keyword of the feature. */
  async featured(options: SearchKnowledge = {}): Promise<ArticleList> {
    return this.#list(`${BASE}/featured`, "list featured articles", options);
  }

  /** Articles by how often they were read, most first. */
  async mostViewed(options: SearchKnowledge = {}): Promise<ArticleList> {
    return this.#list(`${BASE}/most_viewed`, "list the most viewed articles", options);
  }

  /**
   * One article with its text. @param article sys_id or number
   * @param options `updateView` counts the reading as a view
   */
  async get(
    article: Reference,
    options: CallOptions & { fields?: readonly string[]; updateView?: boolean } = {},
  ): Promise<Article> {
    const id = sysIdOf(article, "article");
    const raw = await resultOf<Record<string, unknown>>(this.client, {
      ...common(options),
      path: path(BASE, id),
      params: { ...options.params, fields: options.fields, update_view: options.updateView || undefined },
      operation: `read article ${id}`,
      needs: NEEDS,
    });
    const files: unknown = raw["attachments"];
    return {
      sys_id: textOf(raw["sys_id"]).replace(/^kb_knowledge:/, ""),
      number: textOf(raw["number"]),
      title: textOf(raw["short_description"]) || textOf(raw["title"]),
      content: textOf(raw["content"]),
      fields: fieldsOf(raw["fields"]),
      attachments: (Array.isArray(files) ? files : []).map((file: unknown) => ({
        sys_id: textOf(Reflect.get(Object(file), "sys_id")),
        fileName: textOf(Reflect.get(Object(file), "file_name")),
        sizeBytes:
          textOf(Reflect.get(Object(file), "size_bytes")) || textOf(Reflect.get(Object(file), "size")),
      })),
    };
  }

  /** A file of an article, under the article's own read rules. */
  async attachment(
    article: Reference,
    attachment: Reference,
    options: CallOptions = {},
  ): Promise<DownloadedFile<ReadableStream<Uint8Array>>> {
    const address = path(BASE, sysIdOf(article, "article"), "attachments", sysIdOf(attachment));
    return attachments(this.client).streamFrom(address, "download the article's attachment", options);
  }

  /** Knowledge bases the account may read, by title. */
  async bases(
    options: CallOptions & { text?: string; max?: number } = {},
  ): Promise<{ sys_id: string; title: string }[]> {
    const terms: Term[] = [["active", "=", "true"]];
    if (options.text?.trim()) terms.push(["title", "LIKE", options.text.trim()]);
    const page = await this.client.table("kb_knowledge_base").page({
      ...common(options),
      query: where(terms, ["title"]),
      fields: ["sys_id", "title"],
      limit: options.max ?? 100,
    });
    return page.rows;
  }

  /** Makes a draft. @returns its sys_id and number */
  async create(
    article: {
      base: Reference;
      title: string;
      text: string;
      category?: Reference;
      other?: Record<string, string>;
    },
    options: CallOptions = {},
  ): Promise<{ sys_id: string; number: string }> {
    return this.client.table(tableName("kb_knowledge")).create(
      {
        kb_knowledge_base: sysIdOf(article.base, "knowledge base"),
        short_description: article.title,
        text: article.text,
        ...(article.category ? { kb_category: sysIdOf(article.category, "category") } : {}),
        ...article.other,
      },
      { ...common(options), fields: ["sys_id", "number"] },
    );
  }

  /**
   * Sets an article to published. A knowledge base with an approval workflow may send it to review instead: the state it really has
   * comes back.
   */
  async publish(article: Reference, options: CallOptions = {}): Promise<{ state: string }> {
    const row = await this.client
      .table("kb_knowledge")
      .update(article, { workflow_state: "published" }, { ...common(options), fields: ["workflow_state"] });
    return { state: row.workflow_state };
  }

  async #list(
    address: string,
    operation: string,
    options: SearchKnowledge,
    params: Params = {},
  ): Promise<ArticleList> {
    const raw = await resultOf<{ meta?: { count?: unknown }; articles?: unknown[] }>(this.client, {
      ...common(options),
      path: address,
      params: {
        ...options.params,
        ...params,
        fields: options.fields,
        kb: options.bases?.map((base) => sysIdOf(base)),
        language: options.language,
        limit: options.max,
        offset: options.offset || undefined,
      },
      operation,
      needs: NEEDS,
    });
    const total = raw.meta?.count;
    return {
      articles: (raw.articles ?? []).map((hit) => this.#hit(hit)),
      total: total === undefined ? null : Number(total),
    };
  }

  #hit(raw: unknown): ArticleHit {
    const get = (key: string): unknown => Reflect.get(Object(raw), key);
    const id = textOf(get("id")).replace(/^[a-z_]+:/, "") || textOf(get("sys_id"));
    const link = textOf(get("link"));
    return {
      sys_id: id,
      number: textOf(get("number")),
      title: textOf(get("title")) || textOf(get("short_description")),
      snippet: textOf(get("snippet")),
      score: Number(get("score") ?? get("rank") ?? 0),
      fields: fieldsOf(get("fields")),
      link: link.startsWith("?") ? `${this.client.origin}/kb_view.do?sys_kb_id=${id}` : link,
    };
  }
}

function fieldsOf(raw: unknown): ArticleHit["fields"] {
  return Object.fromEntries(
    Object.entries(Object(raw) as Record<string, unknown>).map(([name, cell]) => [
      name,
      {
        value: textOf(Reflect.get(Object(cell), "value")),
        display: textOf(cell),
        label: textOf(Reflect.get(Object(cell), "label")) || name,
      },
    ]),
  );
}
