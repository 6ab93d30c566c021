import type { Instance, Session } from "../core";
import type { User } from "../access/users";
import type { PageRequest, PageResponse } from "../oauth/routes";
import { localPath, readForm, redirect } from "../oauth/routes";
import { html as answer } from "../http/types";
import { listRecords } from "../records/list";
import { isStored, Serialiser } from "../records/serialise";
import { knownUsers } from "../seed/people";
import { stamp } from "../time";
import { changeRecords, createRecords, streamOf } from "./demo";
import { html, page, style, type Html } from "./html";

/** The pages for people, behind a sign-in as administrator. Undefined when the path is none of them. */
export function people(instance: Instance, request: PageRequest): PageResponse | undefined {
  const { path } = request;
  if (path === "/instance.css") return { status: 200, headers: { "Content-Type": "text/css" }, body: style };
  if (path === "/favicon.ico") return { status: 204, headers: {}, body: "" };
  const pages: Record<string, (session: Session) => Html | string> = {
    "/": () => tables(instance),
    "/table": (session) => table(instance, session, request.query),
    "/record": (session) => record(instance, session, request.query),
    "/sys_user.do": (session) => account(session.user),
    "/users": () => users(instance),
    "/clients": () => clients(instance),
    "/log": () => log(instance),
    "/demo": () => demo(instance, request),
  };
  const show = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (!show) return undefined;
  const user = request.cookie && instance.users.byId(request.cookie.userId);
  if (!user)
    return redirect(`/login.do?return_to=${encodeURIComponent(localPath(`${path}?${request.rawQuery}`))}`);
  if (!user.admin && path !== "/sys_user.do")
    return answer(
      403,
      page(
        "Not for you",
        html`<div class="card">
          <h1>Sign in as administrator</h1>
          <p>
            These pages show everything. <a href="/logout.do">Sign in as somebody else</a>, such as admin.
          </p>
        </div>`,
      ),
    );
  const session: Session = { user };
  if (request.method === "POST") {
    const form = readForm(request);
    if (path !== "/demo" || form?.get("user_token") !== request.cookie!.userToken)
      return answer(
        400,
        page("Expired", html`<div class="card">The page has expired. Go back, reload and try again.</div>`),
      );
    act(instance, session, form);
    return redirect("/demo");
  }
  const body = show(session);
  return typeof body === "string" ? answer(404, body) : answer(200, page("Instance", body, { nav: true }));
}

function tables(instance: Instance): Html {
  const rows = [...instance.dictionary.tables.values()]
    .map((entry) => {
      const ofClass = entry.name === entry.storage ? "" : " WHERE sys_class_name = ?";
      const count = instance.store.get(
        `SELECT COUNT(*) AS total FROM "${entry.storage}"${ofClass}`,
        ofClass ? [entry.name] : [],
      );
      return { entry, total: Number(count?.total ?? 0) };
    })
    .filter(({ total }) => total > 0)
    .sort((a, b) => a.entry.label.localeCompare(b.entry.label));
  return html`<div class="card">
    <h1>Tables</h1>
    <p>The clock says ${stamp(instance.clock.now())} UTC.</p>
    <table>
      <thead>
        <tr>
          <th>Table</th>
          <th>Name</th>
          <th>Records</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ entry, total }) =>
            html`<tr>
              <td><a href="/table?name=${entry.name}">${entry.label}</a></td>
              <td><code>${entry.name}</code></td>
              <td>${total}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const pageSize = 50;

function table(instance: Instance, session: Session, query: URLSearchParams): Html | string {
  const entry = instance.dictionary.get(query.get("name") ?? "");
  if (!entry) return page("No such table", html`<p>There is no such table.</p>`);
  const asked = query.get("query") ?? "";
  const offset = Math.max(0, Math.trunc(Number(query.get("offset") ?? 0)) || 0);
  const wanted = [
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
  const columns = wanted.filter((name) => entry.columns.has(name)).slice(0, 6);
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
    `/table?${new URLSearchParams({ name: entry.name, query: asked, offset: String(at) })}`;
  return html`<div class="card">
    <h1>${entry.label}</h1>
    <form method="get" action="/table">
      <input type="hidden" name="name" value="${entry.name}" /><label for="query">Encoded query</label
      ><input id="query" name="query" value="${asked}" /><button>Find</button>
    </form>
    <p>
      ${total}
      records${offset > 0 && html`, <a href="${more(Math.max(0, offset - pageSize))}">earlier</a>`}${offset + pageSize < (total ?? 0) && html`, <a href="${more(offset + pageSize)}">more</a>`}
    </p>
    <table>
      <thead>
        <tr>
          ${columns.map((name) => html`<th>${entry.columns.get(name)!.label}</th>`)}
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (row) =>
            html`<tr>
              ${columns.map((name) => html`<td>${row[name]}</td>`)}
              <td><a href="/record?table=${entry.name}&id=${row.sys_id}">open</a></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function record(instance: Instance, session: Session, query: URLSearchParams): Html | string {
  const entry = instance.dictionary.get(query.get("table") ?? "");
  const row = entry && instance.store.byId(entry, query.get("id") ?? "");
  if (!entry || !row) return page("No such record", html`<p>There is no such record.</p>`);
  const actual = instance.dictionary.get(String(row.sys_class_name ?? "")) ?? entry;
  const serialiser = new Serialiser(instance, session, actual, { displayValue: "all", excludeLink: true });
  const shown = JSON.parse(serialiser.write(row)) as Record<
    string,
    { display_value: string | null; value: string }
  >;
  const filled = Object.entries(shown).filter(
    ([name, { display_value, value }]) =>
      (value || display_value) && !(isStored(actual.columns.get(name)!) && value === ""),
  );
  return html`<div class="card">
    <h1>${actual.label}</h1>
    <table>
      ${filled.map(
        ([name, { display_value, value }]) =>
          html`<tr>
            <th>${actual.columns.get(name)?.label}<br /><small>${name}</small></th>
            <td style="white-space:pre-wrap">
              ${display_value}${value !== display_value && value && html`<br /><small>${value}</small>`}
            </td>
          </tr>`,
      )}
    </table>
  </div>`;
}

function account(user: User): Html {
  return html`<div class="card">
    <h1>${user.name}</h1>
    <p><code>${user.userName}</code>, time zone ${user.timeZone}</p>
    <p>Roles: ${[...user.roles].sort().join(", ") || "none"}</p>
  </div>`;
}

function users(instance: Instance): Html {
  return html`<div class="card">
    <h1>Users</h1>
    <p>The password of every user of the demo data is the user name.</p>
    <table>
      <thead>
        <tr>
          <th>Sign-in</th>
          <th>Name</th>
          <th>Roles</th>
          <th>Time zone</th>
        </tr>
      </thead>
      <tbody>
        ${["admin", ...knownUsers.map((known) => known.userName)].map((name) => {
          const user = instance.users.byName(name);
          return (
            user &&
            html`<tr>
              <td><code>${name}</code></td>
              <td>${user.name}</td>
              <td>${[...user.roles].sort().join(", ") || "none"}</td>
              <td>${user.timeZone}</td>
            </tr>`
          );
        })}
      </tbody>
    </table>
  </div>`;
}

function clients(instance: Instance): Html {
  const rows = instance.store.all("SELECT * FROM oauth_entity ORDER BY name");
  return html`<div class="card">
    <h1>OAuth clients</h1>
    <table>
      <thead>
        <tr>
          <th>Name</th>
          <th>Client id</th>
          <th>Secret</th>
          <th>Redirect URL</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <td>${row.name}</td>
              <td><code>${row.client_id}</code></td>
              <td>
                ${row.client_id === "demo-client" ? html`<code>demo-secret</code>` : row.public_client === 1 ? "none, PKCE instead" : "kept"}
              </td>
              <td>${row.redirect_url}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p><small>http://127.0.0.1:*/* stands for any address of this machine.</small></p>
  </div>`;
}

function log(instance: Instance): Html {
  return html`<div class="card">
    <h1>Last requests</h1>
    <table>
      <thead>
        <tr>
          <th>Time</th>
          <th>User</th>
          <th>Request</th>
          <th>Status</th>
          <th>ms</th>
          <th>Faults</th>
        </tr>
      </thead>
      <tbody>
        ${[...instance.log]
          .reverse()
          .slice(0, 100)
          .map(
            (entry) =>
              html`<tr>
                <td>${stamp(entry.time)}</td>
                <td>${entry.user}</td>
                <td>${entry.method} ${entry.url}</td>
                <td>${entry.status}</td>
                <td>${entry.milliseconds}</td>
                <td>${entry.faults.join(", ")}</td>
              </tr>`,
          )}
      </tbody>
    </table>
  </div>`;
}

function demo(instance: Instance, request: PageRequest): Html {
  const stream = streamOf(instance);
  const token = html`<input type="hidden" name="user_token" value="${request.cookie!.userToken}" />`;
  const button = (action: string, text: string): Html =>
    html`<form class="inline" method="post" action="/demo">
      ${token}<input type="hidden" name="action" value="${action}" /><button>${text}</button>
    </form> `;
  return html`<div class="card">
    <h1>Demo records</h1>
    <p>Make something happen that a trigger can see.</p>
    ${button("create", "Create an incident")}${button("create10", "Create ten")}${button("change", "Change an incident")}${
      stream.running ? button("stop", "Stop the steady stream") : button("start", "Start a steady stream")
    }
    <p role="status">
      ${stream.running ? `One incident every two seconds; ${stream.made} made so far.` : stream.last}
    </p>
  </div>`;
}

function act(instance: Instance, session: Session, form: URLSearchParams): void {
  const stream = streamOf(instance);
  switch (form.get("action")) {
    case "create":
      stream.last = `Created ${createRecords(instance, session, 1).join(", ")}.`;
      break;
    case "create10":
      stream.last = `Created ${createRecords(instance, session, 10).join(", ")}.`;
      break;
    case "change":
      stream.last = `Changed ${changeRecords(instance, session, 1).join(", ")}.`;
      break;
    case "start":
      stream.start(session);
      break;
    case "stop":
      stream.stop();
      break;
  }
}
