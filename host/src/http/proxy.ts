import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
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
 * Requests to an account's own server with the account's access token, for servers that hold no tokens themselves. The address is a path
 * on that server, or a full one there; the token goes nowhere else.
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
      if (account.auth_type !== "oauth" || !account.token_url)
        throw new HostError(
          400,
          `The account "${account.name}" is connected by keys, and how its app sends them is known to its components only. Run an action instead.`,
        );
      const url = targetOf(request.params.url64, account.token_url);
      const send = async (): Promise<Response> => {
        const { auth } = await services.accounts.authFor(account.id, account.external_user_id);
        return forward(services.runtime.outbound, request, url, String(auth.oauth_access_token));
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

function targetOf(url64: string, tokenUrl: string): URL {
  const text = Buffer.from(url64, "base64").toString("utf8");
  const own = new URL(tokenUrl).origin;
  if (!URL.canParse(text, own))
    throw new HostError(400, "The part of the path after /proxy/ is no address in base64.");
  const url = new URL(text, own);
  if (url.origin !== own)
    throw new HostError(
      403,
      `The account's credentials are for ${own} only; ${url.origin} does not get them. Give a path, or an address on ${own}.`,
    );
  return url;
}

async function forward(
  outbound: Outbound,
  request: FastifyRequest,
  url: URL,
  token: string,
): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  for (const [name, value] of Object.entries(request.headers))
    if (name.startsWith(HEADER_PREFIX) && typeof value === "string")
      headers.set(name.slice(HEADER_PREFIX.length), value);
  headers.set("authorization", `Bearer ${token}`);
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
