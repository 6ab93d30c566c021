import { z } from "zod";
import { fieldsOf } from "../accounts/account-rows";
import type { AccountRow } from "../db/schema";
import { HostError } from "../errors";
import type { Services } from "./services";
import type { App } from "../accounts/apps/apps";
import { hashOf } from "../encryption";
import { parseJson } from "../bounded-json";
import { scopeOf, userOf } from "./access";
import { callers, isServer } from "./callers";
import { listPage, pageQuery } from "./paging";
import { externalUserId, id, networkBody, title, userQuery, withId } from "./schemas";
import type { HostApp } from "./zod-routes";

const oneQuery = userQuery.extend({ include_credentials: z.string().max(10).optional() });
const listQuery = pageQuery.extend({ ...oneQuery.shape, app: z.string().max(300).optional() });
const keysBody = z.object({
  app_slug: id,
  cfmap_json: z.union([z.string().max(200_000), z.record(z.string().max(200), z.unknown())]),
  name: title.optional(),
  account_id: id.optional(),
  /** By which way, where the app has more than one. */
  auth_kind: z.string().min(1).max(100).optional(),
  connect_token: z.string().max(200).optional(),
  network: networkBody,
});
const signedIn = { callers: callers.signedIn };

/** Accounts of the Connect API. Credentials are shown to a server that asks for them, never to a browser. */
export function accountRoutes(app: HostApp, services: Services): void {
  const { accounts, apps } = services;
  const answer = async (row: AccountRow): Promise<Record<string, unknown>> => {
    const network = accounts.networkOf(row);
    return { ...accountAnswer(row, await apps.find(row.app)), ...(network ? { network } : {}) };
  };

  /** Of an account that must be connected again there are none. */
  const withCredentials = async (row: AccountRow): Promise<Record<string, unknown>> => {
    const shown = await answer(row);
    if (row.needs_reconnect) return shown;
    const { auth } = await accounts.authFor(row.id, row.external_user_id);
    return { ...shown, credentials: auth };
  };

  app.get("/accounts", { config: signedIn, schema: { querystring: listQuery } }, async (request) => {
    const { query } = request;
    const all = isServer(request.caller) && !query.external_user_id;
    const rows = await accounts.list({
      user: all ? undefined : userOf(request, query.external_user_id),
      app: query.app?.replace(/^app_/, ""),
    });
    const page = listPage(rows, query, (row) => row.id);
    const isShown = query.include_credentials === "true" && isServer(request.caller);
    return { ...page, data: await Promise.all(page.data.map(isShown ? withCredentials : answer)) };
  });

  app.get(
    "/accounts/:id",
    { config: signedIn, schema: { params: withId, querystring: oneQuery } },
    async (request) => {
      const { query } = request;
      const row = await accounts.get(request.params.id, scopeOf(request));
      const isShown = query.include_credentials === "true" && isServer(request.caller);
      return isShown ? withCredentials(row) : answer(row);
    },
  );

  app.get(
    "/users/:user/accounts",
    { config: signedIn, schema: { params: z.object({ user: externalUserId }) } },
    async (request) => {
      const rows = await accounts.list({ user: userOf(request, request.params.user) });
      return Promise.all(rows.map(answer));
    },
  );

  const creation = { body: keysBody, querystring: userQuery };
  app.post("/accounts", { config: signedIn, schema: creation }, async (request) => {
    const { query, body } = request;
    const row = await accounts.connect({
      id: body.account_id,
      user: userOf(request, query.external_user_id),
      app: await apps.get(body.app_slug.replace(/^app_/, "")),
      kind: body.auth_kind,
      name: body.name,
      fields: readKeys(body.cfmap_json),
      network: body.network,
    });
    const account = await answer(row);
    const session =
      request.caller?.kind === "connect"
        ? request.caller.tokenHash
        : body.connect_token && hashOf(body.connect_token);
    if (session) await services.connectTokens.report(session, { event: "CONNECTION_SUCCESS", account });
    return account;
  });

  app.delete(
    "/accounts/:id",
    { config: signedIn, schema: { params: withId, querystring: userQuery } },
    async (request, reply) => {
      await accounts.delete(request.params.id, scopeOf(request));
      return reply.code(204).send();
    },
  );

  app.delete(
    "/apps/:app/accounts",
    { config: { callers: callers.servers }, schema: { params: z.object({ app: id }) } },
    async (request, reply) => {
      const rows = await accounts.list({ app: request.params.app.replace(/^app_/, "") });
      for (const row of rows) await accounts.delete(row.id);
      return reply.code(204).send();
    },
  );
}

export function accountAnswer(row: AccountRow, app: App | undefined): Record<string, unknown> {
  const { client_secret: _, oauth_uid: __, ...fields } = fieldsOf(row);
  return {
    id: row.id,
    name: row.name,
    external_id: row.external_user_id,
    healthy: row.healthy,
    dead: row.needs_reconnect,
    error: row.error,
    app: {
      id: `app_${row.app}`,
      name_slug: row.app,
      name: app?.name ?? row.app,
      auth_type: row.auth_type,
      img_src: "",
      categories: app?.categories ?? [],
    },
    auth_kind: row.auth_kind,
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
      value = parseJson(map);
    } catch {
      throw new HostError(400, "cfmap_json is not valid JSON; it takes an object of field names and values.");
    }
  }
  const read = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).safeParse(value);
  if (!read.success || Object.keys(read.data).length === 0)
    throw new HostError(400, "cfmap_json takes an object of field names and values.");
  return Object.fromEntries(Object.entries(read.data).map(([name, item]) => [name, String(item)]));
}
