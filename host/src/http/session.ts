import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Encryption } from "../encryption";

const LIFE_MS = 30 * 24 * 3600 * 1000;

/** A signed session for the page's cookie: it needs no table and outlives a restart. */
export function newSession(encryption: Encryption): string {
  const content = `${randomBytes(16).toString("base64url")}.${Date.now() + LIFE_MS}`;
  return `${content}.${encryption.sign(`session ${content}`)}`;
}

/** The id of a valid session, otherwise undefined. */
export function readSession(cookie: string | undefined, encryption: Encryption): string | undefined {
  const [id, end, signature] = (cookie ?? "").split(".");
  if (!id || !end || !signature || !encryption.isSignedBy(`session ${id}.${end}`, signature))
    return undefined;
  return Number(end) > Date.now() ? id : undefined;
}

export function csrfToken(session: string, encryption: Encryption): string {
  return encryption.sign(`csrf ${session}`);
}

/** Cookies do not know ports: without it in the name, two hosts on one machine would take each other's session away. */
export function cookieName(request: FastifyRequest): string {
  const port = /:(\d+)$/.exec(request.headers.host ?? "")?.[1];
  return port ? `host_session_${port}` : "host_session";
}
