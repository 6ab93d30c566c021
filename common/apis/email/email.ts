import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { usageError } from "../../errors";
import { tableName } from "../../http/url";
import type { Reference } from "../../table/types";
import { sysIdOf } from "../../table/values";
import { common, path, resultOf } from "../../http/api-call";
import { textOf } from "../../table/cells";

/** A mail for the instance to send. */
export interface Email {
  /** Addresses; of `to`, `cc` and `bcc` together at least one and at most 100. */
  to?: readonly string[];
  /** Addresses that everybody sees. */
  cc?: readonly string[];
  /** Addresses that nobody sees. */
  bcc?: readonly string[];
  /** One line. */
  subject: string;
  /** Plain text, HTML, or both. */
  text?: string;
  /** The same as HTML. */
  html?: string;
  /** The record the mail belongs to; it then stands in its activity. */
  record?: { table: string; record: Reference };
  /** Further mail headers by name, such as `Reply-To`. */
  headers?: Record<string, string>;
  /** How mail programs mark it. @default normal */
  importance?: "low" | "normal" | "high";
}

const BASE = "/api/now/email";

/**
 * Has the instance send a mail. It is queued; {@link emailState} says whether it went out. Never sent twice by a repetition.
 *
 * @throws ServiceNowError `usage` without a receiver, subject or text, or with more than 100 receivers, before anything is sent
 * @see https://www.servicenow.com/docs/csh?topicname=email-api.html
 */
export async function sendEmail(
  client: ServiceNow,
  email: Email,
  options: CallOptions = {},
): Promise<{ id: string }> {
  const receivers = [email.to, email.cc, email.bcc].flatMap((list) => list ?? []);
  if (receivers.length === 0) throw usageError("The mail has no receiver", "Give to, cc or bcc");
  if (receivers.length > 100)
    throw usageError(`The mail has ${receivers.length} receivers, and 100 are the most`);
  const wrong = receivers.filter((address) => !/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address));
  if (wrong.length > 0) throw usageError(`"${wrong[0]}" is not a mail address`);
  if (!email.text?.trim() && !email.html?.trim()) throw usageError("The mail is empty", "Give text or html");
  if (!email.subject?.trim()) throw usageError("The mail has no subject");
  if (/[\r\n]/.test(email.subject)) throw usageError("The subject of a mail is one line");
  const { record, headers, importance, ...rest } = email;
  const result = await resultOf<Record<string, unknown>>(client, {
    ...common(options),
    method: "POST",
    path: BASE,
    body: {
      ...rest,
      ...(record ? { table_name: tableName(record.table), table_record_id: sysIdOf(record.record) } : {}),
      ...(headers ? { headers } : {}),
      ...(importance ? { importance } : {}),
    },
    operation: "send a mail",
    needs: "the Email API",
  });
  return { id: textOf(result["id"]) };
}

/** What became of a mail: `type` is `send-ready`, `sent`, `send-failed` or `send-ignored`. */
export async function emailState(
  client: ServiceNow,
  id: Reference,
  options: CallOptions = {},
): Promise<{ state: string; type: string; error: string }> {
  const result = await resultOf<Record<string, unknown>>(client, {
    ...common(options),
    path: path(BASE, sysIdOf(id)),
    params: { ...options.params, sysparm_fields: "id,type,state,error" },
    operation: "read a mail",
  });
  return { state: textOf(result["state"]), type: textOf(result["type"]), error: textOf(result["error"]) };
}
