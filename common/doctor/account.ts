import { common, isRefusal, where } from "../apis/call";
import { users } from "../apis/user";
import type { CallOptions, ServiceNow } from "../client";
import { isServiceNowError } from "../errors";
import type { Finding } from "./finding";
import type { SignedIn } from "./sign-in";

/** Roles, flags, zone and token of the account. */
export async function checkAccount(
  client: ServiceNow,
  user: SignedIn,
  options: CallOptions,
  now: () => number,
): Promise<{ findings: Finding[]; roles: string[] }> {
  const call = common(options);
  const [roles, flags, credential] = await Promise.all([
    rolesOf(client, user, call),
    flagsOf(client, user, call),
    credentialFinding(client, call),
  ]);
  const findings = [...roleFindings(user, roles), ...flags, zoneFinding(user), credential, ...tokenFindings(client, now)];
  return { findings, roles: roles ?? [] };
}

async function rolesOf(client: ServiceNow, user: SignedIn, call: CallOptions): Promise<string[] | null> {
  try {
    const { roles } = await users(client).roles(user.sysId, call);
    return roles.length > 0 ? roles : null;
  } catch (error) {
    if (isServiceNowError(error)) return null;
    throw error;
  }
}

function roleFindings(user: SignedIn, roles: string[] | null): Finding[] {
  if (!roles) {
    return [
      {
        area: "roles",
        level: "info",
        what: `The roles of ${user.userName} cannot be seen, or it has none. An account without roles sees empty lists instead of refusals`,
        ask: `make sure that the account ${user.userName} has snc_internal (where the explicit roles plugin is active) and a role that may read the tables it works with, such as itil or sn_incident_read`,
      },
    ];
  }
  const findings: Finding[] = [{ area: "roles", level: "ok", what: `Roles: ${roles.join(", ")}` }];
  if (!roles.includes("snc_internal") && !roles.includes("snc_external")) {
    findings.push({
      area: "roles",
      level: "warning",
      what: "The account has neither snc_internal nor snc_external. With the explicit roles plugin it then sees nothing",
      ask: `give the account ${user.userName} the role snc_internal`,
    });
  }
  if (roles.includes("admin")) {
    findings.push({
      area: "account",
      level: "info",
      what: "The account is an administrator. An integration is safer with an account and a role of its own",
      ask: "use an account and a role of its own for this integration and for nothing else",
    });
  }
  return findings;
}

async function flagsOf(client: ServiceNow, user: SignedIn, call: CallOptions): Promise<Finding[]> {
  try {
    const row: Record<string, string> = await client.table("sys_user").get(user.sysId, {
      ...call,
      fields: ["active", "locked_out", "web_service_access_only", "password_needs_reset"],
    });
    const findings: Finding[] = [];
    if (row["web_service_access_only"] === "true") {
      findings.push({
        area: "account",
        level: "warning",
        what: 'The account is "Web service access only". OAuth with a browser or a password needs an account that can sign in interactively',
        ask: `switch "Web service access only" off for the account ${user.userName}, or use another OAuth grant (client credentials)`,
      });
    }
    if (row["password_needs_reset"] === "true") {
      findings.push({
        area: "account",
        level: "warning",
        what: "The account must change its password at the next sign-in, which an integration cannot do",
        ask: `clear "Password needs reset" for the account ${user.userName}`,
      });
    }
    return findings;
  } catch (error) {
    if (isServiceNowError(error)) return [];
    throw error;
  }
}

function zoneFinding(user: SignedIn): Finding {
  if (!user.timeZone) {
    return {
      area: "time-zone",
      level: "info",
      what: "The account has no time zone of its own and follows the system's, which cannot be read. Stored times are UTC anyway; display values are not",
      ask: `set the time zone of the account ${user.userName} to UTC (GMT), so that dates it shows need no conversion`,
    };
  }
  const utc = /^(UTC|GMT|Etc\/(UTC|GMT)|Europe\/London)$/.test(user.timeZone);
  return utc && user.timeZone !== "Europe/London"
    ? { area: "time-zone", level: "ok", what: `The account's time zone is ${user.timeZone}` }
    : {
        area: "time-zone",
        level: "info",
        what: `The account's time zone is ${user.timeZone}. Stored times are UTC; display values and gs. date functions are in this zone`,
      };
}

/** Hardened instances renew a sign-in only for accounts that may read the table of tokens. */
async function credentialFinding(client: ServiceNow, call: CallOptions): Promise<Finding> {
  const ask = "give the role of the integration account read ACLs on oauth_credential: one for the table and one for oauth_credential.*";
  try {
    const page = await client
      .table("oauth_credential")
      .page({ ...call, query: where([["type", "=", "access_token"]]), fields: ["sys_id"], limit: 1 });
    if (page.rows.length > 0 || page.total === 0) {
      return { area: "oauth-credential", level: "ok", what: "The account may read oauth_credential" };
    }
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    if (!isRefusal(error)) return { area: "oauth-credential", level: "info", what: "oauth_credential could not be checked" };
  }
  return {
    area: "oauth-credential",
    level: "info",
    what: "The account may not read oauth_credential. Most instances do not mind; hardened ones then break off the renewal of OAuth tokens (504, access_denied)",
    ask,
  };
}

function tokenFindings(client: ServiceNow, now: () => number): Finding[] {
  const life = client.token;
  if (!life) return [];
  const left = Math.round((life.expiresAt - now()) / 1000);
  const findings: Finding[] = [
    {
      area: "token",
      level: "ok",
      what: `The access token lives ${life.lifetime} seconds, ${left} of them are left${life.refreshable ? "; it is renewed by itself" : ""}`,
    },
  ];
  if (life.lifetime < 300) {
    findings.push({
      area: "token",
      level: "warning",
      what: `Access tokens live only ${life.lifetime} seconds, so that they are renewed all the time`,
      ask: "raise Access Token Lifespan of the OAuth application registry record to 1800 seconds",
    });
  }
  return findings;
}
