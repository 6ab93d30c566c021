import fastifyCors from "@fastify/cors";
import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import type { FastifyReply, FastifyRequest } from "fastify";
import { accountFor, offerOf, offerQuery, type OfferQuery } from "../agents/offer";
import type { Session } from "../agents/helper-tools";
import { mcpServer } from "../agents/mcp-server";
import { McpSessions } from "../agents/mcp-sessions";
import { HostError } from "../errors";
import { userOf } from "./access";
import { callers, type Caller } from "./callers";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";
import { HOST_VERSION } from "../version";

const signedIn = { callers: callers.signedIn };
const METHODS = ["GET", "POST", "DELETE"] as const;

/** The Model Context Protocol over Streamable HTTP: the actions of all packages as tools of an agent. */
export async function mcpRoutes(app: HostApp, services: Services): Promise<void> {
  const sessions = new McpSessions();
  app.addHook("preClose", () => sessions.close());
  await app.register(async (scope: HostApp) => {
    // Agents that run in a browser come with a bearer token; no cookie comes with such requests.
    await scope.register(fastifyCors, {
      origin: true,
      credentials: false,
      methods: [...METHODS],
      exposedHeaders: ["mcp-session-id", "mcp-protocol-version"],
      maxAge: 600,
    });
    for (const method of METHODS)
      scope.route({
        method,
        url: "/mcp",
        config: signedIn,
        exposeHeadRoute: false,
        schema: { querystring: offerQuery },
        handler: (request, reply) => answer(request as McpRequest, reply, sessions, services),
      });
  });
}

type McpRequest = FastifyRequest<{ Querystring: OfferQuery }>;

/** The protocol's own answers are written by its transport; whatever is refused before is an error of the host as anywhere. */
async function answer(
  request: McpRequest,
  reply: FastifyReply,
  sessions: McpSessions,
  services: Services,
): Promise<void> {
  const user = userOf(request, request.query.external_user_id);
  const owner = ownerOf(request.caller, user);
  const id = request.headers["mcp-session-id"];
  if (typeof id === "string") {
    sessions.find(id, owner);
    reply.hijack();
    return sessions.answer(id, owner, request.raw, reply.raw, request.body);
  }
  if (request.method !== "POST")
    throw new HostError(
      400,
      "The mcp-session-id header is missing. Begin a session with initialize, sent as a POST.",
    );
  const server = mcpServer(await sessionOf(request, user, services), {
    ...services.agents,
    version: HOST_VERSION,
    log: services.log,
  });
  reply.hijack();
  return isInitializeRequest(request.body)
    ? sessions.begin(server, owner, request.raw, reply.raw, request.body)
    : sessions.once(server, request.raw, reply.raw, request.body);
}

/** A session is of one sign-in: another token of the same user begins its own. */
function ownerOf(caller: Caller | undefined, user: string): string {
  if (caller?.kind === "connect") return `connect ${caller.tokenHash}`;
  if (caller?.kind === "page") return `page ${caller.session}`;
  return `${caller?.kind ?? ""} ${user}`;
}

/** What a session may do, by its caller and the words of its address. @throws HostError 400, 404 */
async function sessionOf(
  { query, caller }: McpRequest,
  user: string,
  { registry, accounts }: Services,
): Promise<Session> {
  const { account } = query;
  const offer = offerOf(await registry.components(), query);
  const own = await accounts.list({ user });
  const bound =
    account === undefined ? undefined : own.find(({ id, name }) => id === account || name === account);
  if (account !== undefined)
    accountFor(bound?.app ?? query.app ?? "connected", own, account, bound?.app ?? "connected");
  return {
    caller: { kind: caller?.kind ?? "connect", user, client: "" },
    offer,
    account: bound?.id,
    options: async () => ({ accounts: await accounts.list({ user }), account: bound?.id }),
  };
}
