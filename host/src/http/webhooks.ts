import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { newWebhook, signingKeyOf, webhooksOf, type Webhook } from "../triggers/deliveries";
import { notFound } from "../errors";
import type { Services } from "./services";
import { scopeOf } from "./access";
import { webAddress } from "./addresses";
import { callers, isServer } from "./callers";
import { id, userQuery, withId } from "./schemas";
import type { TriggerRow } from "../triggers/trigger-rows";
import type { HostApp } from "./zod-routes";

const urlsBody = z.object({ webhook_urls: z.array(webAddress).max(20) });
const idsBody = z.object({ workflow_ids: z.array(id).max(20) });
const config = { callers: callers.signedIn };
const ofTrigger = { params: withId, querystring: userQuery };
const ofWebhook = { params: withId.extend({ webhook: id }), querystring: userQuery };

/** Where a trigger's events go: webhooks with their signing keys, and the workflows they are for. */
export function webhookRoutes(app: HostApp, services: Services): void {
  const { triggers, db, encryption } = services;
  const base = "/deployed-triggers/:id";
  /** Signing keys are for servers only. */
  const shown = (request: FastifyRequest, webhook: Webhook): Record<string, unknown> => ({
    id: webhook.id,
    url: webhook.url,
    signing_key_set: true,
    failures: services.deliveries.failures.get(webhook.id) ?? null,
    ...(isServer(request.caller) ? { signing_key: signingKeyOf(webhook, encryption) } : {}),
  });
  const answer = (request: FastifyRequest, webhooks: Webhook[]): Record<string, unknown> => ({
    webhook_urls: webhooks.map(({ url }) => url),
    webhooks: webhooks.map((webhook) => shown(request, webhook)),
  });
  const store = (id: string, webhooks: Webhook[]): Promise<unknown> =>
    db.query("update triggers set webhooks = $2, updated_at = $3 where id = $1", [
      id,
      JSON.stringify(webhooks),
      Date.now(),
    ]);

  const all = { config, schema: ofTrigger };
  const one = { config, schema: ofWebhook };

  app.get(`${base}/webhooks`, all, async (request) =>
    answer(request, webhooksOf(await triggers.get(request.params.id, scopeOf(request)))),
  );
  app.put(`${base}/webhooks`, { config, schema: { ...ofTrigger, body: urlsBody } }, async (request) => {
    const row = await triggers.get(request.params.id, scopeOf(request));
    const before = webhooksOf(row);
    // An address that stays keeps its id and key.
    const webhooks = [...new Set(request.body.webhook_urls)].map(
      (url) => before.find((webhook) => webhook.url === url) ?? newWebhook(url, encryption),
    );
    await store(row.id, webhooks);
    return answer(request, webhooks);
  });
  app.get(`${base}/webhooks/:webhook`, one, async (request) => {
    const row = await triggers.get(request.params.id, scopeOf(request));
    return shown(request, webhookOf(row, request.params.webhook));
  });
  app.post(`${base}/webhooks/:webhook/regenerate_signing_key`, one, async (request) => {
    const row = await triggers.get(request.params.id, scopeOf(request));
    const webhook = webhookOf(row, request.params.webhook);
    const key = `whk_${randomBytes(24).toString("base64url")}`;
    const renewed = { ...webhook, encryptedKey: encryption.encrypt(key, `webhook ${webhook.id}`) };
    await store(
      row.id,
      webhooksOf(row).map((other) => (other.id === webhook.id ? renewed : other)),
    );
    return shown(request, renewed);
  });

  app.get(`${base}/pipelines`, all, async (request) => ({
    workflow_ids: JSON.parse(
      (await triggers.get(request.params.id, scopeOf(request))).workflow_ids,
    ) as string[],
  }));
  app.put(`${base}/pipelines`, { config, schema: { ...ofTrigger, body: idsBody } }, async (request) => {
    const { workflow_ids } = request.body;
    const row = await triggers.get(request.params.id, scopeOf(request));
    await db.query("update triggers set workflow_ids = $2 where id = $1", [
      row.id,
      JSON.stringify(workflow_ids),
    ]);
    return { workflow_ids };
  });
}

/** @throws HostError 404 */
function webhookOf(trigger: TriggerRow, id: string): Webhook {
  const found = webhooksOf(trigger).find((webhook) => webhook.id === id);
  if (!found) throw notFound("webhook", id);
  return found;
}
