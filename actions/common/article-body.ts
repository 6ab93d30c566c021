import { optionOf } from "./input";
import { markdownToHtml } from "./rich-text";

export const TEXT_FORMATS = [
  { label: "HTML", value: "html" },
  { label: "Markdown", value: "markdown" },
] as const;

/** The body of an article as ServiceNow stores it: HTML. */
export function articleBody<T extends string | undefined>(text: T, format: string | undefined): T | string {
  const written = optionOf(format, TEXT_FORMATS, "Text Format") ?? "html";
  return text && written === "markdown" ? markdownToHtml(text) : text;
}
