import type { ErrorKind } from "../errors";

/** What a refusal means: its kind, why probably, what to do, whether the same call may work later. */
export interface ErrorClassification {
  /** What it is, for code. */
  kind: ErrorKind;
  /** Why, probably. */
  reason?: string;
  /** What to do. */
  remedy?: string;
  /** The same call may work later. */
  retryable?: boolean;
  /** Labels of the fields at fault. */
  fields?: string[];
}

/**
 * What a refusal of ServiceNow means, judged by status, message, detail and headers.
 * @see the table of https://www.servicenow.com/docs/csh?topicname=r_RESTAPIHTTPResponseCodes.html
 */
export function classifyError(
  status: number,
  message: string,
  detail: string,
  headers: Record<string, string>,
  scheme = "",
): ErrorClassification {
  const all = `${message}\n${detail}`;
  if (status === 401) {
    const mfa = /invalid/i.test(headers["x-mfa_token"] ?? "");
    return {
      kind: "unauthenticated",
      reason: mfa
        ? "The account must sign in with a second factor, which a REST call cannot give"
        : "The token has ended or was revoked, the user name or password is wrong, or this kind of sign-in is closed for the account; ServiceNow does not say which",
      remedy: mfa
        ? "Use an OAuth connection, or an account without multi-factor authentication"
        : scheme === "Basic"
          ? "Check user name and password. On a new instance the account needs the role snc_basic_auth_api_access for basic authentication"
          : "Connect the account again, so that it gets a new token",
    };
  }
  if (status === 403) return forbidden(all, detail);
  if (status === 404) {
    return /does not represent any resource/i.test(all)
      ? unknownPath()
      : {
          kind: "not-found",
          reason:
            "There is no record with this id in this table, or the account may not read it; ServiceNow does not say which",
          remedy: "Check the sys_id and the table, and the account's read access",
        };
  }
  if (status === 400) return badRequest(all, message);
  if (status === 405) return { kind: "method", remedy: "This address takes other methods only" };
  if (status === 406 || status === 415)
    return { kind: "bad-request", remedy: "Send and accept application/json" };
  if (status === 409) return { kind: "conflict" };
  if (status === 413) return tooLarge();
  if (status === 414) {
    return {
      kind: "url-too-long",
      reason: "The address with its query is longer than 8,192 bytes",
      remedy: "Shorten the query or the list of fields, or split the query",
    };
  }
  if (status === 429) {
    return /rate limit/i.test(all) || "x-ratelimit-rule" in headers
      ? {
          kind: "rate-limit",
          reason:
            "A rate limit rule of the instance counts requests per hour, for all integrations of this user together",
          remedy:
            "Wait until the limit opens again, poll less often, or ask the administrator for a higher limit (Rate Limit Rules)",
          retryable: true,
        }
      : {
          kind: "busy",
          reason: "All places for integration calls on this node are taken and the queue is full",
          remedy: "Try again shortly, with fewer calls at a time",
          retryable: true,
        };
  }
  if (status === 502 || status === 503 || status === 504) {
    return {
      kind: "server",
      reason: "The instance restarts, is in maintenance or overloaded, or was reclaimed",
      remedy: "Try again in a few minutes; check that the instance opens in a browser",
      retryable: true,
    };
  }
  if (status >= 500) {
    return {
      kind: "server",
      remedy: "Try again; the administrator finds the cause in the instance's system log",
      retryable: true,
    };
  }
  return { kind: "bad-request" };
}

function forbidden(all: string, detail: string): ErrorClassification {
  if (/Data Policy Exception/i.test(all)) {
    const labels = /mandatory:\s*([\s\S]+)$/i.exec(detail || all)?.[1] ?? "";
    const fields = labels
      .split(",")
      .map((label) => label.trim())
      .filter(Boolean);
    return {
      kind: "data-policy",
      fields,
      reason: "A data policy of this table makes fields mandatory for this change",
      remedy: fields.length ? `Give values for: ${fields.join(", ")}` : "Give values for the fields it names",
    };
  }
  const rule = /aborted by Business Rule '([^'^]*)/i.exec(all)?.[1];
  if (rule !== undefined) {
    return {
      kind: "business-rule",
      reason: `The business rule "${rule.trim()}" of the instance stopped this change`,
      remedy: /State Transition/i.test(rule)
        ? "Move the record through the states its model allows, one after the other"
        : "Check the values against this rule, or ask the administrator what it demands",
    };
  }
  if (/Unique Key violation/i.test(all)) {
    return {
      kind: "conflict",
      reason: "There is a record with this value in a column whose values must be unique",
      remedy: "Give the column another value, or change the record that is there",
    };
  }
  if (/Missing required api access scope/i.test(all)) {
    return {
      kind: "scope",
      reason: "The OAuth application is restricted to scopes that do not cover this API",
      remedy: "Ask the administrator to add the API's auth scope to the application registry record",
    };
  }
  if (/Insufficient rights to query records/i.test(all)) {
    return {
      kind: "query-rights",
      reason:
        "The query or the order uses a column that the account may not read, or the table is closed to it",
      remedy:
        "Take the column out of the query, or ask the administrator for read access to the table and the column",
    };
  }
  const action = /ACL Exception (\w+) Failed/i.exec(all)?.[1]?.toLowerCase();
  if (action || /security constraints/i.test(all)) {
    return {
      kind: "acl",
      reason: `Access controls of the instance do not let this account ${action ?? "do this"} here`,
      remedy: `Ask the administrator for a role with ${action ?? "the"} access to this table (fields inherited from a parent table may need their own)`,
    };
  }
  return {
    kind: "forbidden",
    reason: "The account may not use this table or API",
    remedy:
      "Ask the administrator which role it needs. Where explicit roles are on, the account also needs snc_internal",
  };
}

function badRequest(all: string, message: string): ErrorClassification {
  if (/^Invalid table/i.test(message)) {
    return {
      kind: "invalid-table",
      reason: "There is no table of this name, or its plugin is not active",
      remedy: "Use the table's name (incident, sc_req_item), not its label",
    };
  }
  if (/does not represent any resource/i.test(all)) return unknownPath();
  if (/Rejected large REST payload/i.test(all)) return tooLarge();
  if (/reading request|parse request|not valid JSON/i.test(all)) {
    return { kind: "bad-request", reason: "The body is not JSON that ServiceNow can read" };
  }
  return { kind: "bad-request", remedy: "Check the values against the message" };
}

function unknownPath(): ErrorClassification {
  return {
    kind: "unknown-path",
    reason: "The instance does not have this API: the plugin is not active, or the path is wrong",
    remedy: "Check the path, and ask the administrator whether the plugin is installed and the API enabled",
  };
}

function tooLarge(): ErrorClassification {
  return {
    kind: "too-large",
    reason: "The instance takes request bodies up to 10 MB (glide.rest.max_content_length)",
    remedy: "Send less at a time; send files through the attachment API as they are, not inside JSON",
  };
}
