import { htmlToMarkdown as convert } from "@mdream/js/core";
import { marked } from "marked";

/** HTML as Markdown: tables, lists, code and links stay readable, entities are resolved, scripts and styles go. */
export const htmlToMarkdown = (html: string): string => convert(html).trim();

/** Markdown (with GitHub's tables) as HTML, in one line where ServiceNow would show line breaks of the source. */
export const markdownToHtml = (markdown: string): string =>
  marked.parse(markdown, { async: false, gfm: true }).trim();

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

/** Markdown as a journal entry that shows it formatted. A `[/code]` inside would end the block, so its bracket is written as an entity. */
export function markdownToJournal(markdown: string): string {
  const html = markdownToHtml(markdown).replaceAll(/\[(\/?code)\]/gi, "&#91;$1]");
  // A journal shows each line break of the source.
  return `[code]${withoutBreaks(html)}[/code]`;
}

/** Line breaks go where they are none of the text: everywhere but in preformatted blocks. */
const withoutBreaks = (html: string): string =>
  html
    .split(/(<pre[\s\S]*?<\/pre>)/)
    .map((part) => (part.startsWith("<pre") ? part.replaceAll("\n", "<br>") : part.replaceAll(/\n+/g, " ")))
    .join("")
    .replaceAll(/> </g, "><");
