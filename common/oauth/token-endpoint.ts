import { isServiceNowError, ServiceNowError, SignInError } from "../errors";
import { explainCode } from "../http/failures";
import { htmlPageError } from "../http/html-page-kind";
import { delayBefore, RETRY } from "../http/retry";
import { TransportError, type Transport } from "../http/transport";
import { redact } from "../http/redact";
import { timerMs } from "../http/limits";
import { movedTo } from "../http/moved";
import { base64 } from "./simple-authenticators";
import type { OAuthBase } from "./oauth-types";
import { tokenFromAnswer, type Token } from "./token";

/** Where and how tokens are asked for. */
export interface TokenEndpoint {
  /** `https://dev98042.service-now.com` */
  origin: string;
  /** Sends the request; the same one as for calls. */
  transport: Transport;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Waits before a repetition. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Between 0 and 1, for the jitter. */
  random: () => number;
  /** Repetitions after a failure; 0 where the client was told never to repeat. @default 2 */
  retries?: number;
}

const PATH = "/oauth_token.do";
const RETRIES = 2;
/** Fields of the form that an error may not repeat. */
const SECRET_FIELDS = ["password", "client_secret", "refresh_token", "code", "code_verifier", "assertion"];

/**
 * One token request: a form, never JSON; no sign-in of its own. Network failures and 5xx are tried again within the time for all tries,
 * refusals never, and neither is a password: accounts lock.
 *
 * @throws SignInError when the endpoint refuses (400, 401, or an OAuth `error` with any status); ServiceNowError for everything else
 * @see https://www.servicenow.com/docs/csh?topicname=r_OAuthAPIRequestParameters.html
 */
export async function requestToken(
  endpoint: TokenEndpoint,
  client: Pick<
    OAuthBase,
    "clientId" | "clientSecret" | "clientAuthentication" | "scope" | "extra" | "tokenTimeoutMs"
  >,
  form: Record<string, string | undefined>,
): Promise<Token> {
  const basic = client.clientAuthentication === "basic";
  const fields: Record<string, string | undefined> = {
    ...form,
    scope: typeof client.scope === "string" ? client.scope : client.scope?.join(" "),
    ...(basic ? {} : { client_id: client.clientId, client_secret: client.clientSecret }),
    ...client.extra,
  };
  const body = new URLSearchParams(
    Object.entries(fields).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "",
    ),
  ).toString();
  const headers: Record<string, string> = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
  };
  if (basic) {
    const pair = [client.clientId, client.clientSecret ?? ""].map(encodeURIComponent).join(":");
    headers["authorization"] = `Basic ${base64(pair)}`;
  }
  const timeoutMs = timerMs(client.tokenTimeoutMs ?? 15_000);
  const secrets = [
    ...SECRET_FIELDS.map((name) => fields[name] ?? ""),
    ...Object.values(client.extra ?? {}),
    client.clientSecret ?? "",
    headers["authorization"]?.slice("Basic ".length) ?? "",
  ];
  // A code is spent by its first use, and accounts lock after a few passwords that are wrong: neither is sent twice.
  const repeatable = !["authorization_code", "password"].includes(form["grant_type"] ?? "");
  const ends = performance.now() + timeoutMs;
  const left = (): number => Math.max(1, ends - performance.now());
  for (let attempt = 0; ; attempt++) {
    try {
      return await sendRequest(endpoint, headers, body, left(), form["refresh_token"], secrets);
    } catch (error) {
      const again =
        isServiceNowError(error) &&
        (error.kind === "network" || error.kind === "timeout" || error.kind === "server") &&
        (repeatable || error.unsent);
      if (!again || attempt >= (endpoint.retries ?? RETRIES)) throw error;
      const wait = delayBefore(attempt, error, RETRY, endpoint.random);
      // The time is for all tries together.
      if (wait === null || wait >= left()) throw error;
      await endpoint.sleep(wait);
    }
  }
}

async function sendRequest(
  endpoint: TokenEndpoint,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
  refreshToken: string | undefined,
  secrets: readonly string[],
): Promise<Token> {
  const what = "The sign-in failed";
  let answer;
  try {
    answer = await endpoint.transport({
      method: "POST",
      url: endpoint.origin + PATH,
      headers,
      body,
      timeoutMs,
      responseType: "text",
    });
  } catch (error) {
    const problem = error instanceof TransportError ? error : new TransportError("network");
    throw new ServiceNowError({
      kind: problem.problem,
      what:
        problem.problem === "timeout"
          ? `${what}: ${new URL(endpoint.origin).host} did not answer in time`
          : `${what}: ${new URL(endpoint.origin).host} could not be reached${problem.code ? ` (${problem.code})` : ""}`,
      ...explainCode(problem.code),
      code: problem.code,
      unsent: problem.unsent,
      retryable: true,
      path: PATH,
    });
  }
  const text = typeof answer.body === "string" ? answer.body : "";
  const { status } = answer;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const fields =
    typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  if (status >= 200 && status < 300 && fields && !("error" in fields)) {
    return tokenFromAnswer(fields, endpoint.now(), refreshToken);
  }
  // OAuth's own error counts, whatever the status: gateways and instances answer with 403 and 500 too.
  if (typeof fields?.["error"] === "string") throw refusal(fields, status, secrets);
  if (status === 400 || status === 401) throw refusal({}, status, secrets);
  if (status >= 500 || status === 429) {
    throw new ServiceNowError({
      kind: status === 429 ? "rate-limit" : "server",
      what: `${what}: the token endpoint answered ${status}`,
      reason:
        status === 504
          ? "The account behind the sign-in cannot sign in interactively, or may not read its tokens"
          : "The instance is overloaded, restarting or in maintenance",
      remedy: status === 504 ? CAUSES : "Try again in a few minutes",
      status,
      retryable: true,
      path: PATH,
    });
  }
  const moved = movedTo(answer.headers["location"], PATH);
  if (status >= 300 && status < 400 && moved !== undefined)
    throw new ServiceNowError({
      kind: "not-servicenow",
      what: `${what}: the address answers that the instance is at ${moved}`,
      reason: "The name is an alias of the instance, and a sign-in does not follow to another address",
      remedy: `Use ${moved} as the instance name`,
      status,
      path: PATH,
    });
  throw htmlPageError(status >= 300 && status < 400 ? "login.do" : text, { what, status, path: PATH });
}

/** What an administrator can look at when the token endpoint says no; it never says why. */
const CAUSES = [
  "Ask the administrator to check:",
  "(1) user name and password, or the code or refresh token, which may have ended;",
  "(2) client id and client secret of the application registry record, and that it is active;",
  "(3) that the account is active, not locked out, and not marked web service access only;",
  "(4) that the account's role may read the table oauth_credential and its fields (ACLs oauth_credential and oauth_credential.*);",
  "(5) the role snc_internal, where explicit roles are on;",
  "(6) for client credentials, the property glide.oauth.inbound.client.credential.grant_type.enabled and the OAuth application user",
].join(" ");

function refusal(fields: Record<string, unknown>, status: number, secrets: readonly string[]): SignInError {
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === "string" && value ? redact(value, secrets) : undefined;
  };
  const error = text("error");
  const description = text("error_description");
  return new SignInError({
    what: `The sign-in was refused: the token endpoint answered ${status}${error ? ` "${[error, description].filter(Boolean).join(": ")}"` : ""}`,
    reason: "ServiceNow gives the same answer to every wrong value",
    remedy: CAUSES,
    status,
    error,
    description,
    uri: text("error_uri"),
    path: PATH,
  });
}
