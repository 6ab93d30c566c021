import { dropOldest } from "../store/drop-oldest";
import { randomBytes } from "node:crypto";
import type { Instance } from "../core/instance";
import type { User } from "../users/users";
import { findClient, mayRedirect, type OAuthClient } from "./clients";
import { tokensFor } from "./tokens";

/** An authorization code that waits to be exchanged. */
export interface Grant {
  clientId: string;
  userId: string;
  redirectUri: string;
  challenge: string | undefined;
  expires: number;
}

/** Codes that were given and not yet used. */
export class Codes {
  readonly #grants = new Map<string, Grant>();

  give(grant: Grant): string {
    if (this.#grants.size > 10_000) dropOldest(this.#grants);
    const code = randomBytes(64).toString("base64url");
    this.#grants.set(code, grant);
    return code;
  }

  /** The grant of a code, once. */
  take(code: string): Grant | undefined {
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    return grant;
  }
}

/** A request for authorization that may be put before the user, or the reason why not. */
export type AuthorizationRequest =
  | {
      client: OAuthClient;
      redirectUri: string;
      state: string;
      challenge: string | undefined;
      implicit: boolean;
    }
  | { refused: string };

/** Checks the parameters of `/oauth_auth.do`. A refusal is shown on the page, never sent to the redirect URL. */
export function readAuthorization(instance: Instance, query: URLSearchParams): AuthorizationRequest {
  const { config } = instance;
  const client = findClient(instance, query.get("client_id") ?? "");
  if (!client) return { refused: "Invalid client_id" };
  const responseType = query.get("response_type") ?? "";
  if (responseType !== "code" && responseType !== "token") return { refused: "Invalid response_type" };
  const state = query.get("state") ?? "";
  if (state === "" && config.oauthStateRequired) return { refused: "Missing State parameter in request." };
  const asked = query.get("redirect_uri") ?? "";
  const first = client.redirectUrls.find((url) => !url.includes("*"));
  const instead = config.oauthRedirectMismatch === "error" ? undefined : first;
  const redirectUri = mayRedirect(client, asked) ? asked : instead;
  if (redirectUri === undefined) return { refused: "Invalid redirect_uri" };
  const challenge = query.get("code_challenge") || undefined;
  if (challenge && query.get("code_challenge_method") !== "S256")
    return { refused: "Invalid code_challenge_method, only S256 is supported" };
  if (client.publicClient && !challenge) return { refused: "Missing code_challenge parameter in request." };
  return { client, redirectUri, state, challenge, implicit: responseType === "token" };
}

/** Where the browser goes after Allow or Deny. */
export function decide(
  instance: Instance,
  codes: Codes,
  request: Extract<AuthorizationRequest, { client: OAuthClient }>,
  user: User,
  allowed: boolean,
): string {
  const target = new URL(request.redirectUri);
  if (!allowed) target.searchParams.set("error", "access_denied");
  else if (request.implicit) {
    const answer = tokensFor(instance, request.client, user, false);
    for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, String(value));
  } else {
    const code = codes.give({
      clientId: request.client.clientId,
      userId: user.sysId,
      redirectUri: request.redirectUri,
      challenge: request.challenge,
      expires: instance.clock.now() + request.client.codeLife * 1000,
    });
    target.searchParams.set("code", code);
  }
  if (request.state !== "") target.searchParams.set("state", request.state);
  return target.href;
}
