import type { FastifyRequest } from "fastify";
import type { HostConfig } from "../config";
import { HostError } from "../errors";
import { isLoopbackName } from "../loopback";

/**
 * Which of the host's addresses a request was sent to. Only the `Host` header, the browser's own headers and the settings are looked at;
 * `X-Forwarded-Host` and `X-Forwarded-Proto` never are, since anybody can send them.
 */

/** The address under which the browser knows the host, without a trailing slash: PUBLIC_URL where it is set. */
export function originOf(request: FastifyRequest, config: HostConfig): string {
  return config.publicUrl ?? `http://${request.headers.host ?? "localhost"}`;
}

/**
 * A name in the `Host` header that is not the host's means that a foreign site's name was pointed at this machine.
 *
 * @throws HostError 421.
 */
export function refuseForeignHost(request: FastifyRequest, config: HostConfig): void {
  const name = hostName(request.headers.host);
  if (name !== undefined && (isLoopbackName(name) || ownNames(config).has(name))) return;
  throw new HostError(
    421,
    `This host does not answer to the name "${(name ?? "").slice(0, 100)}". Open it by its own address, or name it in PUBLIC_URL or ALLOWED_HOSTS.`,
  );
}

/**
 * Under the name that endpoints have of their own nothing else is answered, since their content may run scripts there.
 *
 * @throws HostError 404
 */
export function refuseOutsideEndpoints(request: FastifyRequest, { endpointsUrl }: HostConfig): void {
  if (!endpointsUrl || hostName(request.headers.host) !== new URL(endpointsUrl).hostname) return;
  if (request.routeOptions.url?.startsWith("/http/:key")) return;
  throw new HostError(404, "Only endpoints of sources are answered here.");
}

/** The name in a `Host` header, lower case and without port; undefined when the header is none. */
export function hostName(header: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec((header ?? "").toLowerCase())?.[1];
}

function ownNames(config: HostConfig): Set<string> {
  const listening = config.host.includes(":") ? `[${config.host}]` : config.host;
  return new Set([
    ...config.allowedHosts,
    listening,
    ...[config.publicUrl, config.endpointsUrl].flatMap((url) => (url ? [new URL(url).hostname] : [])),
  ]);
}

/** Whether an `Origin` header names the origin the request itself was sent to, or PUBLIC_URL's. */
export function isOwnOrigin(origin: string, request: FastifyRequest, config: HostConfig): boolean {
  if (config.publicUrl && origin === new URL(config.publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host?.toLowerCase();
}

/**
 * Whether the browser says that another site made it send this request.
 *
 * Browsers send `Sec-Fetch-Site` over HTTPS and to loopback names, and `Origin` with everything that changes something.
 */
export function isFromOtherSite(request: FastifyRequest, config: HostConfig): boolean {
  const site = request.headers["sec-fetch-site"];
  const { origin } = request.headers;
  return (
    (site !== undefined && site !== "same-origin" && site !== "none") ||
    (origin !== undefined && !isOwnOrigin(origin, request, config))
  );
}
