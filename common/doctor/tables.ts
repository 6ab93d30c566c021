import { common, isRefusal } from "../apis/call";
import type { CallOptions, ServiceNow } from "../client";
import { isServiceNowError } from "../errors";
import type { Finding } from "./finding";

/** Columns every task table has from `task`. An account that lacks some needs read rules on the inherited fields. */
const FROM_TASK = ["number", "short_description", "state", "assigned_to", "sys_updated_on", "sys_created_on"];
const SYSTEM = ["sys_id", "sys_updated_on", "sys_created_on", "sys_mod_count"];
/** No row of any instance is from then on: what comes back all the same was not filtered. */
const FAR = "2999-01-01 00:00:00";

/** Whether a table can be read, read completely, filtered and followed by time. */
export async function checkTable(client: ServiceNow, table: string, options: CallOptions): Promise<Finding[]> {
  const call = common(options);
  const findings: Finding[] = [];
  try {
    const page = await client.table(table).page({ ...call, query: "ORDERBYDESCsys_updated_on", limit: 1 });
    const row = page.rows[0] as Record<string, unknown> | undefined;
    if (!row) {
      findings.push(nothing(table, page.total));
      if (page.total) return findings;
    } else {
      const wanted = "number" in row || "short_description" in row ? [...FROM_TASK, ...SYSTEM] : SYSTEM;
      const missing = [...new Set(wanted.filter((name) => !(name in row)))];
      findings.push(
        missing.length === 0
          ? { area: "table", table, level: "ok", what: `${table} can be read` }
          : {
              area: "table",
              table,
              level: "warning",
              what: `${table} can be read without ${missing.join(", ")}: fields the account may not read are left out silently`,
              ask: `give the integration account read ACLs on ${table} and on its fields ${missing.join(", ")} (fields inherited from task need rules of their own on some instances)`,
            },
      );
    }
    findings.push(await rangeFinding(client, table, call));
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    findings.push(refused(table, error.message, error.kind === "query-rights", isRefusal(error)));
  }
  return findings;
}

function nothing(table: string, total: number | null): Finding {
  if (!total) return { area: "table", table, level: "ok", what: `${table} can be read and is empty` };
  return {
    area: "table",
    table,
    level: "problem",
    what: `${table} has ${total} records and shows none of them to this account`,
    ask: `give the integration account a role that may read ${table} (its read ACLs for the table, its rows and ${table}.*)`,
  };
}

function refused(table: string, message: string, query: boolean, rights: boolean): Finding {
  if (!rights) return { area: "table", table, level: "problem", what: message };
  return {
    area: query ? "query-rules" : "table",
    table,
    level: "problem",
    what: query
      ? `${table} cannot be followed: the account may not filter or order by sys_updated_on, or not read the table`
      : `${table} cannot be read by this account`,
    ask: query
      ? `give the integration account read access to ${table} with query_range rights on sys_updated_on, sys_created_on and sys_id`
      : `give the integration account a role that may read ${table} (its read ACLs for the table and ${table}.*)`,
  };
}

/** A rule for range queries may drop the condition instead of refusing it; following changes would then never end. */
async function rangeFinding(client: ServiceNow, table: string, call: CallOptions): Promise<Finding> {
  const query = `sys_updated_on>${FAR}^ORDERBYsys_updated_on^ORDERBYsys_id`;
  const page = await client.table(table).page({ ...call, query, fields: ["sys_id"], limit: 1 });
  if (page.rows.length === 0) {
    return { area: "query-rules", table, level: "ok", what: `${table} can be filtered and ordered by time` };
  }
  return {
    area: "query-rules",
    table,
    level: "problem",
    what: `${table} gives records although the time condition excludes them: an access rule for queries drops the condition`,
    ask: `give the integration account query_range access on sys_updated_on and sys_created_on of ${table}`,
  };
}

/** Whether the instance drops an unknown condition (its default) or finds nothing. */
export async function checkInvalidQuery(client: ServiceNow, table: string, options: CallOptions): Promise<Finding> {
  const call = common(options);
  try {
    const query = "no_such_column_for_this_check=1";
    const page = await client.table(table).page({ ...call, query, fields: ["sys_id"], limit: 1 });
    if (page.rows.length > 0 || (page.total ?? 0) > 0) {
      return {
        area: "invalid-query",
        level: "info",
        what: "The instance ignores conditions on columns that do not exist and then gives too many records (its default). Columns are checked here before a query is used",
        ask: "consider setting the property glide.invalid_query.returns_no_rows to true, so that a mistyped condition finds nothing instead of everything",
      };
    }
    return { area: "invalid-query", level: "ok", what: "A condition on a column that does not exist finds nothing" };
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    return { area: "invalid-query", level: "ok", what: "A condition on a column that does not exist is refused" };
  }
}

/** Rate limit rules as the instance's own answer tells them, or its rules where they can be read. */
export async function checkRateLimit(client: ServiceNow, table: string, options: CallOptions): Promise<Finding> {
  const call = common(options);
  try {
    const answer = await client.request({
      ...call,
      path: `/api/now/table/${table}`,
      params: { sysparm_limit: 1, sysparm_fields: "sys_id", sysparm_no_count: true },
      doing: `read ${table}`,
    });
    const limit = Number(answer.headers["x-ratelimit-limit"]);
    if (!Number.isFinite(limit)) return { area: "rate-limit", level: "ok", what: "No rate limit rule applies to reading tables" };
    const often = limit < 240;
    return {
      area: "rate-limit",
      level: often ? "warning" : "info",
      what: `A rate limit rule allows ${limit} calls an hour, for everything this account does together`,
      ...(often ? { ask: `raise the rate limit rule for the integration account: ${limit} calls an hour are one every ${Math.round(3600 / limit)} seconds` } : {}),
    };
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    const limited = error.kind === "rate-limit";
    return {
      area: "rate-limit",
      level: limited ? "problem" : "info",
      what: limited ? error.message : "Rate limits could not be checked",
      ...(limited ? { ask: "raise the rate limit rule for the integration account" } : {}),
    };
  }
}
