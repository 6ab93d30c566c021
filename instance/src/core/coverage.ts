import { switches } from "./config";

/** How far a part of ServiceNow's REST behaviour is there. */
type State = "covered" | "switchable" | "left out";

/** A part of that behaviour, how far it is there, a note on it, and the tests that show it. */
interface Coverage {
  subject: string;
  state: State;
  note: string;
  /** Names of files below `test/instance`, without their ending. */
  shownBy: string[];
}

export const coverage: Coverage[] = [
  {
    subject: "Authorization code, PKCE S256, state, consent, implicit",
    state: "switchable",
    note: "oauthStateRequired, oauthRedirectMismatch; what Deny sends is belief",
    shownBy: ["oauth", "oauth-clients"],
  },
  {
    subject: "Password, refresh, client credentials, JWT bearer",
    state: "switchable",
    note: "oauthClientCredentials, oauthRefreshEchoesToken, oauthJwtKeys; one key per client, no JWKS URL",
    shownBy: ["oauth", "oauth-clients"],
  },
  {
    subject: "Token answer, remaining life, one token per user and client",
    state: "covered",
    note: "",
    shownBy: ["oauth-clients"],
  },
  {
    subject: "One 401 for nearly every failure",
    state: "covered",
    note: "unsupported_grant_type answers 400, which is belief",
    shownBy: ["oauth", "oauth-clients"],
  },
  {
    subject: "API access policies and REST auth scopes",
    state: "left out",
    note: "every token has the scope useraccount",
    shownBy: [],
  },
  {
    subject: "Basic auth and its gate, unusable plain passwords",
    state: "switchable",
    note: "basicAuthGate",
    shownBy: ["access", "writes"],
  },
  {
    subject: "API keys, cookie sessions with X-UserToken",
    state: "switchable",
    note: "apiKeys; certificates, HMAC and MFA are left out",
    shownBy: ["access"],
  },
  {
    subject: "The 401 body",
    state: "covered",
    note: "",
    shownBy: ["access"],
  },
  {
    subject: "Explicit roles",
    state: "switchable",
    note: "explicitRoles, acls",
    shownBy: ["access"],
  },
  {
    subject: "Hibernation, waking, maintenance, login redirect",
    state: "switchable",
    note: "hibernating, waking, maintenance, loginRedirect, or by fault",
    shownBy: ["apis/messages", "faults", "foreign-clients", "limits", "switches", "values"],
  },
  {
    subject: "Methods, versions, method override, XML",
    state: "covered",
    note: "XML bodies are read in the simple form only",
    shownBy: ["parameters"],
  },
  {
    subject: "Parameters of lists and writes",
    state: "covered",
    note: "query categories and domains have no effect; views are those of lists, a form's own layout is left out",
    shownBy: ["parameters", "views"],
  },
  {
    subject: "Value shapes",
    state: "covered",
    note: "amounts are US dollars only",
    shownBy: ["values"],
  },
  {
    subject: "Journal fields",
    state: "covered",
    note: "",
    shownBy: ["records", "values"],
  },
  {
    subject: "Writes, input display values, silences, state models, data policy",
    state: "switchable",
    note: "strictChoices, stateModels, dataPolicies, adminOnlySysFields; that overlong texts are cut and that a taken sys_id is a 403 is belief",
    shownBy: ["errors", "writes"],
  },
  {
    subject: "Headers, Link, X-Total-Count",
    state: "switchable",
    note: "negativePrevLink, noCountHeader",
    shownBy: ["parameters", "wire"],
  },
  {
    subject: "Limit before row access, ties without an order",
    state: "switchable",
    note: "unstableTies",
    shownBy: ["parameters"],
  },
  {
    subject: "Error bodies",
    state: "switchable",
    note: "unknownUriStatus; the texts of 405, 406, 413 and 415 are belief; a missing Accept or Content-Type is JSON, only nonsense is 400",
    shownBy: ["errors"],
  },
  {
    subject: "Row, column and query access",
    state: "switchable",
    note: "acls, queryAcl, unreadableFields; roles come through groups, groups above them and roles that contain others",
    shownBy: ["access", "roles"],
  },
  {
    subject: "Unknown fields in queries",
    state: "switchable",
    note: "invalidQueryReturnsNoRows",
    shownBy: ["query", "query/terms-together"],
  },
  {
    subject: "Size limits",
    state: "switchable",
    note: "maxBodyBytes, maxUrlBytes",
    shownBy: ["switches"],
  },
  {
    subject: "What different users see",
    state: "covered",
    note: "the demo users; sys_history_line stays empty",
    shownBy: ["access"],
  },
  {
    subject: "Grammar of encoded queries",
    state: "switchable",
    note: "escapedCarets",
    shownBy: ["query", "query/terms-together"],
  },
  {
    subject: "Operators",
    state: "covered",
    note: "HASVARIABLE, ITEMVARIABLE and MATCH_PAT are dropped",
    shownBy: ["query", "query/texts-and-numbers", "query/references", "query/times"],
  },
  {
    subject: "Dates and zones",
    state: "switchable",
    note: "dateLiterals",
    shownBy: ["dates", "query"],
  },
  {
    subject: "javascript: allow-list",
    state: "covered",
    note: "what is not on the list drops its clause",
    shownBy: ["dates", "query-scripts"],
  },
  {
    subject: "Aggregate",
    state: "covered",
    note: "the ungrouped shape is common practice, not documented",
    shownBy: ["apis/aggregate-and-batch", "basic-apis"],
  },
  {
    subject: "Attachments",
    state: "switchable",
    note: "attachmentMaxBytes, attachmentExtensions; images are not measured",
    shownBy: ["apis/attachment", "basic-apis"],
  },
  {
    subject: "Batch",
    state: "switchable",
    note: "batchQuotaSeconds",
    shownBy: ["apis/aggregate-and-batch", "basic-apis"],
  },
  {
    subject: "Import sets",
    state: "covered",
    note: "scripts of maps are run, scripts of single fields and of events are not",
    shownBy: ["apis/bad-input", "apis/catalog-access", "apis/import-set"],
  },
  {
    subject: "Service catalog",
    state: "covered",
    note: "how variable sets, multi-row answers and UI policies look in an item's answer is belief; advanced user criteria are not run",
    shownBy: [
      "apis/catalog",
      "apis/catalog-access",
      "apis/catalog-cart",
      "apis/catalog-orders",
      "apis/catalog-sets",
    ],
  },
  {
    subject: "Knowledge",
    state: "covered",
    note: "rank and score are made up",
    shownBy: ["apis/knowledge"],
  },
  {
    subject: "Change Management",
    state: "covered",
    note: "names of the kinds of conflicts beyond the first three are belief; schedules repeat by day and week only",
    shownBy: ["apis/catalog-access", "apis/change", "apis/change-windows"],
  },
  {
    subject: "Case",
    state: "covered",
    note: "",
    shownBy: ["apis/case"],
  },
  {
    subject: "CMDB instance, meta, identify-and-reconcile",
    state: "covered",
    note: "no partial or incomplete payloads; who wrote an attribute last is known of the item as a whole",
    shownBy: ["apis/cmdb", "apis/cmdb-identify"],
  },
  {
    subject: "E-mail, events, current user, roles",
    state: "covered",
    note: "e-mail is stored and not sent; JSONv2 is there; SCIM, scorecards and scripted REST are left out",
    shownBy: ["apis/legacy-json", "apis/messages"],
  },
  {
    subject: "GraphQL",
    state: "left out",
    note: "answers 400",
    shownBy: [],
  },
  {
    subject: "Metadata tables",
    state: "covered",
    note: "writing to them makes and takes away custom tables, columns and choices; what the instance starts with stays as it is",
    shownBy: ["apis/bad-input", "apis/messages", "apis/metadata", "dictionary"],
  },
  {
    subject: "Rate limit rules",
    state: "covered",
    note: "counted at once, not every 30 s",
    shownBy: ["faults", "limits"],
  },
  {
    subject: "Transaction quota, broken 200",
    state: "switchable",
    note: "transactionQuotaSeconds, or by fault",
    shownBy: ["limits"],
  },
  {
    subject: "Semaphores, session order",
    state: "switchable",
    note: "semaphores, semaphoreQueue, sessionQueue; their bodies are belief",
    shownBy: ["limits"],
  },
  {
    subject: "Stamps, ties, late commits, clock skew",
    state: "switchable",
    note: "commitDelaySeconds, skewSeconds, or by fault",
    shownBy: ["faults", "limits", "writes"],
  },
  {
    subject: "sys_audit_delete",
    state: "switchable",
    note: "deleteAudit, deleteAuditHorizonDays; undelete is left out",
    shownBy: ["records"],
  },
  {
    subject: "sys_audit, metric_instance",
    state: "switchable",
    note: "auditedTables, auditInserts; history sets are left out",
    shownBy: ["records"],
  },
  {
    subject: "Database views, rotation, archive",
    state: "left out",
    note: "",
    shownBy: [],
  },
  {
    subject: "Business rules, REST messages",
    state: "switchable",
    note: "asyncRuleDelaySeconds; calls go to loopback addresses only; GlideRecord reads and does not write",
    shownBy: ["business-rules", "records"],
  },
  {
    subject: "AMB record watcher",
    state: "left out",
    note: "",
    shownBy: [],
  },
];

/** The generated part of docs/instance.md. */
export function renderReference(): string {
  const cell = (text: string): string => text.replace(/\|/g, "\\|");
  const settings = Object.entries(switches).map(([name, { default: value, about }]) => {
    const shown = Array.isArray(value) && value.length > 3 ? `${value.length} tables` : JSON.stringify(value);
    return `| \`${name}\` | \`${cell(shown)}\` | ${cell(about)} |`;
  });
  const rows = coverage.map(({ subject, state, note }) => `| ${cell(subject)} | ${state} | ${cell(note)} |`);
  return [
    "### Every switch",
    "",
    "| switch | default | what it does |",
    "|---|---|---|",
    ...settings,
    "",
    "### Coverage",
    "",
    "| subject | state | note |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
