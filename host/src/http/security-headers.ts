import type { HostApp } from "./zod-routes";

/** The policy of the host's pages; `ancestors` are the sites that may show them in a frame. */
export function contentSecurityPolicy(ancestors: string): string {
  return `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ${ancestors}`;
}

/** What is no page loads and runs nothing, should a browser ever show it as one. */
const NO_PAGE = "default-src 'none'; sandbox; frame-ancestors 'none'";

/** Headers of every answer that does not bring its own. */
export function setSecurityHeaders(app: HostApp): void {
  app.addHook("onSend", async (request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    reply.header("referrer-policy", "no-referrer");
    if (!reply.hasHeader("content-security-policy")) {
      reply.header("content-security-policy", NO_PAGE);
      reply.header("x-frame-options", "DENY");
    }
    if (!reply.hasHeader("cache-control") && !request.url.startsWith("/assets/"))
      reply.header("cache-control", "no-store");
  });
}
