import { HostError, messageOf } from "../../errors";
import type { AccountNetwork } from "../../outbound/network";
import type { Outbound } from "../../outbound/outbound";
import type { Connection, OAuthSettings, Person, Prepared, SignInKind } from "../connection";
import { requestClientToken, TokenEndpointError, type Tokens } from "../oauth-client";
import type { AppDescription } from "./description";
import { fillAddress } from "./placeholders";
import { requestHeaders } from "./request-headers";

const LIMITS = { timeoutMs: 30_000, maxBytes: 2_000_000 };

/** The connection of an app that is described by data: no code of the app is needed. */
export class DescribedConnection implements Connection {
  readonly kinds: SignInKind[];
  readonly oauth: OAuthSettings;

  constructor(
    readonly described: AppDescription,
    private readonly outbound: Outbound,
  ) {
    const { fields, help } = described;
    this.kinds = [{ ...wayOf(described), fields, ...(help ? { help } : {}) }];
    this.oauth = {
      scopes: described.scopes,
      scopeSeparator: described.scope_separator,
      clientAuthentication: described.client_authentication,
      pkce: described.pkce,
      authorizeParameters: described.authorize_parameters,
      tokenParameters: described.token_parameters,
    };
  }

  through(network: AccountNetwork | undefined): Connection {
    return new DescribedConnection(this.described, this.outbound.through(network));
  }

  prepare(fields: Record<string, string>): Promise<Prepared> {
    const { authorize_url = "", token_url = "", revocation_url } = this.described;
    return Promise.resolve().then(() => ({
      authorizationUrl: fillAddress(authorize_url, fields),
      tokenUrl: fillAddress(token_url, fields),
      ...(revocation_url ? { revocationUrl: fillAddress(revocation_url, fields) } : {}),
      fields,
    }));
  }

  async signIn(
    { by }: SignInKind,
    fields: Record<string, string>,
  ): Promise<{ fields: Record<string, string>; tokens?: Tokens }> {
    if (by === "keys") return { fields };
    const {
      token_url = "",
      scopes,
      scope_separator,
      client_authentication,
      token_parameters,
    } = this.described;
    try {
      const tokens = await requestClientToken(
        {
          outbound: this.outbound,
          tokenUrl: fillAddress(token_url, fields),
          clientId: fields.client_id ?? "",
          ...(fields.client_secret ? { clientSecret: fields.client_secret } : {}),
          clientAuthentication: client_authentication,
          parameters: token_parameters,
        },
        scopes.length > 0 ? scopes.join(scope_separator) : undefined,
      );
      return { fields, tokens };
    } catch (error) {
      if (!(error instanceof TokenEndpointError)) throw error;
      throw new HostError(422, await this.explain("token", error.failure, fields, error.message));
    }
  }

  async verify(auth: Record<string, unknown>): Promise<Person | undefined> {
    const request = this.described.test_request;
    if (!request) return undefined;
    const values = Object.fromEntries(
      Object.entries(auth).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
    const url = fillAddress(request.url, values);
    const { host } = new URL(url);
    let answer: Response;
    let text: string;
    try {
      answer = await this.outbound.fetch(
        url,
        {
          method: request.method,
          headers: Object.entries(
            requestHeaders(this.described, values, { accept: "application/json", ...request.headers }),
          ),
          body: request.method === "POST" ? (request.body ?? "") : null,
          redirect: "manual",
        },
        LIMITS,
      );
      text = await answer.text();
    } catch (error) {
      if (error instanceof HostError) throw error;
      throw new HostError(
        422,
        `${host} did not answer: ${messageOf((error as Error).cause ?? error)}. Check the account's fields, and that ${host} can be reached from here.`,
      );
    }
    const body = parsed(text);
    if (!answer.ok || isRefusal(body)) throw refusal(this.described.name, host, answer.status, body);
    const uid = nameIn(body, request.uid);
    return {
      name: nameIn(body, request.name) ?? this.described.name,
      details: { Server: host },
      ...(uid ? { uid } : {}),
    };
  }

  explain(
    step: "authorize" | "token" | "refresh",
    failure: TokenEndpointError["failure"],
    _fields: Record<string, string>,
    fallback: string,
  ): Promise<string> {
    const { name } = this.described;
    const said = failure.errorDescription ? ` It said: ${failure.errorDescription}` : "";
    if (failure.error === "access_denied")
      return Promise.resolve(
        `${name} was not given access: the person at the sign-in page refused, or may not allow it.${said}`,
      );
    if (failure.error === "invalid_client" || failure.error === "unauthorized_client")
      return Promise.resolve(
        `${name} does not know the client, or not with this secret. Copy client id and secret from ${name} again, and check that the redirect URL is entered there.${said}`,
      );
    if (failure.error === "invalid_grant")
      return Promise.resolve(
        step === "refresh"
          ? `${name} no longer renews the access: it was withdrawn, or ended by itself. Connect the account again.${said}`
          : `${name} did not take the code of the sign-in. Connect again; if it stays so, compare the redirect URL that is entered at ${name}.${said}`,
      );
    return Promise.resolve(`${fallback}${said}`);
  }
}

function wayOf({ auth, grant }: AppDescription): Omit<SignInKind, "fields"> {
  if (auth === "keys") return { kind: "keys", label: "Keys", description: "", by: "keys" };
  if (grant === "client_credentials")
    return {
      kind: "client_credentials",
      label: "Client credentials",
      description: "A program signs in as itself; nobody needs to be there.",
      by: "token",
    };
  return { kind: "authorization_code", label: "Sign in in the browser", description: "", by: "browser" };
}

function refusal(app: string, host: string, status: number, body: unknown): HostError {
  const said = nameIn(body, ["error.message", "error_description", "message", "error", "errors.0.message"]);
  const words = said ? ` It said: ${said.slice(0, 300)}` : "";
  if (status === 401 || status === 403)
    return new HostError(
      422,
      `${app} refused these credentials (HTTP ${status} of ${host}). Check that they were copied whole and are still valid.${words}`,
      { status },
    );
  return new HostError(
    422,
    `${app} did not confirm the account: ${host} answered with HTTP ${status}.${words}`,
    {
      status,
    },
  );
}

/** Servers such as Slack answer 200 with `ok: false`. */
function isRefusal(body: unknown): boolean {
  return typeof body === "object" && body !== null && "ok" in body && body.ok === false;
}

function nameIn(body: unknown, paths: string | string[] | undefined): string | undefined {
  for (const path of [paths ?? []].flat()) {
    let at = body;
    for (const part of path.split("."))
      at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[part] : undefined;
    if (typeof at === "string" && at.trim() !== "") return at.trim().slice(0, 200);
    if (typeof at === "number") return String(at);
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
