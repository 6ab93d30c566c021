import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { isServiceNowError, ServiceNowError } from "../../errors";
import { formatDateTime } from "../../query";
import { assertCorrelationId } from "../../records/create-with-key";
import { findOrCreate } from "../../http/idempotent-create";
import { sysIdFromKey } from "../../sys-id";
import { common, isRefusal } from "../../http/api-call";
import { where } from "../../query/terms";
import { sendEmail, type Email } from "./email";

const HEADER = "X-Correlation-ID";
/** Mail tables are large, and headers have no index: only this far back is looked. */
const DAYS = 30;

/** A mail that goes out once. */
export interface SentWithKey {
  /** sys_id of the mail. */
  id: string;
  /** False when it had been sent before. */
  sent: boolean;
  /** False when the mail cannot be found by what marks it: the same call would then send another. */
  repeatable: boolean;
}

/**
 * Has the instance send a mail under a text that belongs to this mail alone. A mail that was sent under it in the last 30 days is not sent
 * again. The mail is marked by a header of its own, so the account has to read `sys_email` and its headers.
 *
 * @throws ServiceNowError `query-rights` when the account may not read the mails; nothing is sent then
 */
export async function sendEmailWithKey(
  client: ServiceNow,
  correlationId: string,
  email: Email,
  options: CallOptions = {},
): Promise<SentWithKey> {
  const mark = await sysIdFromKey("sys_email", assertCorrelationId(correlationId));
  const find = () => findMarked(client, mark, options);
  const marked = { ...email, headers: { ...email.headers, [HEADER]: mark } };
  const { made, existed } = await findOrCreate(find, () => sendEmail(client, marked, options));
  return { id: made.id, sent: !existed, repeatable: existed || (await isFound(find)) };
}

async function findMarked(
  client: ServiceNow,
  mark: string,
  options: CallOptions,
): Promise<{ id: string } | null> {
  const since = formatDateTime(new Date(Date.now() - DAYS * 86_400_000));
  const query = where(
    [
      ["headers", "LIKE", mark],
      ["sys_created_on", ">=", since],
    ],
    ["sys_created_on"],
  );
  const fields = ["sys_id", "headers"] as const;
  const { rows, total } = await client
    .table("sys_email")
    .page({ ...common(options), query, fields, limit: 1 })
    .catch((error: unknown) => {
      throw isRefusal(error) ? unreadable() : error;
    });
  const [row] = rows;
  // Mails that are counted and not shown, or that answer although their headers do not fit: ServiceNow drops a condition on a column
  // that may not be read.
  if (row ? !row.headers?.includes(mark) : total) throw unreadable();
  return row ? { id: row.sys_id } : null;
}

const unreadable = () =>
  new ServiceNowError({
    kind: "query-rights",
    what: "Could not find out whether the mail was sent before, so it was not sent",
    reason: "The account may not read the mails of the instance with their headers",
    remedy: "Ask the administrator for read access to sys_email, or send without a correlation id",
    fields: ["headers"],
  });

async function isFound(find: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await find()) !== null;
  } catch (error) {
    if (isServiceNowError(error)) return false;
    throw error;
  }
}
