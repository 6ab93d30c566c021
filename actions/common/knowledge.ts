import type { ServiceNow } from "../../common";
import { resultOf } from "../../common/http/api-call";
import { htmlToMarkdown } from "../../apps/servicenow/readable-text";
import { isTrue, requiredText, textList, wrongInput } from "./input";
import { isSysId } from "../../common/sys-id";
import { resolveRecord } from "./resolve";
import { ARTICLE_FIELDS, type ResultProps } from "./results";
import { fixedFields } from "./fixed-fields";
import { writeRecord, type ResultRecord } from "./write";
import type { Warnings } from "./report";
import { textOf } from "../../common/table/cells";

const PAGE = 100;

const ARTICLES = "/api/sn_km_api/knowledge/articles";
const NEEDS = "the plugin Knowledge API (sn_km_api)";

/** A hit of a search as the API gives it (`id`, `number`, `title`, `snippet`, `score`, `fields` …), and the article's sys_id. */
export type ArticleHit = Record<string, unknown> & { sys_id: string };

interface ArticleSearch {
  words: string;
  bases: readonly string[];
  fields: readonly string[];
  language?: string | undefined;
  max: number;
}

const bareId = (id: unknown) => textOf(id).replace(/^kb_knowledge:/, "");

/** Articles of a search, page after page up to a maximum. */
export async function searchArticles(
  client: ServiceNow,
  search: ArticleSearch,
): Promise<{ articles: ArticleHit[]; more: boolean }> {
  const { words, bases, fields, language, max } = search;
  const articles: ArticleHit[] = [];
  for (;;) {
    const limit = Math.min(PAGE, max - articles.length);
    const page = await resultOf<{ meta?: { count?: unknown }; articles?: Record<string, unknown>[] }>(
      client,
      {
        path: ARTICLES,
        params: { query: words, kb: bases, fields, language, limit, offset: articles.length || undefined },
        operation: "search the knowledge base",
        needs: NEEDS,
      },
    );
    const hits = page.articles ?? [];
    articles.push(...hits.map((hit) => ({ ...hit, sys_id: bareId(hit.id) })));
    const more = Number(page.meta?.count ?? 0) > articles.length;
    if (hits.length === 0 || articles.length >= max || !more) return { articles, more };
  }
}

/** The id of an article, also from the composite id of a search result. */
export function articleId(input: unknown): string {
  const text = requiredText(input, "Article", "KB0010002").replace(/^kb_knowledge:/, "");
  if (!isSysId(text) && !/^[A-Za-z]+\d+$/.test(text))
    throw wrongInput("Article must be a sys_id or a number such as KB0010002.");
  return text;
}

/** An article as the API gives it, with its body in the form and length asked for; `truncated` says that something was cut. */
export async function readArticle(
  client: ServiceNow,
  id: string,
  props: { fields?: string[] | undefined; asText?: boolean | undefined; maxLength?: number | undefined },
): Promise<Record<string, unknown>> {
  const article = await resultOf<Record<string, unknown>>(client, {
    path: `${ARTICLES}/${id}`,
    params: { fields: textList(props.fields) },
    operation: `read article ${id}`,
    needs: NEEDS,
  });
  const html = textOf(article.content);
  const content = isTrue(props.asText) ? htmlToMarkdown(html) : html;
  const whole = { ...article, sys_id: bareId(article.sys_id), content };
  if (!props.maxLength || content.length <= props.maxLength) return whole;
  return { ...whole, content: content.slice(0, props.maxLength), truncated: true };
}

/** Publishes or retires an article. Its knowledge base may send it through a workflow instead, and the summary says so. */
export async function moveArticle(
  client: ServiceNow,
  props: ResultProps & { article: string },
  state: "published" | "retired",
): Promise<{ record: ResultRecord; summary: string; warnings: Warnings }> {
  const setBy = state === "published" ? "Publish Article" : "Retire Article";
  const values = fixedFields(props, { workflow_state: [setBy, state] }, "Update Article");
  const { sys_id: id, number } = await resolveRecord(client, "kb_knowledge", props.article, "Article");
  const wanted = textList(props.resultFields);
  const { record, warnings } = await writeRecord(client, id, {
    table: "kb_knowledge",
    values,
    // The summary needs the state, whatever was asked for.
    props: { ...props, ...(wanted.length > 0 ? { resultFields: [...wanted, "workflow_state"] } : {}) },
    summaryFields: ARTICLE_FIELDS,
  });
  const reached = textOf(record.workflow_state);
  const summary =
    reached.toLowerCase() === state
      ? `${state === "published" ? "Published" : "Retired"} article ${number}`
      : `Article ${number} is now in state "${reached}": its knowledge base has a workflow for this`;
  return { record, summary, warnings };
}
