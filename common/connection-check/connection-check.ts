import { users } from "../apis/user/user";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { hiddenFields } from "./account";
import { noUser, roles, signIn, tokenLife, zone } from "./connection";
import { attempt, type Finding } from "./finding";
import { deleteAudit, invalidQuery, journal, metadata, tableRights } from "./rights";

export type { Finding } from "./finding";

/** What {@link checkConnection} found. */
export interface ConnectionCheck {
  /** No finding is a problem. */
  healthy: boolean;
  /** Who is signed in, when it could be found out. */
  user: { name: string; userName: string; timeZone: string } | null;
  /** In the order they were looked at. */
  findings: Finding[];
  /** Everything as text, problems first, to be read or sent. */
  text: string;
}

/** What the connection is for. */
export interface ConnectionCheckOptions extends CallOptions {
  /** Tables the work is about. @default incident */
  tables?: readonly string[];
  /** Milliseconds since 1970, for tests. @default Date.now */
  now?: () => number;
}

/**
 * Checks a connection and what the account may do on it: address, hibernation, sign-in, token life, roles, time zone and
 * clock, the meaning of date literals, rights to tables, dictionary, choices, journal and delete audit, access rules on
 * queries, what happens to invalid queries, and rate limits. Reads only.
 *
 * @returns findings, never a thrown error but for cancelled calls
 */
export async function checkConnection(
  client: ServiceNow,
  options: ConnectionCheckOptions = {},
): Promise<ConnectionCheck> {
  const { tables: named = ["incident"], now = Date.now, ...call } = options;
  const tables = named.map((table) => table.trim()).filter(Boolean);
  const findings: Finding[] = [];
  const first = await signIn(client, call, now);
  findings.push(...first.findings);
  let user: ConnectionCheck["user"] = null;
  if (first.ok) {
    const found = await attempt(() => users(client).current(call));
    const current = "value" in found ? found.value : null;
    if (current) user = { name: current.name, userName: current.user_name, timeZone: current.time_zone };
    const parts = await Promise.all([
      current ? roles(client, current, call) : noUser(),
      zone(client, user?.timeZone ?? "", call),
      Promise.resolve(tokenLife(client, now())),
      ...tables.map((table) => tableRights(client, table, call)),
      ...tables.map((table) => hiddenFields(client, table, call)),
      metadata(client, call),
      journal(client, call),
      deleteAudit(client, call),
      ...tables.slice(0, 1).map((table) => invalidQuery(client, table, call)),
    ]);
    findings.push(...parts.flat());
  }
  return {
    healthy: findings.every(({ status }) => status !== "problem"),
    user,
    findings,
    text: toText(client.origin, user, findings),
  };
}

function toText(origin: string, user: ConnectionCheck["user"], findings: Finding[]): string {
  const order = ["problem", "warning", "unknown", "ok"] as const;
  const lines = [
    `Connection to ${origin}${user ? ` as ${user.name || user.userName} (${user.userName})` : ""}`,
  ];
  for (const status of order) {
    for (const finding of findings.filter((entry) => entry.status === status)) {
      lines.push(
        `${status.toUpperCase().padEnd(8)} ${finding.check}: ${finding.what}.${finding.ask && status !== "ok" ? ` ${finding.ask}.` : ""}`.replace(
          /\.\./g,
          ".",
        ),
      );
    }
  }
  return lines.join("\n");
}
