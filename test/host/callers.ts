import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestHost } from "./host";
import { cookiesOf, send } from "./raw";

/** Headers that make a request one of a caller. */
export type Headers = Record<string, string>;

/** A browser that was signed in by a fresh link. */
export async function signedInPage(host: TestHost): Promise<{ cookie: string; csrf: string; id: string }> {
  const link = await signInLink(host);
  const signedIn = await send(host.url, "GET", new URL(link).pathname + new URL(link).search);
  const cookie = cookiesOf(signedIn);
  const session = await send(host.url, "GET", "/api/session", { cookie });
  const { csrf_token, id } = JSON.parse(session.body) as { csrf_token: string; id: string };
  return { cookie, csrf: csrf_token, id };
}

export async function signInLink(host: TestHost): Promise<string> {
  return (await host.call<{ url: string }>("POST", "/api/sign-in-links", {})).body.url;
}

export async function connectToken(host: TestHost, user: string, more: object = {}): Promise<string> {
  const made = await host.call<{ token: string }>("POST", "/v1/connect/local/tokens", {
    external_user_id: user,
    ...more,
  });
  return made.body.token;
}

export async function serverToken(host: TestHost): Promise<string> {
  const file = JSON.parse(readFileSync(join(host.dataDir, "credentials.json"), "utf8")) as Record<
    string,
    string
  >;
  const granted = await host.call<{ access_token: string }>("POST", "/v1/oauth/token", {
    grant_type: "client_credentials",
    client_id: file.client_id,
    client_secret: file.client_secret,
  });
  return granted.body.access_token;
}

export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
