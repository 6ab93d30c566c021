import type { AclRule } from "../access/rules";
import type { Fault } from "../faults/plan";

/** One switch: its default, what it does, and the facts it stands for. */
interface Switch<T> {
  default: T;
  about: string;
}

const on = (about: string): Switch<boolean> => ({ default: true, about });
const off = (about: string): Switch<boolean> => ({ default: false, about });
const number = (value: number, about: string): Switch<number> => ({ default: value, about });
const text = <T extends string>(value: T, about: string): Switch<T> => ({ default: value, about });

/** Every switch of the instance. Real instances differ in these points. */
export const switches = {
  baseUrl: text<string>(
    "",
    "Address used in link, Link and Location; empty means the address the instance listens on",
  ),
  systemTimeZone: text<string>("America/Los_Angeles", "Zone of users who have none of their own"),
  dateLiterals: text<"utc" | "user">(
    "utc",
    "Whether a date literal of a query is read as UTC or in the user's zone",
  ),
  basicAuthGate: off("Refuse basic auth to interactive users, as instances new since Zurich do"),
  explicitRoles: on(
    "A user without any role, not even snc_internal, is nobody: creates nothing and reads only what is open to all",
  ),
  invalidQueryReturnsNoRows: off("A query with an unknown field finds nothing instead of dropping the term"),
  escapedCarets: off("Read ^^ within a query as one caret that belongs to the value"),
  queryAcl: text<"error" | "drop">(
    "error",
    "A query on a column the user may not read: 403, or the term is dropped",
  ),
  unreadableFields: text<"omit" | "empty">("omit", "Columns the user may not read: key absent, or empty"),
  noCountHeader: text<"absent" | "rows" | "total">(
    "absent",
    "X-Total-Count under sysparm_no_count: absent, rows of the page, or the total all the same",
  ),
  negativePrevLink: off("Link of the first page has a prev with a negative offset, as in 2021 and 2022"),
  unstableTies: off(
    "Rows that the order leaves equal come in another order on each page, so that paging by offset loses some and doubles others",
  ),
  unknownUriStatus: number(400, "Status of an unknown API path: 400 or 404"),
  strictChoices: on("A value that is not in the choice list is silently not applied"),
  dataPolicies: on("Resolving an incident needs close_code and close_notes"),
  stateModels: on("Change and problem states move only along their model"),
  adminOnlySysFields: off("Only an admin may write sys_id, sys_created_* and sys_updated_*"),
  deleteAudit: on("Deleted records leave a row in sys_audit_delete"),
  deleteAuditHorizonDays: number(0, "Rows of sys_audit_delete older than this are gone; 0 keeps them"),
  auditInserts: off("Inserts of audited tables leave rows in sys_audit"),
  auditedTables: {
    default: [
      "incident",
      "problem",
      "change_request",
      "sc_req_item",
      "sc_task",
      "change_task",
      "problem_task",
      "sn_customerservice_case",
    ],
    about: "Classes whose changes go into sys_audit",
  } as Switch<string[]>,
  oauthStateRequired: on("The authorization page refuses a request without state"),
  oauthClientCredentials: off("Allow the client_credentials grant"),
  oauthRefreshEchoesToken: on("The answer to a refresh repeats the refresh token"),
  oauthRedirectMismatch: text<"error" | "first">(
    "error",
    "An unregistered redirect URL: error page, or the first registered one is used",
  ),
  oauthJwtKeys: {
    default: {},
    about:
      "Public keys (SPKI, PEM) for JWT bearer assertions, by client id; HMAC assertions use the client secret",
  } as Switch<Record<string, string>>,
  oauthParametersInUrl: off("Take token parameters from the URL as well as from the body"),
  apiKeys: on("Take x-sn-apikey"),
  hibernating: off("Every path answers 200 with the hibernation page"),
  waking: off("Every path answers 200 with the page of an instance that is waking up"),
  maintenance: off("Every path answers 503 with a maintenance page"),
  loginRedirect: off("API calls are redirected to the login page"),
  semaphores: number(
    0,
    "API calls that may run at once; 0 is no limit. More than semaphoreQueue waiting get 429",
  ),
  semaphoreQueue: number(50, "API calls that may wait for a semaphore"),
  sessionQueue: number(
    0,
    "Calls of one cookie session that may wait for their turn, beyond which the answer is 202; 0 is no session order",
  ),
  transactionQuotaSeconds: number(
    60,
    "Table, Aggregate, Import and Attachment calls that take longer (by faults) are cancelled",
  ),
  quotaAnswer: text<"error" | "broken" | "result">(
    "error",
    "What a transaction over its quota answers: status 500; 200 with broken JSON; or 200 with JSON that holds result and error",
  ),
  batchQuotaSeconds: number(30, "Time a batch may take; the rest is left unserviced"),
  skewSeconds: number(0, "How far the clock that stamps records is ahead of the Date header"),
  commitDelaySeconds: number(0, "Every write becomes visible this long after its timestamp"),
  asyncRuleDelaySeconds: number(0, "When async business rules run after the write"),
  attachmentMaxBytes: number(1024 * 1024 * 1024, "Largest attachment"),
  attachmentExtensions: text<string>(
    "",
    "Comma-separated file extensions that may be attached; empty allows all",
  ),
  maxBodyBytes: number(10_485_760, "Largest request body"),
  maxUrlBytes: number(8192, "Longest URL"),
  acls: { default: [], about: "More access rules; see the list of built-in ones" } as Switch<AclRule[]>,
  faults: { default: [], about: "The fault plan" } as Switch<Fault[]>,
  seed: number(1, "Seed of everything random: demo data, faults"),
} as const;

type Switches = typeof switches;
export type Config = {
  -readonly [Name in keyof Switches]: Switches[Name] extends Switch<infer T> ? T : never;
};

export function defaultConfig(): Config {
  return Object.fromEntries(
    Object.entries(switches).map(([name, { default: value }]) => [name, structuredClone(value)]),
  ) as unknown as Config;
}

/**
 * Applies settings to a configuration.
 *
 * @throws Error that names the setting when it is unknown or of the wrong type.
 */
export function applyConfig(config: Config, settings: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(settings)) {
    const known = (switches as Record<string, Switch<unknown>>)[name];
    if (!known || !Object.hasOwn(switches, name))
      throw new Error(`There is no switch "${name}". Known switches: ${Object.keys(switches).join(", ")}.`);
    const wanted = Array.isArray(known.default) ? "array" : typeof known.default;
    const given = Array.isArray(value) ? "array" : typeof value;
    if (wanted !== given)
      throw new Error(`The switch "${name}" takes a ${wanted}, and was given a ${given}.`);
  }
  Object.assign(config, structuredClone(settings));
}
