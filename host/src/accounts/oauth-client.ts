import * as oauth from "oauth4webapi";
import { isRecord } from "../../../components/prop-rules";
import { HostError, messageOf } from "../errors";
import type { Outbound, OutboundInit } from "../outbound/outbound";
import { isLoopbackName } from "../loopback";

/** Where and as whom tokens are asked for. */
export interface OAuthClient {
  outbound: Outbound;
  tokenUrl: string;
  revocationUrl?: string;
  clientId: string;
  clientSecret?: string;
  clientAuthentication: "body" | "basic";
  /** More parameters of token requests, such as an audience. */
  parameters?: Record<string, string>;
}

export interface Tokens {
  accessToken: string;
  /** Absent when the server gave none; a renewal then keeps the one before. */
  refreshToken?: string;
  /** Seconds from now. */
  expiresIn?: number;
}

/** Why no token came, in parts an app can put into words. Holds no token. */
export class TokenEndpointError extends Error {
  override name = "TokenEndpointError";
  constructor(
    readonly failure: {
      status?: number;
      error?: string;
      errorDescription?: string;
      contentType?: string;
      bodyStart?: string;
    },
    message: string,
  ) {
    super(message);
  }

  /** The server itself refused the grant: asking again with the same does not help. */
  get final(): boolean {
    const { status, error } = this.failure;
    // Some servers refuse with the status 200.
    if (status === 200 && error !== undefined) return true;
    return error === "invalid_grant" || error === "invalid_client" || status === 400 || status === 401;
  }
}

const LIMITS = { timeoutMs: 20_000, maxBytes: 1_000_000 };

/** Addresses must be https; plain http only on this machine. @throws HostError 422. */
export function checkAddress(what: string, address: string): void {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new HostError(422, `The app gave "${address}" as ${what}, which is not an address.`);
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopbackName(url.hostname))) return;
  throw new HostError(
    422,
    `The ${what} must be https (plain http only on this machine), and is ${url.origin}.`,
  );
}

/** Exchanges the code of a callback. `callback` is the address the browser came back to; without PKCE there is no verifier. */
export async function exchangeCode(
  client: OAuthClient,
  callback: URL,
  state: string,
  redirectUri: string,
  verifier: string | undefined,
): Promise<Tokens> {
  const { as, who, how } = parties(client);
  return requestTokens(client, async (options) => {
    const parameters = oauth.validateAuthResponse(as, who, callback, state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      who,
      how,
      parameters,
      redirectUri,
      verifier ?? oauth.nopkce,
      { ...options, additionalParameters: client.parameters },
    );
    return oauth.processAuthorizationCodeResponse(as, who, response);
  });
}

/** A new access token for a refresh token. */
export async function refreshTokens(client: OAuthClient, refreshToken: string): Promise<Tokens> {
  const { as, who, how } = parties(client);
  return requestTokens(client, async (options) => {
    const response = await oauth.refreshTokenGrantRequest(as, who, how, refreshToken, {
      ...options,
      additionalParameters: client.parameters,
    });
    return oauth.processRefreshTokenResponse(as, who, response);
  });
}

/** An access token for the client itself (RFC 6749, section 4.4). */
export async function requestClientToken(client: OAuthClient, scope: string | undefined): Promise<Tokens> {
  const { as, who, how } = parties(client);
  return requestTokens(client, async (options) => {
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      who,
      how,
      { ...client.parameters, ...(scope ? { scope } : {}) },
      options,
    );
    return oauth.processClientCredentialsResponse(as, who, response);
  });
}

/** Tells the server that a token is no longer needed. Rejects when it did not take it. */
export async function revokeToken(client: OAuthClient, token: string): Promise<void> {
  if (!client.revocationUrl) return;
  const { as, who, how } = parties(client);
  const response = await oauth.revocationRequest(as, who, how, token, {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (url: string, init: OutboundInit) => client.outbound.fetch(url, init, LIMITS),
  });
  await oauth.processRevocationResponse(response);
}

export function newPkce(): Promise<{ verifier: string; challenge: string; state: string }> {
  const verifier = oauth.generateRandomCodeVerifier();
  return oauth
    .calculatePKCECodeChallenge(verifier)
    .then((challenge) => ({ verifier, challenge, state: oauth.generateRandomState() }));
}

function parties(client: OAuthClient): {
  as: oauth.AuthorizationServer;
  who: oauth.Client;
  how: oauth.ClientAuth;
} {
  const { clientId, clientSecret, clientAuthentication } = client;
  return {
    as: {
      issuer: new URL(client.tokenUrl).origin,
      token_endpoint: client.tokenUrl,
      revocation_endpoint: client.revocationUrl,
    },
    who: { client_id: clientId },
    how: !clientSecret
      ? oauth.None()
      : clientAuthentication === "basic"
        ? basicAuthentication(clientSecret)
        : oauth.ClientSecretPost(clientSecret),
  };
}

/**
 * RFC 6749, section 2.3.1, where only what must be encoded is: the library encodes `-` and `.` too, which servers that do not decode
 * take for another client.
 */
function basicAuthentication(clientSecret: string): oauth.ClientAuth {
  return (_as, client, _body, headers) => {
    const pair = [client.client_id, clientSecret].map(encodeURIComponent).join(":");
    headers.set("authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
  };
}

type RequestOptions = oauth.TokenEndpointRequestOptions;

/** Runs a token request and turns whatever goes wrong into a TokenEndpointError that says what the server answered. */
async function requestTokens(
  { outbound }: OAuthClient,
  request: (options: RequestOptions) => Promise<oauth.TokenEndpointResponse>,
): Promise<Tokens> {
  let answer: { status: number; contentType: string; text: string } | undefined;
  const recording = async (url: string, init: OutboundInit): Promise<Response> => {
    const response = await outbound.fetch(url, init, LIMITS);
    const text = await response.text();
    answer = { status: response.status, contentType: response.headers.get("content-type") ?? "", text };
    return toStandard(response, text);
  };
  try {
    const tokens = await request({
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: recording,
    });
    return {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      expiresIn: tokens.expires_in,
    };
  } catch (error) {
    throw toTokenEndpointError(error, answer);
  }
}

/**
 * What widely used servers leave out or say in another way: no `token_type` (Shopify), a type of their own (Slack), a list of scopes, an
 * error with the status 200 (GitHub, Slack). Who signed in is asked with the token, so an id token is not read.
 */
function toStandard({ status, headers }: Response, text: string): Response {
  const body = parsed(text);
  if (!body) return new Response([101, 204, 205, 304].includes(status) ? null : text, { status, headers });
  const isError = typeof body.error === "string" && body.access_token === undefined;
  const { scope, token_type, id_token: _, ...rest } = body;
  const standard = {
    ...rest,
    ...(typeof body.access_token === "string"
      ? { token_type: /^dpop$/i.test(String(token_type)) ? token_type : "bearer" }
      : {}),
    ...(scope === undefined || scope === null
      ? {}
      : { scope: Array.isArray(scope) ? scope.join(" ") : scope }),
  };
  return new Response(JSON.stringify(standard), {
    status: status === 200 && isError ? 400 : status,
    headers: { "content-type": "application/json" },
  });
}

function toTokenEndpointError(
  error: unknown,
  answer: { status: number; contentType: string; text: string } | undefined,
): TokenEndpointError {
  if (error instanceof TokenEndpointError) return error;
  if (error instanceof HostError) return new TokenEndpointError({ error: error.message }, error.message);
  if (!answer) {
    const cause = error instanceof Error ? error.cause : undefined;
    const why = isRecord(cause) && typeof cause.code === "string" ? cause.code : messageOf(error);
    return new TokenEndpointError({ error: why }, `No answer came from the token address (${why}).`);
  }
  const body = parsed(answer.text);
  const isJson = body !== undefined;
  return new TokenEndpointError(
    {
      status: answer.status,
      contentType: answer.contentType,
      error: text(body?.error),
      errorDescription: text(body?.error_description),
      // A JSON answer may hold a token even when it is not what was expected.
      bodyStart: isJson ? undefined : answer.text.slice(0, 300),
    },
    `The token address answered with HTTP ${answer.status}${text(body?.error) ? ` (${text(body?.error)})` : ""}.`,
  );
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(json) as unknown;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, 500) : undefined;
}
