import { createHmac } from "node:crypto";
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

/** What a JWT says of its user: made now by the demo's client, good for a minute. */
export const claimsOf = (sub: string, now = Math.floor(Date.now() / 1000)) => ({
  iss: "demo-client",
  aud: "demo-client",
  sub,
  iat: now,
  exp: now + 60,
});

const bySecret = (body: string): string =>
  createHmac("sha256", "demo-secret").update(body).digest("base64url");

/** The fields that ask for a token with a JWT, signed with the client's secret unless told otherwise. */
export function jwtGrant(claims: object, alg = "HS256", signed = bySecret): Fields {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part({ alg, typ: "JWT" })}.${part(claims)}`;
  const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  return { ...demo, grant_type, assertion: `${body}.${signed(body)}` };
}

/** The cookies of a user who has signed in on the instance's page. */
export async function cookiesOf(instance: RunningInstance, user: string): Promise<string> {
  const answer = await fetch(`${instance.url}/login.do`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ user_name: user, user_password: user, return_to: "/" }),
  });
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}
