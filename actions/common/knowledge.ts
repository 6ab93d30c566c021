import type { ServiceNow } from "../../common";
import { knowledge, type Article, type ArticleHit, type SearchKnowledge } from "../../common/apis/knowledge";
import { plainText } from "./html";
import { requiredText, textList, wrongInput } from "./input";
import { isSysId, resolveRecord } from "./resolve";
import { ARTICLE_FIELDS, type ResultProps } from "./results";
import { fieldText } from "./text";
import { updateRecord, type ResultRecord } from "./write";

const PAGE = 100;

/** Fields as the knowledge API takes them; none where none were asked for. */
export function fieldList(fields: unknown): { fields?: string[] } {
  const list = textList(fields);
  return list.length > 0 ? { fields: list } : {};
}

/** Articles of a search, page after page up to a maximum. */
export async function searchArticles(
  client: ServiceNow,
  search: SearchKnowledge & { max: number },
): Promise<{ articles: ArticleHit[]; more: boolean }> {
  const articles: ArticleHit[] = [];
  for (;;) {
    const size = Math.min(PAGE, search.max - articles.length);
    const page = await knowledge(client).search({ ...search, max: size, offset: articles.length });
    articles.push(...page.articles);
    const more = page.total !== null && page.total > articles.length;
    if (page.articles.length < size || articles.length >= search.max || !more) return { articles, more };
  }
}

/** The id of an article, also from the composite id of a search result. */
export function articleId(input: unknown): string {
  const text = requiredText(input, "Article", "KB0010002").replace(/^kb_knowledge:/, "");
  if (!isSysId(text) && !/^[A-Za-z]+\d+$/.test(text))
    throw wrongInput("Article must be a sys_id or a number such as KB0010002.");
  return text;
}

/** An article with its body in the form and length asked for; `truncated` says that something was cut. */
export async function readArticle(
  client: ServiceNow,
  id: string,
  props: { fields?: string[] | undefined; asText?: boolean | undefined; maxLength?: number | undefined },
): Promise<Article & { truncated?: boolean }> {
  const article = await knowledge(client).get(id, fieldList(props.fields));
  const body = props.asText ? plainText(article.content) : article.content;
  if (!props.maxLength || body.length <= props.maxLength) return { ...article, content: body };
  return { ...article, content: body.slice(0, props.maxLength), truncated: true };
}

/** Publishes or retires an article. Its knowledge base may send it through a workflow instead, and the summary says so. */
export async function moveArticle(
  client: ServiceNow,
  props: ResultProps & { article: string },
  state: "published" | "retired",
): Promise<{ record: ResultRecord; summary: string }> {
  const { sys_id: id, number } = await resolveRecord(client, "kb_knowledge", props.article, "Article");
  const wanted = textList(props.resultFields);
  const record = await updateRecord(client, id, {
    table: "kb_knowledge",
    values: { workflow_state: state },
    // The summary needs the state, whatever was asked for.
    props: { ...props, ...(wanted.length > 0 ? { resultFields: [...wanted, "workflow_state"] } : {}) },
    telling: ARTICLE_FIELDS,
  });
  const reached = fieldText(record.workflow_state);
  const summary =
    reached.toLowerCase() === state
      ? `${state === "published" ? "Published" : "Retired"} article ${number}`
      : `Article ${number} is now in state "${reached}": its knowledge base has a workflow for this`;
  return { record, summary };
}
