import { present } from "../../helpers/present";
import type { Came } from "./services";

/** What the services answer, in the shapes of their public documentation. */

const now = new Date().toISOString();
/** Where webhooks are to be sent, by service. */
const hooks: Record<string, { url: string; token?: string }> = {};

export function gitlab({ method, path, body }: Came): unknown {
  if (path === "/api/v4/projects") return [{ id: 7, path_with_namespace: "acme/tools" }];
  if (path === "/api/v4/projects/7/labels") return [{ name: "bug" }, { name: "idea" }];
  if (path === "/api/v4/projects/7/issues" && method === "POST") return { id: 70, iid: 1, ...body };
  if (path === "/api/v4/projects/7/hooks") {
    hooks.gitlab = { url: String(body.url), token: String(body.token) };
    return { id: 5 };
  }
  return path === "/api/v4/projects/7/hooks/5" ? {} : undefined;
}

const page = (id: string, title: string): Record<string, unknown> => ({
  object: "page",
  id,
  created_time: now,
  parent: { type: "data_source_id", data_source_id: "ds-1" },
  properties: { Name: { id: "title", type: "title", title: [{ plain_text: title }] } },
});
export function notion({ method, path, body }: Came): unknown {
  const title = { id: "title", name: "Name", type: "title", title: {} };
  const stage = {
    id: "st",
    name: "Stage",
    type: "select",
    select: { options: [{ name: "New" }, { name: "Old" }] },
  };
  const source = {
    object: "data_source",
    id: "ds-1",
    title: [{ plain_text: "Tasks" }],
    properties: { Name: title, Stage: stage },
  };
  if (path === "/v1/search") return { results: [source], next_cursor: null, has_more: false };
  if (path === "/v1/data_sources/ds-1") return source;
  if (path === "/v1/data_sources/ds-1/query")
    return { object: "list", results: [page("p-1", "First")], next_cursor: null, has_more: false };
  return path === "/v1/pages" && method === "POST" ? { ...page("p-2", "Made"), sent: body } : undefined;
}

export function slack({ path, body }: Came): unknown {
  if (path === "/api/users.conversations" || path === "/api/conversations.list")
    return { ok: true, channels: [{ id: "C1", name: "ops", is_channel: true }], response_metadata: {} };
  if (path === "/api/chat.postMessage")
    return { ok: true, channel: body.channel, ts: "1.2", message: { text: body.text } };
  if (path === "/api/conversations.info") return { ok: true, channel: { id: "C1", name: "ops" } };
  return path === "/api/auth.test"
    ? { ok: true, user_id: "U1", response_metadata: { scopes: [] } }
    : undefined;
}

export function monday({ body }: Came): unknown {
  const query = String(body.query);
  const variables = (typeof body.variables === "string" ? JSON.parse(body.variables) : body.variables) as
    Record<string, unknown> | undefined;
  const item = { id: "900", name: "Fix the door", updated_at: now };
  if (query.includes("create_item")) return { data: { create_item: { id: "901", variables } } };
  if (query.includes("create_webhook")) {
    hooks.monday = { url: String(variables?.url) };
    return { data: { create_webhook: { id: "5" } } };
  }
  if (query.includes("delete_webhook")) return { data: { delete_webhook: { id: "5" } } };
  if (query.includes("items_page"))
    return { data: { boards: [{ items_page: { cursor: null, items: [item] } }] } };
  if (query.includes("columns"))
    return {
      data: {
        boards: [
          {
            columns: [
              { id: "name", title: "Name", settings_str: "{}" },
              { id: "status", title: "Status", settings_str: '{"labels": {"0": "Open", "1": "Done"}}' },
            ],
          },
        ],
      },
    };
  if (query.includes("items")) return { data: { items: [item] } };
  return query.includes("boards")
    ? { data: { boards: [{ id: "11", name: "House", type: "board" }] } }
    : undefined;
}

export function shopify({ body }: Came): unknown {
  const query = String(body.query);
  const node = { id: "gid://shopify/Product/1", title: "Lamp" };
  const pageInfo = { hasNextPage: false, endCursor: null };
  const metafield = {
    id: "gid://shopify/Metafield/9",
    key: "color",
    namespace: "own",
    type: "single_line_text_field",
  };
  if (query.includes("metafieldsSet"))
    return { data: { metafieldsSet: { metafields: [body.variables], userErrors: [] } } };
  if (/pages\s*\(/.test(query))
    return {
      data: { pages: { nodes: [{ id: "gid://shopify/Page/3", title: "About", createdAt: now }], pageInfo } },
    };
  if (/products\s*\(/.test(query)) return { data: { products: { nodes: [node], pageInfo } } };
  return /product\s*\(/.test(query)
    ? { data: { product: { ...node, metafields: { nodes: [metafield], pageInfo } } } }
    : undefined;
}

export async function outlook({ method, path, body }: Came): Promise<unknown> {
  const contact = { id: "c-1", displayName: "Ann Example", createdDateTime: now };
  if (path === "/v1.0/me/contacts" && method === "POST") return { id: "c-2", ...body };
  if (path === "/v1.0/me/contacts") return { value: [contact] };
  if (path === "/v1.0/me/contacts/c-1") return contact;
  if (path === "/v1.0/me/mailFolders") return { value: [{ id: "f-1", displayName: "Inbox" }] };
  if (path === "/v1.0/subscriptions" && method === "POST") {
    // The subscription is made only when the address answers the handshake.
    const url = String(body.notificationUrl);
    hooks.outlook = { url, token: String(body.clientState) };
    const answer = await fetch(`${url}?validationToken=hand%20shake`, { method: "POST" });
    return (await answer.text()) === "hand shake"
      ? { id: "sub-1", clientState: body.clientState }
      : undefined;
  }
  return path.startsWith("/v1.0/subscriptions/") ? {} : undefined;
}

export const hookOf = (service: string): { url: string; token?: string } => present(hooks[service]);
