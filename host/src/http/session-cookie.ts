import type { FastifyReply, FastifyRequest } from "fastify";
import type { HostConfig } from "../config";
import { originOf } from "./origins";

const MAX_AGE_SECONDS = 30 * 24 * 3600;

/**
 * Cookies do not know ports: without it in the name, two hosts on one machine would take each other's session away. Over HTTPS the
 * `__Host-` prefix keeps other sites of the same domain from setting it.
 */
function cookieName(request: FastifyRequest, config: HostConfig): string {
  const { protocol, port } = new URL(originOf(request, config));
  return `${protocol === "https:" ? "__Host-" : ""}host_session${port ? `_${port}` : ""}`;
}

export function sessionCookie(request: FastifyRequest, config: HostConfig): string | undefined {
  return request.cookies[cookieName(request, config)];
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  config: HostConfig,
  value: string,
): void {
  reply.setCookie(cookieName(request, config), value, {
    ...cookieOptions(request, config),
    path: "/",
    maxAge: MAX_AGE_SECONDS,
  });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply, config: HostConfig): void {
  reply.clearCookie(cookieName(request, config), { ...cookieOptions(request, config), path: "/" });
}

/** What every cookie of the host has: scripts do not read it, and other sites' requests come without it. */
export function cookieOptions(
  request: FastifyRequest,
  config: HostConfig,
): { httpOnly: true; sameSite: "lax"; secure: boolean } {
  return {
    httpOnly: true,
    sameSite: "lax",
    secure: originOf(request, config).startsWith("https:"),
  };
}
