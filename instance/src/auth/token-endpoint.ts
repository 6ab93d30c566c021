import { createHash } from "node:crypto";
import type { Instance } from "../core/instance";
import { checkPassword } from "./authenticate";
import { json, type ApiResponse } from "../http/types";
import type { Codes } from "./authorize";
import { findClient, secretFits, type OAuthClient } from "./clients";
import { userOfAssertion } from "./jwt-bearer";
import { refreshTokens, tokensFor, type TokenAnswer } from "./tokens";

const noStore = { "Cache-Control": "no-store", Pragma: "no-cache" };

/** The answer to nearly everything that goes wrong: a typo and a revoked grant look alike. */
function refused(): ApiResponse {
  return json(401, '{"error_description":"access_denied","error":"server_error"}', noStore);
}

/**
 * `POST /oauth_token.do`.
 *
 * @param form the fields of the body; undefined when the body is no form
 */
export async function tokenEndpoint(
  instance: Instance,
  codes: Codes,
  form: URLSearchParams | undefined,
  authorization: string | undefined,
): Promise<ApiResponse> {
  if (!form) return refused();
  const fromHeader = basicPair(authorization);
  const client = findClient(instance, form.get("client_id") || fromHeader?.[0] || "");
  if (!client) return refused();
  const secret = form.get("client_secret") || fromHeader?.[1] || "";
  const authenticated = secretFits(client, secret);
  const grantType = form.get("grant_type") ?? "";
  if (!authenticated && !(client.publicClient && secret === "")) return refused();
  let answer: TokenAnswer | undefined;
  switch (grantType) {
    case "authorization_code":
      answer = exchangeCode(instance, codes, client, form, authenticated);
      break;
    case "password": {
      const user =
        authenticated && checkPassword(instance, form.get("username") ?? "", form.get("password") ?? "");
      if (user && user.row.web_service_access_only !== 1) answer = tokensFor(instance, client, user, true);
      break;
    }
    case "refresh_token":
      answer = refreshTokens(instance, client, form.get("refresh_token") ?? "");
      break;
    case "client_credentials": {
      const user = client.user === undefined ? undefined : instance.users.byId(client.user);
      if (authenticated && instance.config.oauthClientCredentials && user && instance.users.mayLogIn(user))
        answer = tokensFor(instance, client, user, false);
      break;
    }
    case "urn:ietf:params:oauth:grant-type:jwt-bearer": {
      const user = authenticated
        ? await userOfAssertion(instance, client, form.get("assertion") ?? "")
        : undefined;
      if (user) answer = tokensFor(instance, client, user, false);
      break;
    }
    default:
      return json(
        400,
        '{"error_description":"The grant type is not supported","error":"unsupported_grant_type"}',
        noStore,
      );
  }
  return answer ? json(200, JSON.stringify(answer), noStore) : refused();
}

function exchangeCode(
  instance: Instance,
  codes: Codes,
  client: OAuthClient,
  form: URLSearchParams,
  authenticated: boolean,
): TokenAnswer | undefined {
  const grant = codes.take(form.get("code") ?? "");
  if (!grant || grant.clientId !== client.clientId || grant.expires <= instance.clock.now()) return undefined;
  if (grant.redirectUri !== (form.get("redirect_uri") ?? "")) return undefined;
  if (!authenticated && grant.challenge === undefined) return undefined;
  if (grant.challenge !== undefined) {
    const verifier = form.get("code_verifier") ?? "";
    if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return undefined;
    if (createHash("sha256").update(verifier).digest("base64url") !== grant.challenge) return undefined;
  }
  const user = instance.users.byId(grant.userId);
  return user && instance.users.mayLogIn(user) ? tokensFor(instance, client, user, true) : undefined;
}

function basicPair(authorization: string | undefined): [string, string] | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? "")?.[1];
  if (!encoded) return undefined;
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  const at = pair.indexOf(":");
  if (at < 0) return undefined;
  return [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
}

/** RFC 6749 has both halves form-encoded; many clients send them as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
