import type { Instance } from "../core/instance";
import type { PageRequest, PageResponse } from "../auth/routes";
import { localPath, readForm, redirect } from "../auth/routes";
import { html as answer } from "../http/types";
import { changeRecords, createRecords, streamOf } from "./demo";
import { html, page, style, type Html } from "../http/html";
import { account, clients, log, users } from "./lists";
import { record, table, tables, type Shown } from "./records";
import type { Session } from "../core/session";

/** The pages for people, behind a sign-in as administrator. Undefined when the path is none of them. */
export function people(instance: Instance, request: PageRequest): PageResponse | undefined {
  const { path } = request;
  if (path === "/instance.css") return { status: 200, headers: { "Content-Type": "text/css" }, body: style };
  if (path === "/favicon.ico") return { status: 204, headers: {}, body: "" };
  const pages: Record<string, (session: Session) => Shown | undefined> = {
    "/": () => tables(instance, request.query),
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
    const token = request.cookie?.userToken;
    if (path !== "/demo" || !form || token === undefined || form.get("user_token") !== token)
      return answer(
        400,
        page("Expired", html`<div class="card">The page has expired. Go back, reload and try again.</div>`),
      );
    act(instance, session, form);
    return redirect("/demo");
  }
  const nav = { path, user: user.name };
  const shown = show(session);
  if (!shown)
    return answer(
      404,
      page("Not there", html`<div class="card"><h1>There is no such thing here</h1></div>`, { nav }),
    );
  return answer(200, page(shown.title, shown.body, { nav }));
}

function demo(instance: Instance, request: PageRequest): Shown {
  const stream = streamOf(instance);
  const token = html`<input type="hidden" name="user_token" value="${request.cookie?.userToken}" />`;
  const button = (action: string, text: string): Html =>
    html`<form class="inline" method="post" action="/demo">
      ${token}<input type="hidden" name="action" value="${action}" /><button>${text}</button>
    </form> `;
  const body = html`<div class="card">
    <h1>Demo records</h1>
    <p>Make something happen that a trigger can see.</p>
    ${button("create", "Create an incident")}${button("create10", "Create ten")}${button("change", "Change an incident")}${
      stream.running ? button("stop", "Stop the steady stream") : button("start", "Start a steady stream")
    }
    <p role="status">
      ${stream.running ? `One incident every two seconds; ${stream.made} made so far.` : stream.last}
    </p>
  </div>`;
  return { title: "Demo records", body };
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
