import type { Instance } from "../core/instance";
import { checkPassword } from "./authenticate";
import { sessionCookies, type CookieSession, type Sessions } from "./sessions";
import { html, json, type ApiResponse } from "../http/types";
import { consentPage, loginPage, messagePage } from "./sign-in-pages";
import { decide, readAuthorization, type Codes } from "./authorize";
import { tokenEndpoint } from "./token-endpoint";
import { revoke } from "./tokens";

/** A request to a page or to the OAuth endpoints. */
export interface PageRequest {
  method: string;
  path: string;
  rawQuery: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
  cookie: CookieSession | undefined;
}

export interface PageResponse extends ApiResponse {
  cookies?: string[];
}

const formType = "application/x-www-form-urlencoded";

/** The fields of a form body; undefined for any other media type. */
export function readForm(request: PageRequest): URLSearchParams | undefined {
  const [media = ""] = (request.headers["content-type"] ?? "").split(";");
  const type = media.trim().toLowerCase();
  return type === formType ? new URLSearchParams(request.body.toString("utf8")) : undefined;
}

export function redirect(location: string, cookies: string[] = []): PageResponse {
  return { status: 302, headers: { Location: location }, body: "", cookies };
}

/** Sign-in, consent and token endpoints. Undefined when the path is none of them. */
export async function oauthRoutes(
  instance: Instance,
  sessions: Sessions,
  codes: Codes,
  request: PageRequest,
): Promise<PageResponse | undefined> {
  switch (request.path) {
    case "/oauth_token.do": {
      if (request.method !== "POST") return messageFor(405, "Method not supported");
      let form = readForm(request);
      if (form && instance.config.oauthParametersInUrl)
        form = new URLSearchParams([...form, ...request.query]);
      return tokenEndpoint(instance, codes, form, request.headers.authorization);
    }
    case "/oauth_revoke_token.do": {
      const token = request.query.get("token") ?? readForm(request)?.get("token") ?? "";
      return revoke(instance, token)
        ? json(200, '{"result":"success"}')
        : json(401, '{"error_description":"access_denied","error":"server_error"}');
    }
    case "/oauth_auth.do":
      return authorizePage(instance, codes, request);
    case "/login.do":
      return login(instance, sessions, request);
    case "/logout.do":
      if (request.cookie) sessions.end(request.cookie);
      return redirect(localPath(request.query.get("return_to")));
    default:
      return undefined;
  }
}

function authorizePage(instance: Instance, codes: Codes, request: PageRequest): PageResponse {
  const asked = readAuthorization(instance, request.query);
  if ("refused" in asked) return html(400, messagePage("Authorization refused", asked.refused));
  const { cookie } = request;
  const user = cookie && instance.users.byId(cookie.userId);
  if (!user || !instance.users.mayLogIn(user))
    return redirect(`/login.do?return_to=${encodeURIComponent(`/oauth_auth.do?${request.rawQuery}`)}`);
  if (request.method !== "POST")
    return html(200, consentPage(asked.client, user, request.rawQuery, cookie.userToken));
  const form = readForm(request);
  if (form?.get("user_token") !== cookie.userToken)
    return html(400, messagePage("Authorization refused", "The page has expired. Go back and try again."));
  return redirect(decide(instance, codes, asked, user, form.get("decision") === "allow"));
}

function login(instance: Instance, sessions: Sessions, request: PageRequest): PageResponse {
  if (request.method !== "POST") return html(200, loginPage(localPath(request.query.get("return_to"))));
  const form = readForm(request) ?? new URLSearchParams();
  const returnTo = localPath(form.get("return_to"));
  const user = checkPassword(instance, form.get("user_name") ?? "", form.get("user_password") ?? "");
  if (!user || user.row.web_service_access_only === 1)
    return html(401, loginPage(returnTo, "User name or password invalid"));
  return redirect(returnTo, sessionCookies(sessions.create(user.sysId)));
}

/** Only a path of this instance: a sign-in never leads elsewhere. */
export function localPath(path: string | null): string {
  return path !== null && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path) ? path : "/";
}

function messageFor(status: number, text: string): PageResponse {
  return json(status, JSON.stringify({ error: { message: text, detail: null }, status: "failure" }));
}
