import type { FastifyInstance } from "fastify";
import type { Services } from "./services";
import { contentSecurityPolicy } from "./page";

/**
 * The page behind a connect token. Other sites show it in a frame, so the token says which sites may: its `allowed_origins`, or any
 * site when it names none. Without a valid token no site may.
 */
export function connectPageRoutes(app: FastifyInstance, services: Services): void {
  app.get<{ Querystring: { token?: string } }>(
    "/_static/connect.html",
    { config: { open: true } },
    async (request, reply) => {
      const session = request.query.token
        ? await services.connectTokens.find(request.query.token)
        : undefined;
      const named = session?.allowedOrigins;
      const ancestors = named?.length === 0 ? "*" : named?.filter(isOrigin).join(" ") || "'none'";
      return reply
        .header("content-security-policy", contentSecurityPolicy(ancestors))
        .header("cache-control", "no-store")
        .sendFile("_static/connect.html");
    },
  );
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
