import type { Instance } from "../core/instance";
import { columnOf, type Column } from "../dictionary/model";
import { listRecords } from "../records/list";
import { isStored, Serialiser } from "../records/serialise";
import { stamp } from "../clock/time";
import { grid, html, type Html } from "../http/html";
import type { Session } from "../core/session";

/** What a page shows below its head. */
export interface Shown {
  title: string;
  body: Html;
}

export function tables(instance: Instance, query: URLSearchParams): Shown {
  const asked = (query.get("find") ?? "").trim();
  const words = asked.toLowerCase();
  const rows = [...instance.dictionary.tables.values()]
    .filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(words))
    .map((entry) => {
      const ofClass = entry.name === entry.storage ? "" : " WHERE sys_class_name = ?";
      const count = instance.store.get(
        `SELECT COUNT(*) AS total FROM "${entry.storage}"${ofClass}`,
        ofClass ? [entry.name] : [],
      );
      return { entry, total: Number(count?.total ?? 0) };
    })
    // An empty table is shown to who asks for it.
    .filter(({ total }) => total > 0 || words !== "")
    .sort((a, b) => a.entry.label.localeCompare(b.entry.label))
    .map(({ entry, total }) => [
      html`<a href="/table?name=${entry.name}">${entry.label}</a>`,
      html`<code>${entry.name}</code>`,
      total,
    ]);
  const body = html`<div class="card">
    <h1>Tables</h1>
    <p>
      Programs find them at <code>${instance.baseUrl}/api/now/table/</code>. The clock says
      ${stamp(instance.clock.now())} UTC.
    </p>
    <form class="find" method="get" action="/">
      <label for="find">Find a table</label><input id="find" name="find" value="${asked}" /><button>
        Find
      </button>
    </form>
    ${rows.length > 0 ? grid("Tables", ["Table", "Name", "Records"], rows) : html`<p>No table is called that.</p>`}
  </div>`;
  return { title: "Tables", body };
}

const pageSize = 50;
/** Columns worth a look, of which a table's list shows the first six that it has. */
const LIST_COLUMNS = [
  "number",
  "name",
  "user_name",
  "short_description",
  "label",
  "title",
  "state",
  "active",
  "sys_updated_on",
  "sys_updated_by",
];

export function table(instance: Instance, session: Session, query: URLSearchParams): Shown | undefined {
  const entry = instance.dictionary.get(query.get("name") ?? "");
  if (!entry) return undefined;
  const asked = query.get("query") ?? "";
  const offset = Math.max(0, Math.trunc(Number(query.get("offset") ?? 0)) || 0);
  const columns = LIST_COLUMNS.filter((name) => entry.columns.has(name)).slice(0, 6);
  const serialiser = new Serialiser(instance, session, entry, {
    displayValue: "true",
    excludeLink: true,
    fields: ["sys_id", ...columns],
  });
  const sort = entry.noUpdateColumns ? "sys_created_on" : "sys_updated_on";
  const { rows, total } = listRecords(instance, session, entry, {
    query: `${asked}^ORDERBYDESC${sort}`,
    limit: pageSize,
    offset,
    columns: serialiser.needed,
    count: true,
  });
  const shown = rows.map((row) => JSON.parse(serialiser.write(row)) as Record<string, string>);
  const more = (at: number): string =>
    `/table?${new URLSearchParams({ name: entry.name, query: asked, offset: String(at) }).toString()}`;
  const body = html`<div class="card">
    <h1>${entry.label}</h1>
    <form class="find" method="get" action="/table">
      <input type="hidden" name="name" value="${entry.name}" /><label for="query">Encoded query</label
      ><input id="query" name="query" value="${asked}" /><button>Find</button>
    </form>
    <p>
      ${total}
      records${offset > 0 && html`, <a href="${more(Math.max(0, offset - pageSize))}">earlier</a>`}${offset + pageSize < (total ?? 0) && html`, <a href="${more(offset + pageSize)}">more</a>`}
    </p>
    ${grid(
      entry.label,
      [...columns.map((name) => columnOf(entry, name).label), ""],
      shown.map((row) => [
        ...columns.map((name) => row[name]),
        html`<a href="/record?table=${entry.name}&id=${row.sys_id}">open</a>`,
      ]),
    )}
  </div>`;
  return { title: entry.label, body };
}

export function record(instance: Instance, session: Session, query: URLSearchParams): Shown | undefined {
  const entry = instance.dictionary.get(query.get("table") ?? "");
  const row = entry && instance.store.byId(entry, query.get("id") ?? "");
  if (!entry || !row) return undefined;
  const actual = instance.dictionary.get(String(row.sys_class_name ?? "")) ?? entry;
  const serialiser = new Serialiser(instance, session, actual, { displayValue: "all", excludeLink: true });
  const shown = JSON.parse(serialiser.write(row)) as Record<string, Value>;
  const filled = Object.entries(shown).filter(
    ([name, { display_value, value }]) =>
      (value || display_value) && !(isStored(columnOf(actual, name)) && value === ""),
  );
  // What every record has comes last.
  const own = (name: string): number => (name.startsWith("sys_") ? 1 : 0);
  const name = instance.displays.of(actual.name, String(row.sys_id));
  const body = html`<div class="card">
    <h1>${name ? `${actual.label} ${name}` : actual.label}</h1>
    <p><a href="/table?name=${actual.name}">All of this table</a></p>
    <table class="record">
      ${filled
        .sort(([a], [b]) => own(a) - own(b))
        .map(([element, value]) => field(instance, columnOf(actual, element), value))}
    </table>
  </div>`;
  return { title: name || actual.label, body };
}

interface Value {
  display_value: string | null;
  value: string;
}

function field(instance: Instance, column: Column, { display_value, value }: Value): Html {
  const { reference } = column;
  const target = reference === undefined ? undefined : instance.dictionary.get(reference);
  const exists = target !== undefined && instance.store.byId(target, value) !== undefined;
  const text = exists
    ? html`<a href="/record?table=${reference}&id=${value}">${display_value || value}</a>`
    : html`<span class="text">${display_value ?? value}</span>`;
  return html`<tr>
    <th scope="row">${column.label}<br /><small>${column.element}</small></th>
    <td>${text}${value && value !== display_value && html`<br /><small>${value}</small>`}</td>
  </tr>`;
}
