/** A piece of HTML that is safe to put into another. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Value = Html | string | number | undefined | null | false | readonly Value[];

/** A template whose values are escaped, unless they are HTML already. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(strings.map((text, at) => text + (at < values.length ? render(values[at]) : "")).join(""));
}

function render(value: Value): string {
  if (value === undefined || value === null || value === false) return "";
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join("");
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A table with a head, which scrolls by itself where the page is too narrow for it. */
export function grid(label: string, heads: string[], rows: Value[][]): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => (head === "" ? html`<td></td>` : html`<th scope="col">${head}</th>`))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Served as /instance.css. */
export const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; color: #1d2b34; background: #f4f6f7 }
header { background: #1f3a3d; color: #fff; padding: .7rem 1.5rem; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; align-items: baseline }
header nav { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; flex: 1 } header strong { font-size: 1.1rem }
header a { color: #bfe3d4; text-decoration: none } header a:hover, header span a { text-decoration: underline } header a[aria-current] { color: #fff; border-bottom: 2px solid #bfe3d4 }
main { max-width: 72rem; margin: 1.5rem auto; padding: 0 1.5rem } main.narrow { max-width: 26rem }
h1 { font-size: 1.45rem; line-height: 1.25; margin: .2rem 0 .6rem } a { color: #17614f }
.card { background: #fff; border: 1px solid #d9e0e3; border-radius: 6px; padding: 1rem 1.3rem; margin-bottom: 1.2rem }
.scroll { overflow-x: auto } .scroll code { white-space: nowrap } .scroll td { overflow-wrap: break-word; min-width: 4rem; max-width: 34rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #e5eaec; vertical-align: top }
table.record td { overflow-wrap: anywhere } table.record th { width: 30%; font-weight: 600 } .text { white-space: pre-wrap }
label { display: block; margin: .6rem 0 .2rem } input, select { font: inherit; padding: .35rem .5rem; width: 100%; box-sizing: border-box }
.find { display: grid; grid-template-columns: 1fr auto; gap: 0 .6rem; align-items: center } .find label { grid-column: 1 / -1 } .find button { margin-top: 0 }
button { font: inherit; padding: .4rem 1rem; border: 1px solid #1f6f5c; border-radius: 4px; background: #1f7f68; color: #fff; cursor: pointer; margin-top: .8rem }
button.plain { background: #fff; color: #1d2b34; border-color: #9fb0b7 } form.inline { display: inline } .error { color: #a3262a } small { color: #5a6b73 }
code { background: #eef2f3; padding: 0 .25rem; overflow-wrap: anywhere }
@media (max-width: 46rem) { header nav { flex: 1 0 100%; order: 3 } header { justify-content: space-between } }
@media (max-width: 32rem) { header, main { padding-left: .9rem; padding-right: .9rem } .card { padding: .8rem .9rem } }`;

const places: [path: string, name: string][] = [
  ["/", "Tables"],
  ["/demo", "Demo records"],
  ["/users", "Users"],
  ["/clients", "OAuth clients"],
  ["/log", "Requests"],
];

/** A whole page. `nav` shows the places there are, where one is, and as whom. */
export function page(
  title: string,
  body: Html,
  options: { narrow?: boolean; nav?: { path: string; user: string } } = {},
): string {
  const { nav } = options;
  const link = ([path, name]: (typeof places)[number]): Html =>
    html`<a href="${path}" ${nav?.path === path && html`aria-current="page"`}>${name}</a>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <header>
          <strong>ServiceNow-compatible instance</strong>${
            nav &&
            html`<nav aria-label="Places">${places.map(link)}</nav>
              <span>${nav.user}, <a href="/logout.do">sign out</a></span>`
          }
        </header>
        <main class="${options.narrow ? "narrow" : ""}">${body}</main>
      </body>
    </html>`.text;
}
