import { common, isRefusal } from "../http/api-call";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { isServiceNowError, type ServiceNowError } from "../errors";
import type { Finding } from "./finding";

/** What a hardened instance wants of the account before it renews its sign-in. */
const HARDENING: { check: string; what: string; ask: string }[] = [
  {
    check: "own account",
    what: "The account should belong to this integration alone",
    ask: "Please use an account and a role of its own for this integration, and for nothing else",
  },
  {
    check: "interactive sign-in",
    what: "OAuth needs an account that is active, not locked out and able to sign in interactively",
    ask: 'Please leave "Web service access only" off for the integration\'s account, and check that it is active and not locked out',
  },
  {
    check: "oauth_credential",
    what: "The account may lack read access to oauth_credential, the table of tokens",
    ask: "Please give the role of the integration's account read ACLs on oauth_credential: one for the table and one for oauth_credential.*",
  },
  {
    check: "explicit roles",
    what: "With the explicit roles plugin an account without snc_internal may do nothing",
    ask: "Please give the integration's account the role snc_internal",
  },
];

/** True when the instance broke a sign-in off or refused it without a reason. */
export function isUnexplained(error: ServiceNowError): boolean {
  return ["sign-in", "unauthenticated"].includes(error.kind) || error.status === 504;
}

/** The usual causes of a sign-in that is refused (`access_denied`) or runs into a gateway time-out (504), each with its request. */
export function signInCauses(): Finding[] {
  return HARDENING.map(({ check, what, ask }) => ({ check, status: "unknown", what, ask }));
}

/** What can be seen of the account itself: its flags, its roles, and whether it may read the table of tokens. */
export async function accountFindings(
  client: ServiceNow,
  user: { sys_id: string; user_name: string },
  roles: readonly string[] | null,
  options: CallOptions,
): Promise<Finding[]> {
  const call = common(options);
  const [flags, tokens] = await Promise.all([
    flagFindings(client, user.sys_id, call),
    tokenTable(client, call),
  ]);
  return [...flags, ...roleFindings(roles), tokens];
}

function roleFindings(roles: readonly string[] | null): Finding[] {
  if (!roles?.length) return [];
  const findings: Finding[] = [];
  if (roles.includes("admin")) {
    findings.push({
      check: "own account",
      status: "ok",
      what: "The account is an administrator; an account and a role of its own with fewer rights are safer for an integration",
    });
  }
  const explicit = roles.includes("snc_internal") || roles.includes("snc_external");
  findings.push(
    explicit
      ? {
          check: "explicit roles",
          status: "ok",
          what: "The account has the role the explicit roles plugin asks for",
        }
      : {
          ...asWarning("explicit roles"),
          what: "The account has neither snc_internal nor snc_external; with the explicit roles plugin it sees nothing",
        },
  );
  return findings;
}

async function flagFindings(client: ServiceNow, id: string, call: CallOptions): Promise<Finding[]> {
  try {
    const row: Record<string, string> = await client
      .table("sys_user")
      .get(id, { ...call, fields: ["web_service_access_only", "password_needs_reset"] });
    const findings: Finding[] = [];
    if (row["web_service_access_only"] === "true") {
      findings.push({
        ...asWarning("interactive sign-in"),
        what: 'The account is "Web service access only", which keeps it from signing in for an OAuth connection',
      });
    }
    if (row["password_needs_reset"] === "true") {
      findings.push({
        check: "password",
        status: "warning",
        what: "The account must change its password at the next sign-in, which an integration cannot do",
        ask: 'Please clear "Password needs reset" for the integration\'s account',
      });
    }
    return findings;
  } catch (error) {
    if (isServiceNowError(error)) return [];
    throw error;
  }
}

async function tokenTable(client: ServiceNow, call: CallOptions): Promise<Finding> {
  const check = "oauth_credential";
  try {
    const page = await client.table("oauth_credential").page({ ...call, fields: ["sys_id"], limit: 1 });
    if (page.rows.length > 0) {
      return { check, status: "ok", what: "The account may read oauth_credential, the table of tokens" };
    }
    if (page.total === 0) {
      const what =
        "oauth_credential, the table of tokens, has nothing yet to see whether the account may read it";
      return { ...asWarning(check), status: "unknown", what };
    }
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    if (!isRefusal(error)) return { check, status: "unknown", what: "oauth_credential could not be checked" };
  }
  return {
    ...asWarning(check),
    status: "unknown",
    what: "The account may not read oauth_credential. Most instances do not mind; hardened ones break off the sign-in of an OAuth connection (504, access_denied)",
  };
}

function asWarning(check: string): Finding {
  const known = HARDENING.find((entry) => entry.check === check);
  return { check, status: "warning", what: known?.what ?? "", ...(known ? { ask: known.ask } : {}) };
}

/** Columns of every task table; some of them missing means that the fields inherited from `task` need rules of their own. */
const FROM_TASK = ["number", "short_description", "state", "assigned_to"];

/** Fields of a table that the account gets silently left out. */
export async function hiddenFields(
  client: ServiceNow,
  table: string,
  options: CallOptions,
): Promise<Finding[]> {
  try {
    const { rows } = await client.table(table).page({ ...common(options), limit: 1 });
    const row = rows[0] as Record<string, unknown> | undefined;
    if (!row || !["number", "short_description"].some((name) => name in row)) return [];
    const missing = FROM_TASK.filter((name) => !(name in row));
    if (missing.length === 0) return [];
    const names = missing.join(", ");
    return [
      {
        check: `table ${table} fields`,
        status: "warning",
        what: `${table} comes without ${names}: fields the account may not read are left out without a word`,
        ask: `Please give the integration's account read ACLs on the fields ${names} of ${table}; fields inherited from task may need rules of their own`,
      },
    ];
  } catch (error) {
    // The table's own finding tells of it.
    if (isServiceNowError(error)) return [];
    throw error;
  }
}
