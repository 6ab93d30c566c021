import addComment from "../../actions/add-comment/add-comment";
import addWorkNote from "../../actions/add-work-note/add-work-note";
import { markdownToHtml, markdownToJournal } from "../../actions/common/rich-text";
import { htmlToMarkdown, journalToMarkdown } from "../../apps/servicenow/readable-text";
import createArticle from "../../actions/create-article/create-article";
import createIncident from "../../actions/create-incident/create-incident";
import getArticle from "../../actions/get-article/get-article";
import listNotes from "../../actions/list-notes/list-notes";
import updateArticle from "../../actions/update-article/update-article";
import { useInstance, type Row } from "../helpers/action-suite";

const { run, read } = useInstance({ incidents: 5 });

test.each<[string, string, string]>([
  ["cells of a table", "<table><tr><td>db1</td><td>22</td></tr></table>", "| db1 | 22 |\n| --- | --- |"],
  [
    "a table with a head",
    "<table><thead><tr><th>Host</th><th>Port</th></tr></thead><tbody><tr><td>db1</td><td>22</td></tr></tbody></table>",
    "| Host | Port |\n| --- | --- |\n| db1 | 22 |",
  ],
  ["cells without their table", "<td>db1</td><td>22</td>", "db1 22"],
  ["comparisons as entities", "<p>1 &lt; 2 and 3 &gt; 2</p>", "1 < 2 and 3 > 2"],
  ["bare comparisons", "1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
  ["entities by name, number and hex", "<p>&uuml; &euro; &#x2019; &#33; &hellip;</p>", "ü € ’ ! …"],
  ["numbers that are no character", "<p>a &#99999999; b &#0; c</p>", "a \uFFFD b \uFFFD c"],
  ["preformatted text", "<pre>if x:\n    y()</pre>", "```\nif x:\n    y()\n```"],
  [
    "code with its language",
    '<pre><code class="language-sh">ls -l\n  pwd</code></pre>',
    "```sh\nls -l\n  pwd\n```",
  ],
  ["lists", "<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>", "- one\n  - two\n- three"],
  ["steps", "<ol><li>Open</li><li>Close</li></ol>", "1. Open\n2. Close"],
  ["scripts and styles", "<p>A &amp; B</p><script>x()</script><style>p{}</style><p>C</p>", "A & B\n\nC"],
  [
    "links",
    '<p>See <a href="https://example.com/x?a=1&amp;b=2">this</a></p>',
    "See [this](https://example.com/x?a=1&b=2)",
  ],
  ["text that looks like Markdown", "<p># 1 * 2 _x_</p>", "\\# 1 \\* 2 \\_x\\_"],
  ["nothing", "", ""],
])("HTML as Markdown keeps %s", (_, html, markdown) => {
  expect(htmlToMarkdown(html)).toBe(markdown);
});

test("a body of a megabyte, and one of 20,000 open elements, take no longer than their length asks", () => {
  const time = (html: string) => {
    const began = performance.now();
    htmlToMarkdown(html);
    return performance.now() - began;
  };
  const paragraph = "<p>a <b>b</b> &amp; c</p>";
  time(paragraph.repeat(5_000));
  const [short, long] = [time(paragraph.repeat(10_000)), time(paragraph.repeat(40_000))];
  // Four times the text; a quadratic reader would need sixteen times as long.
  expect(long / short).toBeLessThan(12);
  expect(htmlToMarkdown(`${"<div>".repeat(20_000)}deep`)).toBe("deep");
});

test("Markdown there and back is the same Markdown", () => {
  const markdown = [
    "# Reset your password",
    "Open **the** portal, then:",
    "1. Choose *Reset*\n2. Wait",
    "- one\n- two",
    "| Host | Port |\n| --- | --- |\n| db1 | 22 |",
    "```sh\nls -l\n  pwd\n```",
    "> Quoted",
    "[Portal](https://example.com/x?a=1&b=2)",
  ].join("\n\n");
  expect(htmlToMarkdown(markdownToHtml(markdown))).toBe(markdown);
});

test.each<[string, string, string]>([
  ["plain text as it is", "Called back\n 1 < 2 &amp; no <b>", "Called back\n 1 < 2 &amp; no <b>"],
  ["a block of HTML", "[code]<b>Restarted</b> db1[/code]", "**Restarted** db1"],
  [
    "text around blocks",
    "Before\n[code]<i>a</i>[/code]\nbetween [CODE]<b>c</b>[/CODE] after",
    "Before\n\n*a*\n\nbetween\n\n**c**\n\nafter",
  ],
  ["a block that does not end", "[code]<b>x</b>", "[code]<b>x</b>"],
])("a journal entry as Markdown: %s", (_, text, markdown) => {
  expect(journalToMarkdown(text)).toBe(markdown);
});

test("Markdown in a journal is one block without line breaks, comes back, and cannot end its block", () => {
  const markdown = "**Restarted**\n\n- db1\n- db2\n\n```\nif x:\n    y()\n```";
  const entry = markdownToJournal(markdown);
  expect(entry).toMatch(/^\[code\]<p><strong>Restarted<\/strong><\/p><ul>.*<\/pre>\[\/code\]$/);
  expect(entry).not.toContain("\n");
  expect(journalToMarkdown(entry)).toBe(markdown);
  const tricky = markdownToJournal("see [/code] and [code]");
  expect(tricky.match(/\[\/?code\]/g)).toEqual(["[code]", "[/code]"]);
  expect(journalToMarkdown(tricky)).toContain("[/code]");
});

test("an article is written as Markdown, stored as HTML and read as Markdown", async () => {
  const text = "Open the **portal**\n\n| Host | Port |\n| --- | --- |\n| db1 | 22 |";
  const made = await run(createArticle, {
    knowledgeBase: "IT",
    title: "Markdown",
    text,
    textFormat: "markdown",
  });
  const { sys_id: article } = made.result as { sys_id: string };
  expect((await read("kb_knowledge", article)).text).toMatch(
    /^<p>Open the <strong>portal<\/strong><\/p>\s*<table>/,
  );
  const body = async () =>
    ((await run(getArticle, { articleId: article, asText: true })).result as Row).content;
  expect(await body()).toBe(text);
  await run(updateArticle, { article, text: "*New*", textFormat: "Markdown" });
  expect(await body()).toBe("*New*");
  await run(updateArticle, { article, text: "*as it is*" });
  expect((await read("kb_knowledge", article)).text).toBe("*as it is*");
  await expect(run(updateArticle, { article, text: "x", textFormat: "rtf" })).rejects.toThrow(/Text Format/);
});

test("comments and work notes are written as Markdown and listed as Markdown", async () => {
  const { number } = (await run(createIncident, { shortDescription: "Notes" })).result as { number: string };
  await run(addComment, { task: number, comment: "**Done**", asMarkdown: true });
  await run(addWorkNote, { task: number, workNote: "1. a\n2. b", asMarkdown: true });
  await run(addWorkNote, { task: number, workNote: "plain *text*" });
  const texts = async (asMarkdown: boolean) =>
    ((await run(listNotes, { task: number, asMarkdown })).result as Row[]).map(({ text }) => text).sort();
  expect(await texts(true)).toEqual(["**Done**", "1. a\n2. b", "plain *text*"]);
  expect(await texts(false)).toEqual([
    "[code]<ol><li>a</li><li>b</li></ol>[/code]",
    "[code]<p><strong>Done</strong></p>[/code]",
    "plain *text*",
  ]);
});
