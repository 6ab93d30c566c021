import type { FastifyReply } from "fastify";
import { z } from "zod";
import { HostError } from "../errors";
import type { PageSession } from "../sessions/page-sessions";
import { LINK_LIFE_MS, signInAddress } from "../sessions/sign-in-links";
import { HOST_VERSION } from "../version";
import { csrfToken } from "./access";
import { callers } from "./callers";
import { isFromOtherSite, originOf } from "./origins";
import { id } from "./schemas";
import type { Services } from "./services";
import { clearSessionCookie, sessionCookie, setSessionCookie } from "./session-cookie";
import { htmlPage, sendPage } from "./small-page";
import type { HostApp } from "./zod-routes";

const linkBody = z
  .object({
    /** Seconds; ten minutes at most. */
    expires_in: z
      .number()
      .min(1)
      .max(LINK_LIFE_MS / 1000)
      .optional(),
  })
  .optional();

/** Sign-in of the page by one-time links, sign-out, and the browsers that are signed in. */
export function sessionRoutes(app: HostApp, services: Services): void {
  const { config, sessions, signInLinks } = services;

  app.post(
    "/api/sign-in-links",
    { config: { callers: callers.operator }, schema: { body: linkBody } },
    async (request, reply) => {
      const seconds = request.body?.expires_in;
      const { code, expiresAt } = await signInLinks.create(seconds && seconds * 1000);
      return reply.code(201).send({
        url: signInAddress(originOf(request, config), code),
        expires_at: new Date(expiresAt).toISOString(),
      });
    },
  );

  // What looks at addresses beforehand (HEAD requests, previews, prefetching) must not use the link up.
  app.get(
    "/sign-in",
    {
      config: { callers: callers.anybody },
      exposeHeadRoute: false,
      schema: { querystring: z.object({ code: z.string().max(100) }) },
    },
    async (request, reply) => {
      const purpose = request.headers["sec-purpose"] ?? request.headers.purpose;
      const place = request.headers["sec-fetch-dest"] ?? "document";
      if (purpose !== undefined || place !== "document")
        throw new HostError(403, "A sign-in link is opened as a page of its own.");
      if (await signInLinks.use(request.query.code)) {
        setSessionCookie(request, reply, config, await sessions.begin(request.headers["user-agent"]));
        return reply.redirect("/", 303);
      }
      const isSignedIn = await sessions.find(sessionCookie(request, config));
      return isSignedIn ? reply.redirect("/", 303) : sendUsedUp(reply);
    },
  );

  // The page asks with it whether it is signed in, so a 401 is an answer like any other.
  app.get("/api/session", { config: { callers: callers.anybody } }, async (request, reply) => {
    if (isFromOtherSite(request, config)) throw new HostError(403, "This request comes from another site.");
    const session = await sessions.find(sessionCookie(request, config));
    if (!session) return reply.code(401).send({ error: "This browser is not signed in to the host." });
    return {
      id: session.id,
      csrf_token: csrfToken(session.id, services),
      version: HOST_VERSION,
      redirect_uri: `${originOf(request, config)}/connect/callback`,
      ...(config.demo ? { demo: config.demo } : {}),
    };
  });

  app.delete("/api/session", { config: { callers: callers.page } }, async (request, reply) => {
    if (request.caller?.kind === "page") await sessions.end(request.caller.session);
    clearSessionCookie(request, reply, config);
    return reply.code(204).send();
  });

  app.get("/api/sessions", { config: { callers: callers.operators } }, async (request) => {
    const own = request.caller?.kind === "page" ? request.caller.session : undefined;
    return { data: (await sessions.list()).map((session) => sessionAnswer(session, own)) };
  });
  app.delete("/api/sessions", { config: { callers: callers.operators } }, async (request, reply) => {
    await sessions.endOthers(request.caller?.kind === "page" ? request.caller.session : undefined);
    return reply.code(204).send();
  });
  app.delete(
    "/api/sessions/:id",
    { config: { callers: callers.operators }, schema: { params: z.object({ id }) } },
    async (request, reply) => {
      await sessions.end(request.params.id);
      return reply.code(204).send();
    },
  );
}

function sessionAnswer(session: PageSession, own: string | undefined): Record<string, unknown> {
  return {
    id: session.id,
    browser: session.browser,
    created_at: new Date(session.created_at).toISOString(),
    last_used_at: new Date(session.last_used_at).toISOString(),
    expires_at: new Date(session.expires_at).toISOString(),
    current: session.id === own,
  };
}

function sendUsedUp(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply,
    401,
    htmlPage`<h1>This sign-in link does not work any more</h1>
<p>A link works once, within ten minutes. Run <code>npm run sign-in</code> on the machine of the host, with the same DATA_DIR, to get a new one.</p>`,
    { role: "alert" },
  );
}
