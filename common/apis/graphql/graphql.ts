import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { ServiceNowError } from "../../errors";
import { common, send } from "../../http/api-call";
import { textOf } from "../../table/cells";

/**
 * One GraphQL operation. A mutation is never repeated blindly.
 *
 * @returns its `data`
 * @throws ServiceNowError `bad-request` with the messages of the answer's `errors`
 */
export async function graphql<T = unknown>(
  client: ServiceNow,
  query: string,
  variables: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<T> {
  const reads = !/(^|[\s}])(mutation|subscription)\b/.test(query.replaceAll(/#.*$/gm, ""));
  const answer = await send<{ data?: T; errors?: unknown[]; result?: { data?: T; errors?: unknown[] } }>(
    client,
    {
      ...common(options),
      method: "POST",
      path: "/api/now/graphql",
      body: { query, variables },
      idempotency: reads ? "idempotent" : "not-idempotent",
      operation: "run a GraphQL operation",
      needs: "the GraphQL API",
    },
  );
  const { data, errors = [] } = answer.data?.result ?? answer.data ?? {};
  if (errors.length > 0) {
    const words = errors.map((error) => textOf(Reflect.get(Object(error), "message"))).filter(Boolean);
    throw new ServiceNowError({
      kind: "bad-request",
      what: `The GraphQL operation failed: ${words.join("; ") || "no reason given"}`,
      remedy: "Check the operation against the instance's schema, and the account's rights on it",
      detail: words.join("; "),
      status: answer.status,
    });
  }
  return data as T;
}
