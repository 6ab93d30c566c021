import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { batched } from "../batched";
import { JsonError, parseJson } from "../bounded-json";
import type { Database } from "../db/database";
import type { TriggerRow } from "../db/schema";
import { notFound } from "../errors";
import { dynamicIn, isOpen } from "../triggers/trigger-rows";
import { callers } from "./callers";
import { allowedHeaders, confine, isStatus, refuseAsPartOfThePage } from "./foreign-answers";
import { hostName, originOf } from "./origins";
import type { Services } from "./services";
import { answerForWorkflow } from "./workflow-endpoints";
import type { HostApp } from "./zod-routes";

type TriggerAt = (key: string) => Promise<TriggerRow | undefined>;

const BODY_LIMIT = 512 * 1024;
const withKey = z.object({ key: z.string().min(1).max(200), "*": z.string().max(4000).optional() });

/** The HTTP endpoints of sources: whoever knows the address may send, since the address is the key. */
export async function endpointRoutes(app: HostApp, services: Services): Promise<void> {
  const triggerAt = triggersByEndpoint(services.db);
  await app.register((scope: HostApp, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, parsed) =>
      parsed(null, body),
    );
    for (const url of ["/http/:key", "/http/:key/*"])
      scope.route({
        method: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        url,
        config: { callers: callers.anybody },
        schema: { params: withKey },
        handler: async (request, reply) => {
          if (request.method === "OPTIONS" && request.headers["access-control-request-method"])
            return reply
              .headers({
                "access-control-allow-origin": "*",
                "access-control-allow-methods": "*",
                "access-control-allow-headers": "*",
              })
              .code(204)
              .send();
          refuseAsPartOfThePage(request);
          return answer(services, triggerAt, request.params.key, request, reply);
        },
      });
    done();
  });
}

/** Finds the triggers of requests that come in the same moment together. */
function triggersByEndpoint(db: Database): TriggerAt {
  return batched(async (keys) => {
    const rows = await db.selectFrom("triggers").selectAll().where("endpoint_key", "in", keys).execute();
    return new Map(rows.map((row) => [row.endpoint_key, row]));
  });
}

async function answer(
  services: Services,
  triggerAt: TriggerAt,
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { requests, triggers, registry } = services;
  const row = await triggerAt(key);
  if (!row) {
    const trigger = await services.workflows.triggers.atEndpoint(key);
    if (!trigger) throw notFound("endpoint", key);
    await services.freeSpace?.ensure();
    return answerForWorkflow(services, trigger, eventOf(request, services), reply);
  }
  if (!isOpen(row)) throw notFound("endpoint", key);
  await services.freeSpace?.ensure();
  const event = eventOf(request, services);
  const props = dynamicIn(row) ?? (await registry.component(row.component_key))?.props ?? [];
  const waits = props.some((prop) => prop.type === "$.interface.http" && prop.customResponse === true);

  if (!waits) return (await requests.accept(row, event)) ? reply.code(200).send() : busy(reply);
  const outcome = await requests.answer(row, event, triggers.stopped);
  if (outcome.kind === "not run") {
    if (outcome.why === "gone") throw notFound("endpoint", key);
    return busy(reply);
  }
  if (outcome.kind === "ended") return reply.code(outcome.status === "ok" ? 200 : 500).send();
  const answered = outcome.reply;
  reply.code(isStatus(answered.status) ? answered.status : 200).headers(allowedHeaders(answered.headers));
  if (!isOwnSite(request, services)) confine(reply);
  return reply.send(answered.encoding === "base64" ? Buffer.from(answered.body, "base64") : answered.body);
}

/** Whether the endpoints have a site of their own, and this is it: nothing else is there that an answer could act as. */
function isOwnSite(request: FastifyRequest, { config }: Services): boolean {
  return (
    config.endpointsUrl !== undefined &&
    hostName(request.headers.host) === new URL(config.endpointsUrl).hostname
  );
}

/** The request was not run and is not kept: its sender is told to send it again. */
function busy(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .header("retry-after", "30")
    .send({ error: "This source has more requests than it can run just now. Send this one again." });
}

/** The request as a source gets it. Cookies are left out: they are those of the page, or nobody's. */
function eventOf(request: FastifyRequest, { config }: Services): Record<string, unknown> {
  const bodyRaw = Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "";
  const url = new URL(request.url, originOf(request, config));
  const { cookie: _, ...headers } = request.headers;
  return {
    method: request.method,
    path: url.pathname.replace(/^\/http\/[^/]+/, "") || "/",
    query: Object.fromEntries(url.searchParams),
    headers,
    bodyRaw,
    rawBody: bodyRaw,
    body: parsed(bodyRaw, request.headers["content-type"]),
    url: url.href,
    client_ip: request.ip,
  };
}

/**
 * JSON as its value, everything else as text.
 *
 * @throws JsonError when it is said to be JSON, and is nested too deep or holds too much.
 */
function parsed(text: string, type = ""): unknown {
  if (text === "") return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError && error.isTooMuch && /\bjson\b/.test(type)) throw error;
    return text;
  }
}
