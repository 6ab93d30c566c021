import { HostError } from "../errors";
import type { RegisteredApp } from "../execution/component-registry";
import { isRecord } from "../../../components/prop-rules";
import type { ConnectionSummary } from "../execution/protocol";
import { redactor } from "../execution/redact";
import type { Runtime } from "../execution/runtime";
import {
  secretFieldsOf,
  type Connection,
  type OAuthSettings,
  type Person,
  type Prepared,
  type SignInKind,
} from "./connection";
import type { AccountNetwork } from "../outbound/network";
import type { TokenEndpointError, Tokens } from "./oauth-client";

type Call = "prepare" | "verify" | "explain" | "signIn";

/** What an app module declares of its connection. Its functions are called in an isolated process. */
export class ComponentConnection implements Connection {
  readonly #runtime: Runtime;
  readonly #file: string;
  readonly #app: RegisteredApp;
  readonly kinds: SignInKind[];
  readonly oauth: OAuthSettings;

  constructor(
    runtime: Runtime,
    app: RegisteredApp,
    file: string,
    private readonly declared: ConnectionSummary,
    private readonly network?: AccountNetwork,
  ) {
    this.#runtime = runtime;
    this.#file = file;
    this.#app = app;
    this.oauth = {
      scopes: declared.scopes,
      scopeSeparator: " ",
      clientAuthentication: declared.clientAuthentication,
      pkce: true,
      authorizeParameters: {},
      tokenParameters: {},
    };
    this.kinds = [
      {
        kind: "authorization_code",
        label: declared.label ?? "Sign in in the browser",
        description: declared.about ?? "",
        by: "browser",
        fields: declared.fields,
        ...(declared.help ? { help: declared.help } : {}),
      },
      ...(declared.kinds ?? []),
    ];
  }

  through(network: AccountNetwork | undefined): Connection {
    return new ComponentConnection(this.#runtime, this.#app, this.#file, this.declared, network);
  }

  async prepare(fields: Record<string, string>): Promise<Prepared> {
    const prepared = await this.#call("prepare", fields, this.#secretsIn(fields));
    if (
      !isRecord(prepared) ||
      typeof prepared.authorizationUrl !== "string" ||
      typeof prepared.tokenUrl !== "string"
    )
      throw new HostError(
        422,
        `The app "${this.#app.slug}" did not say where to sign in. This is a fault of the app.`,
      );
    return prepared as unknown as Prepared;
  }

  async signIn(
    { kind, by }: SignInKind,
    fields: Record<string, string>,
  ): Promise<{ fields: Record<string, string>; tokens?: Tokens }> {
    const answer = await this.#call("signIn", { kind, fields }, this.#secretsIn(fields));
    const kept =
      isRecord(answer) && isRecord(answer.fields) ? (answer.fields as Record<string, string>) : fields;
    if (by === "keys") return { fields: kept };
    if (!isRecord(answer) || typeof answer.accessToken !== "string" || answer.accessToken === "")
      throw new HostError(422, `The app "${this.#app.slug}" gave no token. This is a fault of the app.`);
    const { accessToken, expiresIn } = answer;
    return {
      fields: kept,
      tokens: { accessToken, ...(typeof expiresIn === "number" ? { expiresIn } : {}) },
    };
  }

  async verify(auth: Record<string, unknown>): Promise<Person> {
    const token = typeof auth.oauth_access_token === "string" ? [auth.oauth_access_token] : [];
    const answer = await this.#call("verify", auth, [...token, ...this.#secretsIn(auth)]);
    const found = isRecord(answer) ? answer : {};
    return {
      name: typeof found.name === "string" && found.name !== "" ? found.name : this.#app.name,
      details: isRecord(found.details) ? (found.details as Record<string, string>) : {},
    };
  }

  async explain(
    step: "authorize" | "token" | "refresh",
    failure: TokenEndpointError["failure"],
    fields: Record<string, string>,
    fallback: string,
  ): Promise<string> {
    try {
      const words = await this.#call("explain", { step, ...failure, fields }, this.#secretsIn(fields));
      return typeof words === "string" && words !== "" ? words : fallback;
    } catch {
      return fallback;
    }
  }

  #secretsIn(fields: Record<string, unknown>): string[] {
    const names = new Set(this.kinds.flatMap(secretFieldsOf));
    return Object.entries(fields).flatMap(([name, value]) =>
      names.has(name) && typeof value === "string" ? [value] : [],
    );
  }

  async #call(call: Call, argument: unknown, secrets: string[]): Promise<unknown> {
    const outcome = await this.#runtime.run({
      file: this.#file,
      version: this.#app.fileVersion,
      tenant: "connections",
      network: this.network,
      task: { type: "connection", call, argument },
      timeoutMs: 60_000,
      handlers: {},
      // What these give back holds the secrets on purpose.
      secrets: call === "prepare" || call === "signIn" ? [] : secrets,
    });
    if (outcome.error)
      throw new HostError(422, redactor(secrets)(outcome.error.message), {
        ...(outcome.error.field ? { field: outcome.error.field } : {}),
        ...(outcome.error.status ? { status: outcome.error.status } : {}),
      });
    return outcome.result === undefined ? undefined : (JSON.parse(outcome.result) as unknown);
  }
}
