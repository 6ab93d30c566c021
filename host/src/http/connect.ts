import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { CallbackOutcome } from "../accounts/authorization-requests";
import { HostError } from "../errors";
import { userOf } from "./access";
import { accountAnswer } from "./accounts";
import { callers } from "./callers";
import { beganHere, forgetBrowser, startAddress, startSignIn } from "./connect-start";
import { originOf } from "./origins";
import { id, networkBody, title, withId } from "./schemas";
import type { Services } from "./services";
import { htmlPage, scriptJson, sendPage } from "./small-page";
import type { HostApp } from "./zod-routes";

const authorizationRequestBody = z.object({
  app: id,
  fields: z.record(z.string().max(200), z.string().max(10_000)),
  name: title.optional(),
  account_id: id.optional(),
  network: networkBody,
});
const signedIn = { callers: callers.signedIn };

/** The connect-account modal: its fields, its authorization requests, and the addresses at which a sign-in begins and comes back. */
export function connectRoutes(app: HostApp, services: Services): void {
  const { apps, authorizationRequests, accounts, config } = services;

  app.get(
    "/api/apps/:slug/connection",
    { config: signedIn, schema: { params: z.object({ slug: id }) } },
    async (request) => {
      const found = await apps.get(request.params.slug);
      const kinds = found.connection?.kinds ?? [];
      return {
        app: { slug: found.slug, name: found.name, description: found.description },
        type: found.auth,
        fields: kinds[0]?.fields ?? [],
        help: kinds[0]?.help ?? "",
        kinds,
        redirect_uri: `${originOf(request, config)}/connect/callback`,
      };
    },
  );

  app.post(
    "/api/connect-attempts",
    { config: signedIn, schema: { body: authorizationRequestBody } },
    async (request, reply) => {
      const { body, caller } = request;
      const begun = await authorizationRequests.start({
        user: userOf(request),
        app: body.app,
        fields: body.fields,
        network: body.network,
        name: body.name,
        accountId: body.account_id,
        redirectUri: `${originOf(request, config)}/connect/callback`,
        connectToken: caller?.kind === "connect" ? caller.tokenHash : undefined,
        session: caller?.kind === "page" ? caller.session : undefined,
      });
      return reply
        .code(201)
        .send({ id: begun.id, authorize_url: startAddress(originOf(request, config), begun.id) });
    },
  );

  app.get("/api/connect-attempts/:id", { config: signedIn, schema: { params: withId } }, async (request) => {
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
      ...(row.account ? { account: accountAnswer(row.account, await apps.find(row.app)) } : {}),
    };
  });

  app.delete(
    "/api/connect-attempts/:id",
    { config: signedIn, schema: { params: withId } },
    async (request, reply) => {
      await authorizationRequests.cancel(request.params.id, userOf(request));
      return reply.code(204).send();
    },
  );

  app.post("/api/accounts/:id/check", { config: signedIn, schema: { params: withId } }, (request) =>
    accounts.check(request.params.id, userOf(request)),
  );

  // The id in the address cannot be guessed, and the browser that may go on is checked.
  for (const method of ["GET", "POST"] as const)
    app.route({
      method,
      url: "/connect/start/:id",
      config: { callers: callers.anybody },
      exposeHeadRoute: false,
      schema: { params: withId },
      handler: async (request, reply) =>
        startSignIn(request, reply, await authorizationRequests.open(request.params.id), services),
    });

  // Another site sends the browser here: the state in the address and the browser's cookie are what is checked.
  app.get(
    "/connect/callback",
    { config: { callers: callers.anybody }, exposeHeadRoute: false },
    (request, reply) => finishSignIn(request, reply, services),
  );
}

async function finishSignIn(
  request: FastifyRequest,
  reply: FastifyReply,
  services: Services,
): Promise<FastifyReply> {
  const { authorizationRequests, apps, config } = services;
  const callback = new URL(request.url, originOf(request, config));
  const state = callback.searchParams.get("state");
  if (!state)
    throw new HostError(400, "This address is where a sign-in comes back to. Start it on the host's page.");
  const id = await authorizationRequests.idOf(state);
  if (id !== undefined && !beganHere(request, id, services))
    return sendOutcome(
      reply,
      {
        error:
          "This sign-in was begun in another browser, or took longer than 15 minutes. Nothing was connected. Connect the account again, in this browser and from the host's page.",
      },
      originOf(request, config),
    );
  const outcome = await authorizationRequests.finish(callback);
  if (id !== undefined) forgetBrowser(request, reply, id, config);
  const token = outcome.request?.connect_token;
  if (token && outcome.account)
    await services.connectTokens.report(token, {
      event: "CONNECTION_SUCCESS",
      account: accountAnswer(outcome.account, await apps.find(outcome.account.app)),
    });
  else if (token && outcome.error)
    await services.connectTokens.report(token, { event: "CONNECTION_ERROR", error: outcome.error });
  return sendOutcome(reply, outcome, originOf(request, config));
}

/** A small page that tells its opener what came of it, and closes itself when it is good news. */
function sendOutcome(
  reply: FastifyReply,
  { account, notice, error = "" }: CallbackOutcome,
  origin: string,
): FastifyReply {
  const message = account ? { type: "success", authProvisionId: account.id } : { type: "error", error };
  const heading = account ? "Account connected" : "The account was not connected";
  const text = account
    ? `${account.name} is connected.${notice ? ` ${notice}` : ""} You can close this window.`
    : error;
  return sendPage(
    reply,
    account ? 200 : 400,
    htmlPage`<h1>${heading}</h1><p>${text}</p><button type="button">Close this window</button>`,
    {
      role: account ? "status" : "alert",
      script: `window.opener?.postMessage(${scriptJson(message)}, ${scriptJson(origin)});
document.querySelector("button").addEventListener("click", () => window.close());
${account && !notice ? "window.close();" : ""}`,
    },
  );
}
