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

/** Served as /instance.css. */
export const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; color: #1d2b34; background: #f4f6f7 }
header { background: #1f3a3d; color: #fff; padding: .7rem 1.5rem; display: flex; gap: 1.5rem; align-items: baseline }
header a { color: #bfe3d4; text-decoration: none } header strong { font-size: 1.1rem }
main { max-width: 72rem; margin: 1.5rem auto; padding: 0 1.5rem } main.narrow { max-width: 26rem }
.card { background: #fff; border: 1px solid #d9e0e3; border-radius: 6px; padding: 1rem 1.3rem; margin-bottom: 1.2rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #e5eaec; vertical-align: top }
td { overflow-wrap: anywhere } label { display: block; margin: .6rem 0 .2rem } input, select { font: inherit; padding: .35rem .5rem; width: 100%; box-sizing: border-box }
button { font: inherit; padding: .4rem 1rem; border: 1px solid #1f6f5c; border-radius: 4px; background: #1f7f68; color: #fff; cursor: pointer; margin-top: .8rem }
button.plain { background: #fff; color: #1d2b34; border-color: #9fb0b7 } form.inline { display: inline } .error { color: #a3262a } small { color: #5a6b73 }
code { background: #eef2f3; padding: 0 .25rem }`;

/** A whole page. */
export function page(title: string, body: Html, options: { narrow?: boolean; nav?: boolean } = {}): string {
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
            options.nav &&
            html`<a href="/">Tables</a><a href="/demo">Demo records</a><a href="/users">Users</a
              ><a href="/clients">OAuth clients</a><a href="/log">Requests</a>`
          }
        </header>
        <main class="${options.narrow ? "narrow" : ""}">${body}</main>
      </body>
    </html>`.text;
}
