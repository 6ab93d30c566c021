import { signInThroughPages } from "../../scripts/demo/sign-in";
import type { RunningInstance } from "../helpers/instance";

export const redirectUri = "http://127.0.0.1:5999/connect/callback";
export const demo = { client_id: "demo-client", client_secret: "demo-secret" };
export const password = { grant_type: "password", username: "admin", password: "admin" };
export const refusal = { error_description: "access_denied", error: "server_error" };

export type Fields = Record<string, string>;

/** What the token endpoint says to these fields. */
export async function token(
  instance: RunningInstance,
  fields: Fields,
  headers: Fields = {},
): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`${instance.url}/oauth_token.do`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

export function authorizeUrl(instance: RunningInstance, more: Fields = {}): string {
  return `${instance.url}/oauth_auth.do?${new URLSearchParams({
    response_type: "code",
    client_id: "demo-client",
    redirect_uri: redirectUri,
    state: "s-1_x",
    ...more,
  })}`;
}

/** Where a user comes out who signs in and answers the question. */
export async function authorized(
  instance: RunningInstance,
  more: Fields = {},
  userName = "admin",
  decision: "allow" | "deny" = "allow",
): Promise<URL> {
  const url = authorizeUrl(instance, more);
  return new URL(await signInThroughPages(url, { userName, password: userName, decision }));
}

/** Status of an API call with a bearer token. */
export async function statusWith(instance: RunningInstance, bearer: string): Promise<number> {
  const response = await fetch(`${instance.url}/api/now/table/incident?sysparm_limit=1`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  await response.body?.cancel();
  return response.status;
}
