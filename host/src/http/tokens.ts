import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { HostError } from "../errors";
import type { Services } from "./services";
import { siteOrigin, webAddress } from "./addresses";
import { originOf } from "./page";

const grantBody = z.object({
  grant_type: z.literal("client_credentials"),
  client_id: z.string(),
  client_secret: z.string(),
});
const tokenBody = z.object({
  external_user_id: z.string().min(1),
  allowed_origins: z.array(siteOrigin).nullish(),
  success_redirect_uri: webAddress.nullish(),
  error_redirect_uri: webAddress.nullish(),
  webhook_uri: webAddress.nullish(),
  expires_in: z.number().positive().nullish(),
});

/** Tokens of the Connect API: short ones for servers, and connect tokens for one user's browser. */
export function tokenRoutes(app: FastifyInstance, services: Services): void {
  const { credentials, db } = services;

  app.post("/v1/oauth/token", { config: { open: true } }, async (request) => {
    const body = grantBody.parse(request.body);
    const granted = credentials.accessTokenFor(body.client_id, body.client_secret);
    if (!granted)
      throw new HostError(
        401,
        "client_id or client_secret is wrong; both are in the host's credentials.json.",
        {
          code: "invalid_client",
        },
      );
    return { ...granted, token_type: "Bearer", created_at: Math.floor(Date.now() / 1000) };
  });

  for (const prefix of ["/v1/connect/:project_id", "/v1/connect"]) {
    app.post(`${prefix}/tokens`, async (request) => {
      if (request.caller?.kind !== "server")
        throw new HostError(403, "Only a server may make connect tokens.");
      const body = tokenBody.parse(request.body);
      const { token, expiresAt } = await services.connectTokens.create(body);
      return {
        token,
        expires_at: expiresAt.toISOString(),
        connect_link_url: `${originOf(request, services)}/_static/connect.html?token=${token}&connectLink=true`,
      };
    });

    // The token in the path is the credential.
    app.get<{ Params: { token: string }; Querystring: { app_id?: string } }>(
      `${prefix}/tokens/:token/validate`,
      { config: { open: true } },
      async (request) => {
        const session = await services.connectTokens.find(request.params.token);
        if (!session) return { success: false, error: "This connect token is not valid, or is over." };
        const slug = request.query.app_id?.replace(/^app_/, "");
        const found = slug ? await services.registry.app(slug) : undefined;
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

    app.get(`${prefix}/projects/info`, async () => ({
      apps: (await services.registry.apps()).map(({ slug }) => ({ id: `app_${slug}`, name_slug: slug })),
    }));
    app.get(`${prefix}/users`, async (request) => {
      if (request.caller?.kind !== "server") throw new HostError(403, "Only a server may list users.");
      const rows = await db.query<{ external_user_id: string }>(
        "select distinct external_user_id from (select external_user_id from accounts union select external_user_id from triggers) users order by 1",
      );
      return {
        data: rows.map(({ external_user_id }) => ({ id: external_user_id, external_id: external_user_id })),
        page_info: { count: rows.length, total_count: rows.length, start_cursor: null, end_cursor: null },
      };
    });
    app.delete<{ Params: { user: string } }>(`${prefix}/users/:user`, async (request, reply) => {
      if (request.caller?.kind !== "server") throw new HostError(403, "Only a server may delete users.");
      const { user } = request.params;
      for (const row of await services.triggers.list(user))
        await services.triggers.delete(row.id, user, true);
      for (const row of await services.accounts.list({ user })) await services.accounts.delete(row.id, user);
      return reply.code(204).send();
    });
  }
}
