import { users } from "../apis/user/user";
import { tokenState } from "../oauth/token";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { accountFindings, isUnexplained, signInCauses } from "./account";
import { ask, attempt, ok, said, unknown, warn, type Finding } from "./finding";

/** Address, hibernation, sign-in, clock and rate limit, all from one request. `ok` is false when nothing more can be asked. */
export async function signIn(
  client: ServiceNow,
  call: CallOptions,
  now: () => number,
): Promise<{ ok: boolean; findings: Finding[] }> {
  const asked = now();
  const answer = await attempt(() =>
    client.request({
      ...call,
      path: "/api/now/table/sys_user",
      params: { sysparm_limit: 1, sysparm_fields: "sys_id" },
      operation: "check the connection",
    }),
  );
  if ("error" in answer) {
    const { error } = answer;
    // Only the table is closed: the sign-in itself was accepted.
    if (["acl", "forbidden", "query-rights"].includes(error.kind)) {
      return {
        ok: true,
        findings: [
          ok("sign-in", "The sign-in is accepted"),
          warn(
            "users",
            "The account may not read users",
            ask("read access to the table sys_user, at least to its own record"),
          ),
        ],
      };
    }
    const check = ["sign-in", "unauthenticated", "scope"].includes(error.kind) ? "sign-in" : "address";
    return {
      ok: false,
      findings: [
        { check, status: "problem", what: said(error), ...(error.remedy ? { ask: error.remedy } : {}) },
        ...(isUnexplained(error) ? signInCauses() : []),
      ],
    };
  }
  const { date, headers } = answer.value;
  const findings = [
    ok("address", `${client.origin} answers as ServiceNow does`),
    ok("sign-in", "The sign-in is accepted"),
  ];
  const skew = Math.round((date.getTime() - (asked + now()) / 2) / 1000);
  if (headers["date"] && Math.abs(skew) > 30) {
    findings.push(
      warn(
        "clock",
        `The instance's clock is ${Math.abs(skew)} s ${skew > 0 ? "ahead of" : "behind"} this machine's`,
        "Set the clock of the machine that is wrong; times in events are the instance's",
      ),
    );
  } else findings.push(ok("clock", "The clocks of the instance and this machine agree"));
  const limit = headers["x-ratelimit-limit"];
  findings.push(
    limit
      ? warn(
          "rate-limit",
          `A rate limit of ${limit} requests an hour holds for this account`,
          `A higher limit for this account (Rate Limit Rules, rule ${headers["x-ratelimit-rule"] ?? "unknown"}), or poll less often`,
        )
      : ok("rate-limit", "No rate limit rule holds for the Table API"),
  );
  return { ok: true, findings };
}

/** Life of the token the client holds; nothing where somebody else manages it. */
export function tokenLife(client: ServiceNow, now: number): Finding[] {
  const token = client.token;
  if (!token) return [];
  const minutes = Math.round((token.expiresAt - now) / 60_000);
  const words = `The token lives ${Math.round(token.lifetime / 60)} minutes, ${minutes} of them are left (${tokenState(token, now)})`;
  if (token.lifetime < 120)
    return [
      warn(
        "token",
        words,
        "A longer access token lifespan in the application registry record; 1800 s is usual",
      ),
    ];
  return [
    token.refreshable
      ? ok("token", `${words}; it can be renewed`)
      : warn(
          "token",
          `${words}; there is no refresh token`,
          "Sign in again when it ends, or use a grant that gives a refresh token",
        ),
  ];
}

/** Who is signed in, with which roles. */
export async function roles(
  client: ServiceNow,
  user: { sys_id: string; user_name: string; name: string },
  call: CallOptions,
): Promise<Finding[]> {
  const who = `Signed in as ${user.name || user.user_name} (${user.user_name})`;
  const found = await attempt(() => users(client).roles(user.sys_id, call));
  const account = await accountFindings(client, user, "value" in found ? found.value.roles : null, call);
  if ("error" in found)
    return [ok("user", who), unknown("roles", "The account's roles cannot be read"), ...account];
  const names = found.value.roles;
  if (names.length === 0) {
    return [
      ...account,
      ok("user", who),
      warn(
        "roles",
        "The account has no roles, or may not see them; without one it sees few records",
        ask(
          "a role that may read (and write) the tables it works with, such as itil; where explicit roles are on also snc_internal",
        ),
      ),
    ];
  }
  const shown =
    names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
  const findings = [ok("user", who), ok("roles", `Roles: ${shown}`), ...account];
  if (names.includes("snc_external") && !names.includes("snc_internal")) {
    findings.push(
      warn(
        "roles",
        "The account is an external user (snc_external)",
        ask("the role snc_internal instead of snc_external"),
      ),
    );
  }
  return findings;
}

/** Said instead of {@link roles} when nobody knows who is signed in. */
export function noUser(): Finding[] {
  return [
    unknown(
      "user",
      "Who is signed in cannot be found out",
      ask("read access to the account's own record in sys_user"),
    ),
  ];
}

/** The account's zone, and in which zone the instance reads dates in queries: found out by asking for a record by its own time. */
export async function zone(client: ServiceNow, timeZone: string, call: CallOptions): Promise<Finding[]> {
  const name = timeZone || "the system's";
  const row = await attempt(() =>
    client
      .table("sys_user")
      .first({ ...call, fields: ["sys_id", "sys_updated_on"], query: "sys_updated_onISNOTEMPTY" }),
  );
  if ("error" in row || !row.value?.sys_updated_on)
    return [
      unknown("zone", `The account's time zone is ${name}; how date literals are read could not be tried`),
    ];
  const { sys_id: id, sys_updated_on: time } = row.value;
  const same = await attempt(() =>
    client
      .table("sys_user")
      .page({ ...call, query: `sys_id=${id}^sys_updated_on=${time}`, fields: ["sys_id"], limit: 1 }),
  );
  if ("error" in same)
    return [
      unknown("zone", `The account's time zone is ${name}; how date literals are read could not be tried`),
    ];
  if (same.value.rows.length === 1)
    return [ok("zone", `The account's time zone is ${name}; dates in queries are read as UTC`)];
  return [
    warn(
      "zone",
      `The account's time zone is ${name}; dates in queries are read in that zone, not as UTC`,
      ask("the time zone UTC (Etc/UTC) for the integration's account"),
    ),
  ];
}
