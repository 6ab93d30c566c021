import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { CallbackOutcome } from "../accounts/authorization-requests";
import { HostError, notFound } from "../errors";
import type { Services } from "./services";
import { userOf } from "./access";
import { accountAnswer } from "./accounts";
import { originOf } from "./page";

const authorizationRequestBody = z.object({
  app: z.string(),
  fields: z.record(z.string(), z.string()),
  name: z.string().trim().min(1).optional(),
  account_id: z.string().optional(),
});

/** The connect-account modal: its fields, its authorization requests, and the address the instance sends the browser back to. */
export function connectRoutes(app: FastifyInstance, services: Services): void {
  const { registry, authorizationRequests, accounts } = services;

  app.get<{ Params: { slug: string } }>("/api/apps/:slug/connection", async (request) => {
    const found = await registry.app(request.params.slug);
    if (!found) throw notFound("app", request.params.slug);
    return {
      app: { slug: found.slug, name: found.name, description: found.description },
      type: found.connection ? "oauth" : "keys",
      fields: found.connection?.fields ?? [],
      help: found.connection?.help ?? "",
      redirect_uri: `${originOf(request, services)}/connect/callback`,
    };
  });

  app.post("/api/connect-attempts", async (request, reply) => {
    const body = authorizationRequestBody.parse(request.body);
    const { id, authorizeUrl } = await authorizationRequests.start({
      user: userOf(request),
      app: body.app,
      fields: body.fields,
      name: body.name,
      accountId: body.account_id,
      redirectUri: `${originOf(request, services)}/connect/callback`,
      connectToken: request.caller?.kind === "connect" ? request.caller.tokenHash : undefined,
    });
    return reply.code(201).send({ id, authorize_url: authorizeUrl });
  });

  app.get<{ Params: { id: string } }>("/api/connect-attempts/:id", async (request) => {
    const row = await authorizationRequests.get(request.params.id, userOf(request));
    const status =
      row.status === "exchanging"
        ? row.expires_at < Date.now()
          ? "expired"
          : "pending"
        : row.status === "cancelled"
          ? "failed"
          : row.status;
    const error = row.status === "cancelled" ? "The sign-in was cancelled." : row.error;
    return {
      id: row.id,
      status,
      ...(error ? { [status === "succeeded" ? "notice" : "error"]: error } : {}),
      ...(row.account ? { account: accountAnswer(row.account, await registry.app(row.app)) } : {}),
    };
  });

  app.delete<{ Params: { id: string } }>("/api/connect-attempts/:id", async (request, reply) => {
    await authorizationRequests.cancel(request.params.id, userOf(request));
    return reply.code(204).send();
  });

  app.post<{ Params: { id: string } }>("/api/accounts/:id/check", (request) =>
    accounts.check(request.params.id, userOf(request)),
  );

  // No session comes with this request, since another site sends the browser here: the state in it is what is checked.
  app.get("/connect/callback", { config: { open: true } }, async (request, reply) => {
    const callback = new URL(request.url, originOf(request, services));
    if (!callback.searchParams.has("state"))
      throw new HostError(400, "This address is where a sign-in comes back to. Start it on the host's page.");
    const outcome = await authorizationRequests.finish(callback);
    const token = outcome.request?.connect_token;
    if (token && outcome.account)
      await services.connectTokens.report(token, {
        event: "CONNECTION_SUCCESS",
        account: accountAnswer(outcome.account, await registry.app(outcome.account.app)),
      });
    else if (token && outcome.error)
      await services.connectTokens.report(token, { event: "CONNECTION_ERROR", error: outcome.error });
    return sendCallbackPage(reply, outcome, new URL(originOf(request, services)));
  });
}

/** A small page that tells its opener what came of it, and closes itself when it is good news. */
function sendCallbackPage(reply: FastifyReply, outcome: CallbackOutcome, origin: URL): FastifyReply {
  const nonce = randomBytes(16).toString("base64");
  const message = outcome.account
    ? { type: "success", authProvisionId: outcome.account.id }
    : { type: "error", error: outcome.error };
  const title = outcome.account ? "Account connected" : "The account was not connected";
  const text = outcome.account
    ? `${outcome.account.name} is connected.${outcome.notice ? ` ${outcome.notice}` : ""} You can close this window.`
    : (outcome.error ?? "");
  // The page may have been opened by either of this machine's names.
  const targets = ["localhost", "127.0.0.1", origin.hostname].map((name) => {
    const url = new URL(origin);
    url.hostname = name;
    return url.origin;
  });
  const script = `const message = ${scriptJson(message)};
for (const target of ${scriptJson([...new Set(targets)])}) try { window.opener?.postMessage(message, target); } catch {}
document.querySelector("button").addEventListener("click", () => window.close());
${outcome.account && !outcome.notice ? "window.close();" : ""}`;
  return reply
    .code(outcome.account ? 200 : 400)
    .type("text/html; charset=utf-8")
    .header(
      "content-security-policy",
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    ).send(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 34rem; padding: 2rem; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
button { font: inherit; padding: .5rem 1rem; border-radius: .5rem; border: 1px solid currentColor; background: none; color: inherit; cursor: pointer; }
</style></head>
<body><main role="${outcome.account ? "status" : "alert"}"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p><button type="button">Close this window</button></main>
<script nonce="${nonce}">${script}</script></body></html>`);
}

const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, "\\u003c");

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
