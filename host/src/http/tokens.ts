import { z } from "zod";
import { HostError, notFound } from "../errors";
import { siteOrigin, webAddress } from "./addresses";
import { callers } from "./callers";
import { originOf } from "./origins";
import { listPage, pageQuery } from "./paging";
import { externalUserId, id } from "./schemas";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";

const grantBody = z.object({
  grant_type: z.literal("client_credentials"),
  client_id: z.string().max(500),
  client_secret: z.string().max(500),
});
const tokenBody = z.object({
  external_user_id: externalUserId,
  allowed_origins: z.array(siteOrigin).max(100).nullish(),
  success_redirect_uri: webAddress.nullish(),
  error_redirect_uri: webAddress.nullish(),
  webhook_uri: webAddress.nullish(),
  expires_in: z.number().positive().nullish(),
});
const servers = { callers: callers.servers };

/** Access tokens for servers that have the client's id and secret. */
export function oauthTokenRoutes(app: HostApp, services: Services): void {
  app.post(
    "/oauth/token",
    { config: { callers: callers.anybody }, schema: { body: grantBody } },
    ({ body }) => {
      const granted = services.credentials.accessTokenFor(body.client_id, body.client_secret);
      if (!granted)
        throw new HostError(
          401,
          "client_id or client_secret is wrong; both are in the host's credentials.json.",
          { code: "invalid_client" },
        );
      return { ...granted, token_type: "Bearer", created_at: Math.floor(Date.now() / 1000) };
    },
  );
}

/** Connect tokens for one user's browser, and the users they were made for. */
export function tokenRoutes(app: HostApp, services: Services): void {
  const { db } = services;

  app.post("/tokens", { config: servers, schema: { body: tokenBody } }, async (request) => {
    const { token, expiresAt } = await services.connectTokens.create(request.body);
    return {
      token,
      expires_at: expiresAt.toISOString(),
      connect_link_url: `${originOf(request, services.config)}/_static/connect.html?token=${token}&connectLink=true`,
    };
  });

  // The token in the path is the credential.
  app.get(
    "/tokens/:token/validate",
    {
      config: { callers: callers.anybody },
      schema: {
        params: z.object({ token: id }),
        querystring: z.object({ app_id: z.string().max(300).optional() }),
      },
    },
    async (request) => {
      const session = await services.connectTokens.find(request.params.token);
      if (!session) return { success: false, error: "This connect token is not valid, or has expired." };
      const slug = request.query.app_id?.replace(/^app_/, "");
      const found = slug ? await services.apps.find(slug) : undefined;
      return {
        success: true,
        ...(found ? { app: { id: `app_${found.slug}`, name_slug: found.slug, name: found.name } } : {}),
        project_id: "local",
        project_app_name: "Workflow host",
        project_environment: "development",
        success_redirect_uri: session.successUrl,
        error_redirect_uri: session.errorUrl,
      };
    },
  );

  const project = { id: "local", name: "Workflow host", app_name: "Workflow host" };
  app.get("/projects", { config: servers, schema: { querystring: pageQuery } }, ({ query }) =>
    listPage([project], query, ({ id: name }) => name),
  );
  app.get(
    "/projects/:project",
    { config: servers, schema: { params: z.object({ project: id }) } },
    ({ params }) => {
      // A host is one project, whatever the client calls it.
      if (params.project !== project.id)
        throw notFound("project", params.project, 'The only one is "local".');
      return project;
    },
  );

  app.get("/projects/info", { config: { callers: callers.signedIn } }, async () => ({
    apps: (await services.apps.list()).map(({ slug }) => ({ id: `app_${slug}`, name_slug: slug })),
  }));

  app.get("/users", { config: servers }, async () => {
    const rows = await db
      .selectFrom("accounts")
      .select("external_user_id")
      .union(db.selectFrom("triggers").select("external_user_id"))
      .orderBy("external_user_id")
      .execute();
    return {
      data: rows.map(({ external_user_id }) => ({ id: external_user_id, external_id: external_user_id })),
      page_info: { count: rows.length, total_count: rows.length, start_cursor: null, end_cursor: null },
    };
  });

  app.delete(
    "/users/:user",
    { config: servers, schema: { params: z.object({ user: externalUserId }) } },
    async (request, reply) => {
      const { user } = request.params;
      for (const row of await services.triggers.list(user))
        await services.triggers.delete(row.id, user, true);
      for (const row of await services.accounts.list({ user })) await services.accounts.delete(row.id, user);
      return reply.code(204).send();
    },
  );
}
