import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { fieldsOf, type AccountRow } from "../accounts/account-rows";
import { MASKED } from "../execution/redact";
import { HostError, notFound } from "../errors";
import type { Services } from "./services";
import type { RegisteredApp } from "../execution/component-registry";
import { hashOf } from "../encryption";
import { userOf } from "./access";
import { listPage, pageQuery } from "./paging";

const listQuery = pageQuery.extend({
  external_user_id: z.string().optional(),
  app: z.string().optional(),
  include_credentials: z.string().optional(),
});
const keysBody = z.object({
  app_slug: z.string(),
  cfmap_json: z.union([z.string(), z.record(z.string(), z.unknown())]),
  name: z.string().optional(),
  account_id: z.string().optional(),
  connect_token: z.string().optional(),
});

/** Accounts of the Connect API. Credentials are shown to a server that asks for them, never to a browser. */
export function accountRoutes(app: FastifyInstance, services: Services): void {
  const { accounts, registry } = services;
  const answer = async (row: AccountRow): Promise<Record<string, unknown>> =>
    accountAnswer(row, await registry.app(row.app));

  app.get("/accounts", async (request) => {
    const query = listQuery.parse(request.query);
    const all = request.caller?.kind === "server" && !query.external_user_id;
    const rows = await accounts.list({
      user: all ? undefined : userOf(request, query.external_user_id),
      app: query.app?.replace(/^app_/, ""),
    });
    const page = listPage(rows, query, (row) => row.id);
    return { ...page, data: await Promise.all(page.data.map(answer)) };
  });

  app.get<{ Params: { id: string } }>("/accounts/:id", async (request) => {
    const query = listQuery.parse(request.query);
    const isServer = request.caller?.kind === "server";
    const user = isServer && !query.external_user_id ? undefined : userOf(request, query.external_user_id);
    const row = await accounts.get(request.params.id, user);
    if (query.include_credentials !== "true" || !isServer) return answer(row);
    const { auth } = await accounts.authFor(row.id, row.external_user_id);
    return { ...(await answer(row)), credentials: auth };
  });

  app.get<{ Params: { user: string } }>("/users/:user/accounts", async (request) => {
    const rows = await accounts.list({ user: userOf(request, request.params.user) });
    return Promise.all(rows.map(answer));
  });

  app.post("/accounts", async (request) => {
    const query = listQuery.parse(request.query);
    const body = keysBody.parse(request.body);
    const found = await registry.app(body.app_slug);
    if (!found) throw notFound("app", body.app_slug);
    const fields = readKeys(body.cfmap_json);
    if (found.connection)
      throw new HostError(
        422,
        `${found.name} accounts are connected by signing in: POST /api/connect-attempts gives the address.`,
      );
    const row = await accounts.storeKeys({
      id: body.account_id,
      user: userOf(request, query.external_user_id),
      app: found.slug,
      appName: found.name,
      name: body.name,
      fields,
    });
    const account = await answer(row);
    const session =
      request.caller?.kind === "connect"
        ? request.caller.tokenHash
        : body.connect_token && hashOf(body.connect_token);
    if (session) await services.connectTokens.report(session, { event: "CONNECTION_SUCCESS", account });
    return account;
  });

  app.delete<{ Params: { id: string } }>("/accounts/:id", async (request, reply) => {
    const query = listQuery.parse(request.query);
    const isServer = request.caller?.kind === "server" && !query.external_user_id;
    await accounts.delete(request.params.id, isServer ? undefined : userOf(request, query.external_user_id));
    return reply.code(204).send();
  });

  app.delete<{ Params: { app: string } }>("/apps/:app/accounts", async (request, reply) => {
    if (request.caller?.kind !== "server")
      throw new HostError(403, "Only a server may delete all accounts of an app.");
    const rows = await accounts.list({ app: request.params.app.replace(/^app_/, "") });
    for (const row of rows) await accounts.delete(row.id);
    return reply.code(204).send();
  });
}

export function accountAnswer(row: AccountRow, app: RegisteredApp | undefined): Record<string, unknown> {
  const { client_secret: _, ...known } = fieldsOf(row);
  // Of an account that is known by its keys, only their names are told.
  const fields =
    row.auth_type === "keys" ? Object.fromEntries(Object.keys(known).map((name) => [name, MASKED])) : known;
  return {
    id: row.id,
    name: row.name,
    external_id: row.external_user_id,
    healthy: row.healthy,
    dead: row.dead,
    error: row.error,
    app: {
      id: `app_${row.app}`,
      name_slug: row.app,
      name: app?.name ?? row.app,
      auth_type: row.auth_type,
      img_src: "",
      categories: [],
    },
    fields,
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
    expires_at: row.expires_at ? new Date(row.expires_at).toISOString() : null,
  };
}

function readKeys(map: string | Record<string, unknown>): Record<string, string> {
  let value: unknown = map;
  if (typeof map === "string") {
    try {
      value = JSON.parse(map);
    } catch {
      throw new HostError(400, "cfmap_json is not valid JSON; it takes an object of field names and values.");
    }
  }
  const read = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).safeParse(value);
  if (!read.success || Object.keys(read.data).length === 0)
    throw new HostError(400, "cfmap_json takes an object of field names and values.");
  return Object.fromEntries(Object.entries(read.data).map(([name, item]) => [name, String(item)]));
}
