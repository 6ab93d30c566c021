import { users } from "../apis/user";
import { common } from "../apis/call";
import type { CallOptions, ServiceNow } from "../client";
import { isServiceNowError, type ServiceNowError } from "../errors";
import type { Finding } from "./finding";

/** What the account must be like for the instance to let it in; the usual causes behind an answer that names none. */
const ACCOUNT_ASKS = [
  "use an account and a role of its own for this integration and for nothing else",
  'leave "Web service access only" off for that account, since OAuth needs to be able to sign in interactively; the account must be active and not locked out',
  "give its role read ACLs on oauth_credential: one for the table and one for oauth_credential.*",
  "give the account the role snc_internal where the explicit roles plugin is active",
];

export interface SignedIn {
  sysId: string;
  userName: string;
  name: string;
  timeZone: string;
}

/** Whether the instance is there, awake and lets the account in. Without a user the diagnosis ends here. */
export async function checkSignIn(
  client: ServiceNow,
  options: CallOptions,
  now: () => number,
): Promise<{ findings: Finding[]; user: SignedIn | null; reached: boolean }> {
  try {
    const answer = await client.request({
      ...common(options),
      path: "/api/now/table/sys_user",
      params: { sysparm_limit: 1, sysparm_fields: "sys_id", sysparm_no_count: true },
      doing: "sign in",
    });
    const findings: Finding[] = [
      { area: "address", level: "ok", what: `${client.origin} is a ServiceNow instance and answers` },
      clock(answer.date.getTime() - now()),
    ];
    const user = await users(client).current(common(options));
    if (!user) return { findings: [...findings, ...unknownUser()], user: null, reached: true };
    findings.push({ area: "sign-in", level: "ok", what: `Signed in as ${user.name} (${user.user_name})` });
    const { sys_id: sysId, user_name: userName, name, time_zone: timeZone } = user;
    return { findings, user: { sysId, userName, name, timeZone }, reached: true };
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    const refused = error.status === 403;
    if (refused) return { findings: unknownUser(), user: null, reached: true };
    return { findings: failed(error), user: null, reached: false };
  }
}

function unknownUser(): Finding[] {
  return [
    {
      area: "sign-in",
      level: "warning",
      what: "The sign-in is accepted, and the account may not read its own user record",
      ask: "let the integration account read its own record in sys_user (at least user_name, name and time_zone)",
    },
  ];
}

function failed(error: ServiceNowError): Finding[] {
  const what = error.message;
  switch (error.kind) {
    case "network":
      return [{ area: "address", level: "problem", what, remedy: error.remedy ?? "Check the instance address" }];
    case "not-servicenow":
    case "login-page":
      return [{ area: "address", level: "problem", what }];
    case "hibernating":
      return [{ area: "hibernation", level: "problem", what }];
    case "unauthenticated":
    case "sign-in":
      return [{ area: "sign-in", level: "problem", what }, ...accountCauses("signs in")];
    case "server":
    case "timeout":
      // A hardened instance lets the sign-in run into the gateway's time-out instead of refusing it.
      return error.status === 504 || error.kind === "timeout"
        ? [{ area: "sign-in", level: "problem", what }, ...accountCauses("signs in without an answer (504)")]
        : [{ area: "address", level: "problem", what }];
    case "rate-limit":
    case "busy":
      return [{ area: "rate-limit", level: "problem", what }];
    default:
      return [{ area: "sign-in", level: "problem", what }];
  }
}

function accountCauses(how: string): Finding[] {
  return ACCOUNT_ASKS.map((ask) => ({
    area: "account",
    level: "info",
    what: `The instance does not say why; an account that ${how} may lack this: ${ask}`,
    ask,
  }));
}

function clock(aheadMs: number): Finding {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds < 30) return { area: "clock", level: "ok", what: "The clocks of the instance and of this computer agree" };
  return {
    area: "clock",
    level: "info",
    what: `The instance's clock is ${seconds} seconds ${aheadMs > 0 ? "ahead of" : "behind"} this computer's. Reading changes does not mind; signed tokens (JWT) do`,
  };
}
