import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { newWebhook, signingKeyOf, webhooksOf, type Webhook } from "../triggers/deliveries";
import { notFound } from "../errors";
import type { Services } from "./services";
import { scopeOf } from "./access";
import { webAddress } from "./addresses";

const urlsBody = z.object({ webhook_urls: z.array(webAddress).max(20) });
const idsBody = z.object({ workflow_ids: z.array(z.string()).max(20) });
type WithId = { Params: { id: string; webhook: string } };

/** Where a trigger's events go: webhooks with their signing keys, and the workflows they are for. */
export function webhookRoutes(app: FastifyInstance, services: Services): void {
  const { triggers, db, encryption } = services;
  const base = "/deployed-triggers/:id";
  /** Signing keys are for servers only. */
  const shown = (request: FastifyRequest, webhook: Webhook): Record<string, unknown> => ({
    id: webhook.id,
    url: webhook.url,
    signing_key_set: true,
    failures: services.deliveries.failures.get(webhook.id) ?? null,
    ...(request.caller?.kind === "server" ? { signing_key: signingKeyOf(webhook, encryption) } : {}),
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
  const oneOf = async (request: FastifyRequest<WithId>): Promise<{ all: Webhook[]; one: Webhook }> => {
    const all = webhooksOf(await triggers.get(request.params.id, scopeOf(request)));
    const one = all.find(({ id }) => id === request.params.webhook);
    if (!one) throw notFound("webhook", request.params.webhook);
    return { all, one };
  };

  app.get<WithId>(`${base}/webhooks`, async (request) =>
    answer(request, webhooksOf(await triggers.get(request.params.id, scopeOf(request)))),
  );
  app.put<WithId>(`${base}/webhooks`, async (request) => {
    const { webhook_urls } = urlsBody.parse(request.body);
    const row = await triggers.get(request.params.id, scopeOf(request));
    const before = webhooksOf(row);
    // An address that stays keeps its id and key.
    const webhooks = [...new Set(webhook_urls)].map(
      (url) => before.find((webhook) => webhook.url === url) ?? newWebhook(url, encryption),
    );
    await store(row.id, webhooks);
    return answer(request, webhooks);
  });
  app.get<WithId>(`${base}/webhooks/:webhook`, async (request) => shown(request, (await oneOf(request)).one));
  app.post<WithId>(`${base}/webhooks/:webhook/regenerate_signing_key`, async (request) => {
    const { all, one } = await oneOf(request);
    const key = `whk_${randomBytes(24).toString("base64url")}`;
    const renewed = { ...one, encryptedKey: encryption.encrypt(key, `webhook ${one.id}`) };
    await store(
      request.params.id,
      all.map((webhook) => (webhook.id === one.id ? renewed : webhook)),
    );
    return shown(request, renewed);
  });

  app.get<WithId>(`${base}/pipelines`, async (request) => ({
    workflow_ids: JSON.parse(
      (await triggers.get(request.params.id, scopeOf(request))).workflow_ids,
    ) as string[],
  }));
  app.put<WithId>(`${base}/pipelines`, async (request) => {
    const { workflow_ids } = idsBody.parse(request.body);
    const row = await triggers.get(request.params.id, scopeOf(request));
    await db.query("update triggers set workflow_ids = $2 where id = $1", [
      row.id,
      JSON.stringify(workflow_ids),
    ]);
    return { workflow_ids };
  });
}
