import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Sealer } from "../encryption";

const LIFE_MS = 30 * 24 * 3600 * 1000;

/** A signed session for the page's cookie: it needs no table and outlives a restart. */
export function newSession(sealer: Sealer): string {
  const content = `${randomBytes(16).toString("base64url")}.${Date.now() + LIFE_MS}`;
  return `${content}.${sealer.sign(`session ${content}`)}`;
}

/** The id of a valid session, otherwise undefined. */
export function readSession(cookie: string | undefined, sealer: Sealer): string | undefined {
  const [id, end, signature] = (cookie ?? "").split(".");
  if (!id || !end || !signature || !sealer.isSignedBy(`session ${id}.${end}`, signature)) return undefined;
  return Number(end) > Date.now() ? id : undefined;
}

export function csrfToken(session: string, sealer: Sealer): string {
  return sealer.sign(`csrf ${session}`);
}

/** Cookies do not know ports: without it in the name, two hosts on one machine would take each other's session away. */
export function cookieName(request: FastifyRequest): string {
  const port = /:(\d+)$/.exec(request.headers.host ?? "")?.[1];
  return port ? `host_session_${port}` : "host_session";
}

export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address);
}

export function isLoopbackName(name: string): boolean {
  return name === "localhost" || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name);
}
