import type { ServiceNow } from "../../common";
import { knowledge, type Article, type ArticleHit, type SearchKnowledge } from "../../common/apis/knowledge";
import { requiredText, textList, wrongInput } from "./input";
import { isSysId } from "./resolve";

const PAGE = 100;

/** Fields as the knowledge API takes them; none where none were asked for. */
export function fieldList(fields: unknown): { fields?: string[] } {
  const list = textList(fields);
  return list.length > 0 ? { fields: list } : {};
}

/** Result fields that hold the state in any case, since the summary needs it. */
export function withState(fields: unknown): string[] | undefined {
  const list = textList(fields);
  return list.length > 0 ? [...new Set([...list, "workflow_state"])] : undefined;
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

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** HTML as a person reads it: blocks become lines, tags go, entities are resolved. */
export function plainText(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<(br|\/p|\/div|\/li|\/h[1-6]|\/tr)\b[^>]*>/gi, "\n")
    .replace(/<[^>]+>/g, "")
    .replace(/&(?:#(\d+)|([a-z]+));/gi, (all, code: string | undefined, name: string | undefined) =>
      code ? String.fromCodePoint(Number(code)) : (ENTITIES[(name ?? "").toLowerCase()] ?? all),
    )
    .replace(/[ \t]+/g, " ")
    .replace(/\s*\n\s*/g, "\n")
    .trim();
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
