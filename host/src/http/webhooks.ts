import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { nowMs } from "../db/database";
import type { WebhookRow } from "../db/schema";
import { notFound } from "../errors";
import { deadLetters, deliveryCounts, replayDeadLetters } from "../triggers/deliveries";
import { encryptKey, setWebhooks, signingKeyOf, urlOf, webhooksOf } from "../triggers/webhooks";
import type { Services } from "./services";
import { scopeOf } from "./access";
import { webAddress } from "./addresses";
import { callers, isServer } from "./callers";
import { id, userQuery, withId } from "./schemas";
import type { HostApp } from "./zod-routes";

const urlsBody = z.object({ webhook_urls: z.array(webAddress).max(20) });
const idsBody = z.object({ workflow_ids: z.array(id).max(20) });
const replayBody = z.object({ event_ids: z.array(id).max(10_000).optional() }).nullish();
const deadQuery = userQuery.extend({ limit: z.coerce.number().int().min(1).max(1000).default(100) });
const config = { callers: callers.signedIn };
const ofTrigger = { params: withId, querystring: userQuery };
const ofWebhook = { params: withId.extend({ webhook: id }), querystring: userQuery };

/** Where a trigger's events go: webhooks with their signing keys, and the workflows they are for. */
export function webhookRoutes(app: HostApp, services: Services): void {
  const { triggers, db, encryption, queue } = services;
  const base = "/deployed-triggers/:id";
  /** Servers see signing keys; the page does once, when a key is new; connect tokens never do. */
  const shown = (request: FastifyRequest, webhook: WebhookRow, isNew = false): Record<string, unknown> => ({
    id: webhook.id,
    url: urlOf(webhook, encryption),
    signing_key_set: true,
    failures: failuresOf(webhook),
    created_at: webhook.created_at,
    updated_at: webhook.updated_at,
    ...(isServer(request.caller) || (isNew && request.caller?.kind === "page")
      ? { signing_key: signingKeyOf(webhook, encryption) }
      : {}),
  });
  const answer = async (
    request: FastifyRequest,
    trigger: string,
    before?: ReadonlySet<string>,
  ): Promise<Record<string, unknown>> => {
    const webhooks = await webhooksOf(db, trigger);
    const counts = await deliveryCounts(db, trigger);
    return {
      webhook_urls: webhooks.map((webhook) => urlOf(webhook, encryption)),
      webhooks: webhooks.map((webhook) => ({
        ...shown(request, webhook, before !== undefined && !before.has(webhook.id)),
        waiting: counts.get(webhook.id)?.waiting ?? 0,
        dead: counts.get(webhook.id)?.dead ?? 0,
      })),
    };
  };
  /** @throws HostError 404 */
  const webhookOf = async (
    request: Parameters<typeof scopeOf>[0],
    params: { id: string; webhook: string },
  ): Promise<WebhookRow> => {
    const row = await triggers.get(params.id, scopeOf(request));
    const found = (await webhooksOf(db, row.id)).find((webhook) => webhook.id === params.webhook);
    if (!found) throw notFound("webhook", params.webhook);
    return found;
  };

  const all = { config, schema: ofTrigger };
  const one = { config, schema: ofWebhook };

  app.get(`${base}/webhooks`, all, async (request) =>
    answer(request, (await triggers.get(request.params.id, scopeOf(request))).id),
  );
  app.put(`${base}/webhooks`, { config, schema: { ...ofTrigger, body: urlsBody } }, async (request) => {
    const row = await triggers.get(request.params.id, scopeOf(request));
    const before = new Set((await webhooksOf(db, row.id)).map((webhook) => webhook.id));
    await setWebhooks(db, row.id, request.body.webhook_urls, encryption);
    return answer(request, row.id, before);
  });
  app.get(`${base}/webhooks/:webhook`, one, async (request) => ({
    data: shown(request, await webhookOf(request, request.params)),
  }));
  app.post(`${base}/webhooks/:webhook/regenerate_signing_key`, one, async (request) => {
    const webhook = await webhookOf(request, request.params);
    const encrypted_key = encryptKey(webhook.id, encryption);
    const changed = await db
      .updateTable("webhooks")
      .set({ encrypted_key, updated_at: nowMs() })
      .where("id", "=", webhook.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return { data: shown(request, changed, true) };
  });

  const deadSchema = { ...ofWebhook, querystring: deadQuery };
  app.get(`${base}/webhooks/:webhook/dead-letters`, { config, schema: deadSchema }, async (request) => {
    const webhook = await webhookOf(request, request.params);
    const rows = await deadLetters(db, webhook.id, request.query.limit);
    return {
      data: rows.map(({ event, summary, dead_at, error }) => ({
        event_id: event,
        summary,
        failed_at: dead_at,
        error,
      })),
    };
  });
  const replaySchema = { ...ofWebhook, body: replayBody };
  app.post(`${base}/webhooks/:webhook/replay`, { config, schema: replaySchema }, async (request, reply) => {
    const webhook = await webhookOf(request, request.params);
    const replayed = await replayDeadLetters(db, queue, webhook.id, request.body?.event_ids);
    return reply.code(202).send({ replayed });
  });

  app.get(`${base}/pipelines`, all, async (request) => ({
    workflow_ids: JSON.parse(
      (await triggers.get(request.params.id, scopeOf(request))).workflow_ids,
    ) as string[],
  }));
  app.put(`${base}/pipelines`, { config, schema: { ...ofTrigger, body: idsBody } }, async (request) => {
    const { workflow_ids } = request.body;
    const row = await triggers.get(request.params.id, scopeOf(request));
    await db
      .updateTable("triggers")
      .set({ workflow_ids: JSON.stringify(workflow_ids) })
      .where("id", "=", row.id)
      .execute();
    return { workflow_ids };
  });
}

function failuresOf(webhook: WebhookRow): Record<string, unknown> | null {
  if (webhook.failures === 0) return null;
  const { failures, last_error, last_failed_at } = webhook;
  return { count: failures, last_error, last_failed_at };
}
