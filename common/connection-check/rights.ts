import { isRefusal } from "../http/api-call";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { ask, attempt, ok, problem, said, unknown, warn, type Finding } from "./finding";

/** A column name that no table has. */
const NO_COLUMN = "no_such_column_of_any_table";
/** Nothing is later, in whatever zone it is read. */
const NEVER = "2100-01-01 00:00:00";
/** Rows looked at, and where none of them is open. */
const FEW = 20;
const MANY = 1000;

/** Whether a table may be read, ordered and filtered by time, and whether rows of it are hidden. */
export async function tableRights(client: ServiceNow, table: string, call: CallOptions): Promise<Finding[]> {
  const check = `table ${table}`;
  const newest = (limit: number) =>
    attempt(() =>
      client.table(table).page({
        ...call,
        query: "ORDERBYDESCsys_updated_on",
        fields: ["sys_id", "sys_updated_on", "sys_created_on"],
        limit,
      }),
    );
  let looked = FEW;
  let found = await newest(looked);
  // An account that sees its own records only seldom has one among the newest.
  if ("value" in found && found.value.rows.length === 0 && (found.value.total ?? 0) > FEW)
    found = await newest((looked = MANY));
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
    return [
      problem(
        check,
        said(error),
        isRefusal(error) ? ask(`a role that may read ${table}`) : (error.remedy ?? ""),
      ),
    ];
  }
  const { rows, total } = found.value;
  if (rows.length === 0 && total)
    return [
      problem(
        check,
        total > MANY
          ? `None of the ${MANY} newest of ${total} records of ${table} may be read: access rules hide them`
          : `${total} records of ${table} match and none may be read: access rules hide them`,
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
      query: `sys_updated_on>${NEVER}`,
      fields: ["sys_id"],
      limit: 1,
    }),
  );
  const ignored = "value" in ranged && (ranged.value.rows.length > 0 || Boolean(ranged.value.total));
  if ("error" in ranged || ignored) {
    findings.push(
      problem(
        `${check} queries`,
        `A condition on sys_updated_on of ${table} is ${ignored ? "ignored" : "refused"}, so changes cannot be polled`,
        ask(`query_range access to ${table}.sys_updated_on and ${table}.sys_id`),
      ),
    );
  } else findings.push(ok(`${check} queries`, `${table} can be filtered by time`));
  const hidden = total !== null && rows.length < Math.min(looked, total);
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

/** Whether columns, tables and choices may be read, so that they can be chosen instead of typed. */
export async function metadata(client: ServiceNow, call: CallOptions): Promise<Finding[]> {
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

/** Whether comments and work notes may be read one by one. */
export async function journal(client: ServiceNow, call: CallOptions): Promise<Finding[]> {
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

/** Whether deletions can be seen, and how far back. */
export async function deleteAudit(client: ServiceNow, call: CallOptions): Promise<Finding[]> {
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

/** What the instance does with a condition on a column that does not exist: finds nothing, or ignores it. */
export async function invalidQuery(client: ServiceNow, table: string, call: CallOptions): Promise<Finding[]> {
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
