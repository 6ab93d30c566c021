import type { User } from "../users/users";
import type { Instance } from "../core/instance";
import { knownUsers } from "../seed/known-users";
import { stamp } from "../clock/time";
import { grid, html, type Html } from "../http/html";
import type { Shown } from "./records";

export function account(user: User): Shown {
  const body = html`<div class="card">
    <h1>${user.name}</h1>
    <p><code>${user.userName}</code>, time zone ${user.timeZone}</p>
    <p>Roles: ${roles(user)}</p>
  </div>`;
  return { title: user.name, body };
}

function roles(user: User): string {
  return [...user.roles].sort().join(", ") || "none";
}

export function users(instance: Instance): Shown {
  const rows = ["admin", ...knownUsers.map((known) => known.userName)].flatMap((name) => {
    const user = instance.users.byName(name);
    return user ? [[html`<code>${name}</code>`, user.name, roles(user), user.timeZone]] : [];
  });
  const body = html`<div class="card">
    <h1>Users</h1>
    <p>
      The password of every user of the demo data is the user name. There are more users in the
      <a href="/table?name=sys_user">table</a>.
    </p>
    ${grid("Users", ["Sign-in", "Name", "Roles", "Time zone"], rows)}
  </div>`;
  return { title: "Users", body };
}

export function clients(instance: Instance): Shown {
  const secret = (client: Record<string, unknown>): Html | string => {
    if (client.client_id === "demo-client") return html`<code>demo-secret</code>`;
    return client.public_client === 1 ? "none, PKCE instead" : "kept";
  };
  const rows = instance.store
    .all("SELECT * FROM oauth_entity ORDER BY name")
    .map((row) => [row.name, html`<code>${row.client_id}</code>`, secret(row), row.redirect_url]);
  const body = html`<div class="card">
    <h1>OAuth clients</h1>
    ${grid("OAuth clients", ["Name", "Client id", "Secret", "Redirect URL"], rows)}
    <p><small>http://127.0.0.1:*/* stands for any address of this machine.</small></p>
  </div>`;
  return { title: "OAuth clients", body };
}

export function log(instance: Instance): Shown {
  const rows = [...instance.log]
    .reverse()
    .slice(0, 100)
    .map((entry) => [
      stamp(entry.time),
      entry.user,
      `${entry.method} ${entry.url}`,
      entry.status,
      entry.milliseconds,
      entry.faults.join(", "),
    ]);
  const body = html`<div class="card">
    <h1>Last requests</h1>
    <p>The newest first. <a href="/log">Look again</a></p>
    ${grid("Last requests", ["Time", "User", "Request", "Status", "ms", "Faults"], rows)}
  </div>`;
  return { title: "Requests", body };
}
