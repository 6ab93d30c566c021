import { htmlToMarkdown as convert } from "@mdream/js/core";

/** HTML as Markdown: tables, lists, code and links stay readable, entities are resolved, scripts and styles go. */
export const htmlToMarkdown = (html: string): string => convert(html).trim();

/** What a journal shows as HTML and not as text. */
const CODE = /\[code\]([\s\S]*?)\[\/code\]/gi;

/** The text of a journal entry as Markdown: what stands between `[code]` marks is HTML there. */
export function journalToMarkdown(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(CODE)) {
    parts.push(text.slice(from, match.index).trim(), htmlToMarkdown(match[1] ?? ""));
    from = match.index + match[0].length;
  }
  if (from === 0) return text;
  parts.push(text.slice(from).trim());
  return parts.filter(Boolean).join("\n\n");
}
