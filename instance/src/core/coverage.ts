import { switches } from "./config";

/** How far a part of ServiceNow's REST behaviour is there. */
type State = "covered" | "switchable" | "left out";

/** Section of the fact sheet, what it is about, how far it is there, and a word on it. */
export const coverage: [section: string, subject: string, state: State, note: string][] = [
  [
    "1.2",
    "Authorization code, PKCE S256, state, consent, implicit",
    "switchable",
    "oauthStateRequired, oauthRedirectMismatch; what Deny sends is belief",
  ],
  [
    "1.3",
    "Password, refresh, client credentials, JWT bearer",
    "switchable",
    "oauthClientCredentials, oauthRefreshEchoesToken, oauthJwtKeys; one key per client, no JWKS URL",
  ],
  ["1.4", "Token answer, remaining life, one token per user and client", "covered", ""],
  [
    "1.5",
    "One 401 for nearly every failure",
    "covered",
    "unsupported_grant_type answers 400, which is belief",
  ],
  ["1.6", "API access policies and REST auth scopes", "left out", "every token has the scope useraccount"],
  ["1.7", "Basic auth and its gate, unusable plain passwords", "switchable", "basicAuthGate"],
  [
    "1.8",
    "API keys, cookie sessions with X-UserToken",
    "switchable",
    "apiKeys; certificates, HMAC and MFA are left out",
  ],
  ["1.9", "The 401 body", "covered", ""],
  ["1.10", "Explicit roles", "switchable", "explicitRoles, acls"],
  [
    "2",
    "Hibernation, waking, maintenance, login redirect",
    "switchable",
    "hibernating, waking, maintenance, loginRedirect, or by fault",
  ],
  [
    "3.1",
    "Methods, versions, method override, XML",
    "covered",
    "XML bodies are read in the simple form only",
  ],
  [
    "3.2",
    "Parameters of lists and writes",
    "covered",
    "query categories and domains have no effect; views are those of lists, a form's own layout is left out",
  ],
  ["3.3", "Value shapes", "covered", "amounts are US dollars only"],
  ["3.4", "Journal fields", "covered", ""],
  [
    "3.5",
    "Writes, input display values, silences, state models, data policy",
    "switchable",
    "strictChoices, stateModels, dataPolicies, adminOnlySysFields; that overlong texts are cut and that a taken sys_id is a 403 is belief",
  ],
  ["3.6", "Headers, Link, X-Total-Count", "switchable", "negativePrevLink, noCountHeader"],
  ["3.7", "Limit before row access, ties without an order", "switchable", "unstableTies"],
  [
    "3.8",
    "Error bodies",
    "switchable",
    "unknownUriStatus; the texts of 405, 406, 413 and 415 are belief; a missing Accept or Content-Type is JSON, only nonsense is 400",
  ],
  [
    "3.9",
    "Row, column and query access",
    "switchable",
    "acls, queryAcl, unreadableFields; roles come through groups, groups above them and roles that contain others",
  ],
  ["3.10", "Unknown fields in queries", "switchable", "invalidQueryReturnsNoRows"],
  ["3.11", "Size limits", "switchable", "maxBodyBytes, maxUrlBytes"],
  ["3.12", "What different users see", "covered", "the demo users; sys_history_line stays empty"],
  ["4.1", "Grammar of encoded queries", "switchable", "escapedCarets"],
  ["4.2", "Operators", "covered", "HASVARIABLE, ITEMVARIABLE and MATCH_PAT are dropped"],
  ["4.3", "Dates and zones", "switchable", "dateLiterals"],
  ["4.4", "javascript: allow-list", "covered", "what is not on the list drops its clause"],
  ["5.1", "Aggregate", "covered", "the ungrouped shape is common practice, not documented"],
  ["5.2", "Attachments", "switchable", "attachmentMaxBytes, attachmentExtensions; images are not measured"],
  ["5.3", "Batch", "switchable", "batchQuotaSeconds"],
  [
    "5.4",
    "Import sets",
    "covered",
    "scripts of maps are run, scripts of single fields and of events are not",
  ],
  [
    "5.5",
    "Service catalog",
    "covered",
    "how variable sets, multi-row answers and UI policies look in an item's answer is belief; advanced user criteria are not run",
  ],
  ["5.6", "Knowledge", "covered", "rank and score are made up"],
  [
    "5.7",
    "Change Management",
    "covered",
    "names of the kinds of conflicts beyond the first three are belief; schedules repeat by day and week only",
  ],
  ["5.8", "Case", "covered", ""],
  [
    "5.9",
    "CMDB instance, meta, identify-and-reconcile",
    "covered",
    "no partial or incomplete payloads; who wrote an attribute last is known of the item as a whole",
  ],
  [
    "5.10",
    "E-mail, events, current user, roles",
    "covered",
    "e-mail is stored and not sent; JSONv2 is there; SCIM, scorecards and scripted REST are left out",
  ],
  ["5.10", "GraphQL", "left out", "answers 400"],
  [
    "5.11",
    "Metadata tables",
    "covered",
    "writing to them makes and takes away custom tables, columns and choices; what the instance starts with stays as it is",
  ],
  ["6.1", "Rate limit rules", "covered", "counted at once, not every 30 s"],
  ["6.2", "Transaction quota, broken 200", "switchable", "transactionQuotaSeconds, or by fault"],
  [
    "6.3",
    "Semaphores, session order",
    "switchable",
    "semaphores, semaphoreQueue, sessionQueue; their bodies are belief",
  ],
  [
    "7",
    "Stamps, ties, late commits, clock skew",
    "switchable",
    "commitDelaySeconds, skewSeconds, or by fault",
  ],
  ["7.1", "sys_audit_delete", "switchable", "deleteAudit, deleteAuditHorizonDays; undelete is left out"],
  [
    "7.2",
    "sys_audit, metric_instance",
    "switchable",
    "auditedTables, auditInserts; history sets are left out",
  ],
  ["7.3", "Database views, rotation, archive", "left out", ""],
  [
    "8.1",
    "Business rules, REST messages",
    "switchable",
    "asyncRuleDelaySeconds; calls go to loopback addresses only; GlideRecord reads and does not write",
  ],
  ["8.2", "AMB record watcher", "left out", ""],
];

/** The generated part of docs/instance.md. */
export function renderReference(): string {
  const cell = (text: string): string => text.replace(/\|/g, "\\|");
  const settings = Object.entries(switches).map(([name, { default: value, about }]) => {
    const shown = Array.isArray(value) && value.length > 3 ? `${value.length} tables` : JSON.stringify(value);
    return `| \`${name}\` | \`${cell(shown)}\` | ${cell(about)} |`;
  });
  const rows = coverage.map(
    ([section, subject, state, note]) => `| ${section} | ${cell(subject)} | ${state} | ${cell(note)} |`,
  );
  return [
    "### Every switch",
    "",
    "| switch | default | what it does |",
    "|---|---|---|",
    ...settings,
    "",
    "### Coverage",
    "",
    "Sections are those of the fact sheet that the tests are named by; a test checks that each one that is not left out has its tests.",
    "",
    "| section | subject | state | note |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
