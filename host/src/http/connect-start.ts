import type { FastifyReply, FastifyRequest } from "fastify";
import type { OpenedRequest } from "../accounts/authorization-requests";
import type { HostConfig } from "../config";
import { HostError } from "../errors";
import { isLoopbackName } from "../loopback";
import type { Services } from "./services";
import { isFromOtherSite, originOf } from "./origins";
import { htmlPage, sendPage } from "./small-page";
import { cookieOptions, sessionCookie } from "./session-cookie";

/**
 * A sign-in for an account begins at an address of the host, in a browser that is then known by a cookie; the callback takes no other
 * browser. Without that, somebody could begin a sign-in and have another person finish it, and so get an account that is that person's.
 */

const LIFE_SECONDS = 15 * 60;

/** The address that a browser is sent to for a begun authorization request. */
export function startAddress(origin: string, id: string): string {
  return `${origin}/connect/start/${id}`;
}

/**
 * Lets the browser go on to the sign-in page, if this is the browser that began. For a request begun on the page that is the browser with
 * that session. One begun with a connect token goes on at once when a page of the host opened it; a person who came by a link
 * is asked first, since the link may be somebody else's.
 */
export async function startSignIn(
  request: FastifyRequest,
  reply: FastifyReply,
  opened: OpenedRequest,
  services: Services,
): Promise<FastifyReply> {
  const { config } = services;
  if (opened.session !== undefined) {
    const session = await services.sessions.find(sessionCookie(request, config));
    if (session?.id !== opened.session)
      throw new HostError(
        403,
        `This sign-in was begun in another browser, or under another address of the host. Open ${originOf(request, config)} and connect the account there.`,
      );
  }
  const asked = request.method === "POST";
  if (asked && (request.headers.origin === undefined || isFromOtherSite(request, config)))
    throw new HostError(403, "This request comes from another site.");
  if (opened.connectToken && !asked && !wasOpenedByThePage(request, config)) return askFirst(reply, opened);
  return reply
    .setCookie(cookieName(opened.id), cookieValue(opened.id, services), {
      ...cookieOptions(request, config),
      path: "/connect/",
      maxAge: LIFE_SECONDS,
    })
    .redirect(opened.authorizeUrl, 303);
}

/** Whether the browser is the one that {@link startSignIn} let go on. */
export function beganHere(request: FastifyRequest, id: string, { encryption }: Services): boolean {
  return encryption.isSignedBy(`browser of ${id}`, request.cookies[cookieName(id)] ?? "");
}

export function forgetBrowser(
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  config: HostConfig,
): void {
  reply.clearCookie(cookieName(id), { ...cookieOptions(request, config), path: "/connect/" });
}

const cookieName = (id: string): string => `host_connect_${id}`;
const cookieValue = (id: string, { encryption }: Services): string => encryption.sign(`browser of ${id}`);

/**
 * Browsers say over HTTPS and to loopback names which site opened an address. Where one would and does not, it is a program, not a
 * browser; over plain HTTP on other names nothing is known.
 */
function wasOpenedByThePage(request: FastifyRequest, config: HostConfig): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  const { protocol, hostname } = new URL(originOf(request, config));
  return protocol === "https:" || isLoopbackName(hostname);
}

function askFirst(reply: FastifyReply, opened: OpenedRequest): FastifyReply {
  const { host, origin } = new URL(opened.authorizeUrl);
  return sendPage(
    reply,
    200,
    htmlPage`<h1>Connect an account of ${opened.appName}</h1>
<p>Somebody began to connect an account on this host for the user “${opened.user}”. You sign in at ${host}; from then on the workflows of “${opened.user}” can use your account there.</p>
<p>Go on only if you began this yourself.</p>
<form method="post"><button type="submit">Continue to sign in</button></form>`,
    { formTo: origin },
  );
}
