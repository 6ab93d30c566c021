import { z } from "zod";
import type { Services } from "./services";
import { callers } from "./callers";
import { contentSecurityPolicy } from "./security-headers";
import type { HostApp } from "./zod-routes";

/**
 * The page behind a connect token. Other sites show it in a frame, so the token says which sites may: its `allowed_origins`, or any
 * site when it names none. Without a valid token no site may.
 */
export function connectPageRoutes(app: HostApp, services: Services): void {
  app.get(
    "/_static/connect.html",
    {
      config: { callers: callers.anybody },
      schema: { querystring: z.object({ token: z.string().max(200).optional() }) },
    },
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
