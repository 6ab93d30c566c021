import { randomBytes } from "node:crypto";
import type { FastifyReply } from "fastify";

/** HTML that is safe to send: texts put into the template are escaped. */
export class Html {
  constructor(readonly text: string) {}
}

export function htmlPage(parts: TemplateStringsArray, ...values: (string | Html)[]): Html {
  return new Html(
    parts.reduce((text, part, at) => {
      const value = values[at - 1];
      return text + (value instanceof Html ? value.text : escapeHtml(value ?? "")) + part;
    }),
  );
}

/**
 * A page of its own outside the app: some words, at most one button, and a script of ours. The heading is its title too. `formTo` is another
 * origin that its form leads to.
 */
export function sendPage(
  reply: FastifyReply,
  status: number,
  body: Html,
  { script = "", role, formTo = "" }: { script?: string; role?: "status" | "alert"; formTo?: string } = {},
): FastifyReply {
  const nonce = randomBytes(16).toString("base64");
  const title = /<h1>(.*?)<\/h1>/s.exec(body.text)?.[1] ?? "Workflow host";
  return reply
    .code(status)
    .type("text/html; charset=utf-8")
    .header(
      "content-security-policy",
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'self' ${formTo}; frame-ancestors 'none'`,
    )
    .header("x-frame-options", "DENY").send(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 34rem; padding: 2rem; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
button { font: inherit; padding: .5rem 1rem; border-radius: .5rem; border: 1px solid currentColor; background: none; color: inherit; cursor: pointer; }
</style></head>
<body><main${role ? ` role="${role}"` : ""}>${body.text}</main>${
    script === "" ? "" : `\n<script nonce="${nonce}">${script}</script>`
  }</body></html>`);
}

export const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, "\\u003c");

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
