import { users } from "./apis/user";
import { accountFindings, hiddenFields, isUnexplained, signInCauses } from "./doctor/account";
import type { CallOptions, ServiceNow } from "./client";
import { isServiceNowError, type ServiceNowError } from "./errors";
import { tokenState } from "./auth/token";

/** One thing that was looked at. */
export interface Finding {
  /** Stable name of the check: `sign-in`, `zone`, `journal` … */
  check: string;
  /** `problem` stops the work, `warning` limits it, `unknown` could not be found out. */
  status: "ok" | "warning" | "problem" | "unknown";
  /** What was found, in a sentence. */
  what: string;
  /** What to ask the administrator for, ready to be sent. */
  ask?: string;
}

export interface Diagnosis {
  /** No finding is a problem. */
  healthy: boolean;
  /** Who is signed in, when it could be found out. */
  user: { name: string; userName: string; timeZone: string } | null;
  findings: Finding[];
  /** Everything as text, problems first, to be read or sent. */
  text: string;
}

export interface DoctorOptions extends CallOptions {
  /** Tables the work is about. @default incident */
  tables?: readonly string[];
  now?: () => number;
}

/** A column name that no table has. */
const NO_COLUMN = "no_such_column_of_any_table";

/**
 * Checks a connection and what the account may do on it: address, hibernation, sign-in, token life, roles, time zone and
 * clock, the meaning of date literals, rights to tables, dictionary, choices, journal and delete audit, access rules on
 * queries, what happens to invalid queries, and rate limits. Reads only.
 *
 * @returns findings, never a thrown error but for cancelled calls
 */
export async function doctor(client: ServiceNow, options: DoctorOptions = {}): Promise<Diagnosis> {
  const { tables = ["incident"], now = Date.now, ...call } = options;
  const findings: Finding[] = [];
  const first = await signIn(client, call, now);
  findings.push(...first.findings);
  let user: Diagnosis["user"] = null;
  if (first.ok) {
    const found = await attempt(() => users(client).current(call));
    const current = "value" in found ? found.value : null;
    if (current) user = { name: current.name, userName: current.user_name, timeZone: current.time_zone };
    const parts = await Promise.all([
      current ? roles(client, current, call) : noUser(),
      zone(client, user?.timeZone ?? "", call),
      tokenLife(client, now()),
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

async function signIn(
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
      doing: "check the connection",
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
        { check, status: "problem", what: error.message, ...(error.remedy ? { ask: error.remedy } : {}) },
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

function tokenLife(client: ServiceNow, now: number): Finding[] {
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

async function roles(
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

function noUser(): Finding[] {
  return [
    unknown(
      "user",
      "Who is signed in cannot be found out",
      ask("read access to the account's own record in sys_user"),
    ),
  ];
}

async function zone(client: ServiceNow, timeZone: string, call: CallOptions): Promise<Finding[]> {
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

async function tableRights(client: ServiceNow, table: string, call: CallOptions): Promise<Finding[]> {
  const check = `table ${table}`;
  const found = await attempt(() =>
    client.table(table).page({
      ...call,
      query: "ORDERBYDESCsys_updated_on",
      fields: ["sys_id", "sys_updated_on", "sys_created_on"],
      limit: 20,
    }),
  );
  if ("error" in found) {
    const { error } = found;
    if (error.kind === "invalid-table")
      return [
        {
          check,
          status: "problem",
          what: `There is no table ${table}`,
          ask: `Check the name, and that the plugin of ${table} is active`,
        },
      ];
    if (error.kind === "query-rights")
      return [
        problem(
          check,
          `The account may not order or filter ${table} by sys_updated_on`,
          ask(
            `read and query access (query_match, query_range) to ${table} and its columns sys_id, sys_created_on and sys_updated_on`,
          ),
        ),
      ];
    return [problem(check, error.message, ask(`a role that may read ${table}`))];
  }
  const { rows, total } = found.value;
  if (rows.length === 0 && total)
    return [
      problem(
        check,
        `${total} records of ${table} match and none may be read: access rules hide them`,
        ask(`read access to the records of ${table} (a role such as itil or sn_${table}_read)`),
      ),
    ];
  if (rows.length === 0) return [ok(check, `${table} may be read and is empty`)];
  const last = rows[rows.length - 1];
  if (!last?.sys_updated_on || !last.sys_created_on) {
    return [
      problem(
        check,
        `The columns sys_created_on and sys_updated_on of ${table} are hidden`,
        ask(`read access to ${table}.sys_created_on and ${table}.sys_updated_on; polling needs them`),
      ),
    ];
  }
  const findings = [ok(check, `${table} may be read (${total ?? "an unknown number of"} records)`)];
  const ranged = await attempt(() =>
    client.table(table).page({
      ...call,
      query: `sys_updated_on>${rows[0]?.sys_updated_on ?? ""}`,
      fields: ["sys_id", "sys_updated_on"],
      limit: 20,
    }),
  );
  const before =
    "value" in ranged &&
    ranged.value.rows.some((row) => row.sys_updated_on < (rows[0]?.sys_updated_on ?? ""));
  if ("error" in ranged || before) {
    findings.push(
      problem(
        `${check} queries`,
        `A condition on sys_updated_on of ${table} is ${before ? "ignored" : "refused"}, so changes cannot be polled`,
        ask(`query_range access to ${table}.sys_updated_on and ${table}.sys_id`),
      ),
    );
  } else findings.push(ok(`${check} queries`, `${table} can be filtered by time`));
  const hidden = total !== null && rows.length < Math.min(20, total);
  if (hidden)
    findings.push(
      warn(
        `${check} rows`,
        `Some records of ${table} are hidden from the account`,
        ask(`read access to all records of ${table}, if it should see them`),
      ),
    );
  return findings;
}

async function metadata(client: ServiceNow, call: CallOptions): Promise<Finding[]> {
  const readable = async (table: string, query: string): Promise<boolean | null> => {
    const page = await attempt(() =>
      client.table(table).page({ ...call, query, fields: ["sys_id"], limit: 1 }),
    );
    return "error" in page
      ? ["acl", "forbidden", "query-rights"].includes(page.error.kind)
        ? false
        : null
      : page.value.rows.length > 0;
  };
  const [dictionary, tables, choices] = await Promise.all([
    readable("sys_dictionary", "name=task^elementISNOTEMPTY"),
    readable("sys_db_object", "name=task"),
    readable("sys_choice", "name=task^elementISNOTEMPTY^ORname=incident"),
  ]);
  const one = (check: string, may: boolean | null, what: string, table: string): Finding =>
    may === true
      ? ok(check, `${what} can be read`)
      : may === false
        ? warn(
            check,
            `${what} cannot be read, so names must be typed instead of chosen`,
            ask(
              `read access to ${table} and its columns (a role such as itil, or personalize_dictionary for columns)`,
            ),
          )
        : unknown(check, `Whether ${what.toLowerCase()} can be read could not be found out`);
  return [
    one("dictionary", dictionary, "The columns of tables", "sys_dictionary"),
    one("tables", tables, "The list of tables", "sys_db_object"),
    one("choices", choices, "The choices of columns", "sys_choice"),
  ];
}

async function journal(client: ServiceNow, call: CallOptions): Promise<Finding[]> {
  const right = ask(
    "read access to the table sys_journal_field (its rows, and the columns element, element_id and value)",
  );
  const page = await attempt(() =>
    client
      .table("sys_journal_field")
      .page({ ...call, query: "elementINcomments,work_notes", fields: ["sys_id", "value"], limit: 5 }),
  );
  if ("error" in page) return [warn("journal", "Comments and work notes cannot be read one by one", right)];
  const { rows, total } = page.value;
  if (rows.some((row) => row.value === undefined))
    return [warn("journal", "The text of comments and work notes is hidden", right)];
  if (rows.length > 0) return [ok("journal", "Comments and work notes can be read one by one")];
  return total
    ? [warn("journal", `${total} comments and work notes exist and none may be read`, right)]
    : [
        unknown(
          "journal",
          "There are no comments or work notes to try, or the account may not see them",
          right,
        ),
      ];
}

async function deleteAudit(client: ServiceNow, call: CallOptions): Promise<Finding[]> {
  const page = await attempt(() =>
    client
      .table("sys_audit_delete")
      .page({ ...call, query: "ORDERBYsys_created_on", fields: ["sys_id", "sys_created_on"], limit: 1 }),
  );
  const right = ask("read access to the table sys_audit_delete, which usually needs admin");
  if ("error" in page) return [warn("deletions", "Deleted records cannot be seen", right)];
  const oldest = page.value.rows[0];
  if (oldest) return [ok("deletions", `Deleted records can be seen, back to ${oldest.sys_created_on} UTC`)];
  return page.value.total
    ? [warn("deletions", "Deleted records are recorded and hidden from the account", right)]
    : [unknown("deletions", "No deletion is recorded, or the account may not see them", right)];
}

async function invalidQuery(client: ServiceNow, table: string, call: CallOptions): Promise<Finding[]> {
  const page = await attempt(() =>
    client.table(table).page({ ...call, query: `${NO_COLUMN}=x`, fields: ["sys_id"], limit: 1 }),
  );
  if ("error" in page || page.value.rows.length === 0)
    return [ok("invalid-query", "A query on a column that does not exist finds nothing")];
  return [
    warn(
      "invalid-query",
      "A query on a column that does not exist is ignored, and gives every record",
      "Check the spelling of columns in filters. The administrator can set glide.invalid_query.returns_no_rows to true, which concerns the whole instance",
    ),
  ];
}

async function attempt<T>(task: () => Promise<T>): Promise<{ value: T } | { error: ServiceNowError }> {
  try {
    return { value: await task() };
  } catch (error) {
    if (!isServiceNowError(error) || error.kind === "aborted") throw error;
    return { error };
  }
}

const ok = (check: string, what: string): Finding => ({ check, status: "ok", what });
const warn = (check: string, what: string, words: string): Finding => ({
  check,
  status: "warning",
  what,
  ask: words,
});
const problem = (check: string, what: string, words: string): Finding => ({
  check,
  status: "problem",
  what,
  ask: words,
});
const unknown = (check: string, what: string, words?: string): Finding => ({
  check,
  status: "unknown",
  what,
  ...(words ? { ask: words } : {}),
});
const ask = (right: string): string => `Please give the integration's account ${right}`;

function toText(origin: string, user: Diagnosis["user"], findings: Finding[]): string {
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
