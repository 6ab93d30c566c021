import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { notFound } from "../errors";
import type { Services } from "./services";
import { dynamicIn, type TriggerRow } from "../triggers/trigger-rows";
import { originOf } from "./page";

const BODY_LIMIT = 512 * 1024;

/** The HTTP endpoints of sources: whoever knows the address may send, since the address is the key. */
export async function endpointRoutes(app: FastifyInstance, services: Services): Promise<void> {
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, parsed) =>
      parsed(null, body),
    );
    for (const url of ["/http/:key", "/http/:key/*"])
      scope.all<{ Params: { key: string } }>(url, { config: { open: true } }, async (request, reply) => {
        if (request.method === "OPTIONS" && request.headers["access-control-request-method"])
          return reply
            .headers({
              "access-control-allow-origin": "*",
              "access-control-allow-methods": "*",
              "access-control-allow-headers": "*",
            })
            .code(204)
            .send();
        return answer(services, request, reply);
      });
    done();
  });
}

async function answer(
  services: Services,
  request: FastifyRequest<{ Params: { key: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const [row] = await services.db.query<TriggerRow>("select * from triggers where endpoint_key = $1", [
    request.params.key,
  ]);
  if (!row || (row.state === "ready" && !row.active && !services.triggers.activating.has(row.id)))
    throw notFound("endpoint", request.params.key);
  const event = eventOf(request, services);
  const props = dynamicIn(row) ?? (await services.registry.component(row.component_key))?.props ?? [];
  const waits = props.some((prop) => prop.type === "$.interface.http" && prop.customResponse === true);

  if (!waits) {
    if (await services.endpoints.accept(row.id, event)) return reply.code(200).send();
    return busy(reply);
  }
  const answered = await services.endpoints.answer(row.id, event);
  if (answered === "busy") return busy(reply);
  if (answered === "gone") throw notFound("endpoint", request.params.key);
  if (answered === "ok" || answered === "error") return reply.code(answered === "ok" ? 200 : 500).send();
  return reply
    .code(answered.status)
    .headers(answered.headers)
    .send(answered.encoding === "base64" ? Buffer.from(answered.body, "base64") : answered.body);
}

/** The request was not run and is not kept: its sender is told to send it again. */
function busy(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .header("retry-after", "30")
    .send({ error: "This source has more requests than it can run just now. Send this one again." });
}

function eventOf(request: FastifyRequest, services: Services): Record<string, unknown> {
  const bodyRaw = Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "";
  const url = new URL(request.url, originOf(request, services));
  return {
    method: request.method,
    path: url.pathname.replace(/^\/http\/[^/]+/, "") || "/",
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    bodyRaw,
    rawBody: bodyRaw,
    body: parsed(bodyRaw),
    url: url.href,
    client_ip: request.ip,
  };
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
