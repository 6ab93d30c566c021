import { marked } from "marked";

/** Markdown (with GitHub's tables) as HTML, in one line where ServiceNow would show line breaks of the source. */
export const markdownToHtml = (markdown: string): string =>
  marked.parse(markdown, { async: false, gfm: true }).trim();

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
