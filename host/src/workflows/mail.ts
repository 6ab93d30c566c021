import { createTransport } from "nodemailer";

/** The server that mail goes through, and whom it comes from. */
export interface MailSettings {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the start. */
  smtpUrl: string;
  from: string;
}

const CONNECT_MS = 15_000;
const SOCKET_MS = 30_000;

/**
 * The settings in the environment: `SMTP_URL` and `MAIL_FROM`.
 *
 * @returns undefined without a server.
 * @throws Error for one of them alone, or an address that is none.
 */
export function readMailSettings({ SMTP_URL, MAIL_FROM }: NodeJS.ProcessEnv): MailSettings | undefined {
  if (!SMTP_URL && !MAIL_FROM) return undefined;
  if (!SMTP_URL || !MAIL_FROM)
    throw new Error(
      "Mail needs both: SMTP_URL, such as smtps://user:password@mail.example.com, and MAIL_FROM, whom mails come from.",
    );
  if (!URL.canParse(SMTP_URL) || !/^smtps?:$/.test(new URL(SMTP_URL).protocol))
    throw new Error("SMTP_URL must begin with smtp:// or smtps:// and name a server.");
  return { smtpUrl: SMTP_URL, from: MAIL_FROM };
}

/** Sends what `$.send.email` was given: `to`, `subject`, `text`, `html`, `cc`, `bcc`, `replyTo`. Rejects in words when it was not taken. */
export async function sendMail(settings: MailSettings | undefined, config: unknown): Promise<void> {
  if (!settings)
    throw new Error(
      "this host has no mail server. Set SMTP_URL and MAIL_FROM in its environment and start it again.",
    );
  const { to, cc, bcc, subject, text, html, replyTo, reply_to } = (config ?? {}) as Record<string, unknown>;
  const recipients = { to: addresses(to), cc: addresses(cc), bcc: addresses(bcc) };
  if (recipients.to.length + recipients.cc.length + recipients.bcc.length === 0)
    throw new Error("to is missing: name at least one address.");
  const transport = createTransport({
    url: settings.smtpUrl,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SOCKET_MS,
    // A text of a step names no file and no address of this host.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const sent = await transport.sendMail({
      ...recipients,
      from: settings.from,
      subject: textOf(subject),
      text: textOf(text),
      ...(html === undefined ? {} : { html: textOf(html) }),
      ...(replyTo === undefined && reply_to === undefined ? {} : { replyTo: addresses(replyTo ?? reply_to) }),
    });
    const refused = (sent.rejected as unknown[] | undefined) ?? [];
    if (refused.length > 0) throw new Error(`the server refused ${refused.map(String).join(", ")}.`);
  } finally {
    transport.close();
  }
}

function addresses(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (one): one is string => typeof one === "string" && one.trim() !== "",
  );
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
