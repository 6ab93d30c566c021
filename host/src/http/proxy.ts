import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { fieldsOf } from "../accounts/account-rows";
import { isApiHost } from "../accounts/apps/api-hosts";
import type { App } from "../accounts/apps/apps";
import { fillHost } from "../accounts/apps/placeholders";
import { requestHeaders } from "../accounts/apps/request-headers";
import type { AccountRow } from "../db/schema";
import { HostError, messageOf } from "../errors";
import { callers } from "./callers";
import { confine } from "./foreign-answers";
import { externalUserId, id } from "./schemas";
import type { HostApp } from "./zod-routes";
import type { Outbound } from "../outbound/outbound";
import type { Services } from "./services";

const LIMITS = { timeoutMs: 60_000, maxBytes: 256_000_000 };
const HEADER_PREFIX = "x-pd-proxy-";
const proxyQuery = z.object({ external_user_id: externalUserId, account_id: id });

/**
 * Requests to an account's own server with the account's credentials, for servers that hold none themselves. The address is a path on that
 * server, or a full one on a host that the app's description allows; the credentials go nowhere else.
 */
export function proxyRoutes(app: HostApp, services: Services): void {
  app.route({
    method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    url: "/proxy/:url64",
    config: { callers: callers.servers },
    schema: { params: z.object({ url64: z.string().min(1).max(4000) }), querystring: proxyQuery },
    handler: async (request, reply) => {
      const { query } = request;
      const account = await services.accounts.get(query.account_id, query.external_user_id);
      const target = targetOf(await services.apps.find(account.app), account);
      const url = target.resolve(request.params.url64);
      const send = async (): Promise<Response> => {
        const { auth, network } = await services.accounts.authFor(account.id, account.external_user_id);
        return forward(services.runtime.outbound.through(network), request, url, target.headers(auth));
      };
      let answer = await send();
      if (answer.status === 401) {
        // A refused token did nothing, so the request may be repeated with a new one.
        await answer.body?.cancel();
        await services.accounts.markTokenInvalid(account.id);
        answer = await send();
      }
      const type = answer.headers.get("content-type");
      if (type) reply.header("content-type", type);
      return confine(reply)
        .code(answer.status)
        .send(answer.body ? Readable.fromWeb(answer.body) : null);
    },
  });
}

interface Target {
  /** The address that a request is for. @throws HostError 400, 403 for one that does not get the credentials. */
  resolve(url64: string): URL;
  /** The headers that carry the credentials. */
  headers(auth: Record<string, unknown>): Record<string, string>;
}

/** Where an account's credentials may go, and how: as the app is described, or to the server that gave the token. */
function targetOf(app: App | undefined, account: AccountRow): Target {
  const { described } = app ?? {};
  const own = account.token_url ? new URL(account.token_url).origin : undefined;
  if (!described || described.api_hosts.length === 0) {
    if (account.auth_type !== "oauth" || own === undefined)
      throw new HostError(
        400,
        `The account "${account.name}" is connected by keys, and nobody has described where they may be used and how they are sent. Run an action instead, or describe the app with api_hosts and request_headers.`,
      );
    return {
      resolve(url64) {
        const url = addressIn(url64, own);
        if (url.origin === own) return url;
        throw new HostError(
          403,
          `The account's credentials are for ${own} only; ${url.origin} does not get them. Give a path, or an address on ${own}.`,
        );
      },
      headers: (auth) => ({ authorization: `Bearer ${String(auth.oauth_access_token)}` }),
    };
  }
  const hosts = described.api_hosts;
  const fields = fieldsOf(account);
  return {
    resolve(url64) {
      const first = hosts.find((host) => !host.startsWith("*."));
      const url = addressIn(url64, first === undefined ? undefined : `https://${fillHost(first, fields)}`);
      if (isApiHost(url, hosts, fields)) return url;
      throw new HostError(
        403,
        `The account's credentials are for ${hosts.join(", ")} only, over https; ${url.origin} does not get them.`,
      );
    },
    headers(auth) {
      const values = Object.fromEntries(
        Object.entries(auth).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      );
      return requestHeaders(described, values);
    },
  };
}

function addressIn(url64: string, base: string | undefined): URL {
  const text = Buffer.from(url64, "base64").toString("utf8");
  if (!URL.canParse(text, base))
    throw new HostError(400, "The part of the path after /proxy/ is no address in base64.");
  return new URL(text, base);
}

async function forward(
  outbound: Outbound,
  request: FastifyRequest,
  url: URL,
  credentials: Record<string, string>,
): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  for (const [name, value] of Object.entries(request.headers))
    if (name.startsWith(HEADER_PREFIX) && typeof value === "string")
      headers.set(name.slice(HEADER_PREFIX.length), value);
  for (const [name, value] of Object.entries(credentials)) headers.set(name, value);
  const { body } = request;
  if (body !== undefined && body !== null) headers.set("content-type", "application/json");
  try {
    return await outbound.fetch(
      url,
      {
        method: request.method,
        headers: [...headers],
        body: body === undefined || body === null ? null : JSON.stringify(body),
        redirect: "manual",
      },
      LIMITS,
    );
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw new HostError(
      400,
      `${url.origin} did not answer: ${messageOf((error as Error).cause ?? error)}. Check that it is running, and try again.`,
    );
  }
}
