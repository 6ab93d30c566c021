import { HostError } from "../errors";
import type { RegisteredApp } from "../execution/component-registry";
import { isRecord, asText } from "../../../components/prop-rules";
import type { ConnectionFieldSummary, ConnectionSummary } from "../execution/protocol";
import { redactor } from "../execution/redact";
import type { Runtime } from "../execution/runtime";
import type { TokenEndpointError } from "./oauth-client";

export interface Prepared {
  authorizationUrl: string;
  tokenUrl: string;
  revocationUrl?: string;
  fields: Record<string, string>;
}

/** The functions of an app's connection declaration, called in an isolated process. */
export class Connection {
  readonly #runtime: Runtime;
  readonly #file: string;
  readonly summary: ConnectionSummary;

  constructor(
    runtime: Runtime,
    readonly app: RegisteredApp,
  ) {
    if (!app.connection || !app.file)
      throw new HostError(422, `The app "${app.slug}" declares no OAuth connection; connect it by its keys.`);
    this.#runtime = runtime;
    this.#file = app.file;
    this.summary = app.connection;
  }

  get secretFields(): string[] {
    return this.summary.fields.filter((field) => field.secret).map((field) => field.name);
  }

  /** @throws HostError 422 with the app's words and the field at fault. */
  async prepare(fields: Record<string, string>): Promise<Prepared> {
    const prepared = await this.#call("prepare", fields, this.#secretsIn(fields));
    if (
      !isRecord(prepared) ||
      typeof prepared.authorizationUrl !== "string" ||
      typeof prepared.tokenUrl !== "string"
    )
      throw new HostError(
        422,
        `The app "${this.app.slug}" did not say where to sign in. This is a fault of the app.`,
      );
    return prepared as unknown as Prepared;
  }

  /** Who signed in. @throws HostError 422 with the app's words. */
  async verify(auth: Record<string, unknown>): Promise<{ name: string; details: Record<string, string> }> {
    const answer = await this.#call("verify", auth, [asText(auth.oauth_access_token)]);
    const found = isRecord(answer) ? answer : {};
    return {
      name: typeof found.name === "string" && found.name !== "" ? found.name : this.app.name,
      details: isRecord(found.details) ? (found.details as Record<string, string>) : {},
    };
  }

  /** A failure in the app's words; falls back to what the server said. */
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

  #secretsIn(fields: Record<string, string>): string[] {
    return this.secretFields.map((name) => fields[name] ?? "");
  }

  async #call(
    call: "prepare" | "verify" | "explain",
    argument: unknown,
    secrets: string[],
  ): Promise<unknown> {
    const outcome = await this.#runtime.run({
      file: this.#file,
      tenant: "connections",
      task: { type: "connection", call, argument },
      timeoutMs: 60_000,
      handlers: {},
      // What prepare gives back holds the secrets on purpose.
      secrets: call === "prepare" ? [] : secrets,
    });
    if (outcome.error)
      throw new HostError(422, redactor(secrets)(outcome.error.message), {
        ...(outcome.error.field ? { field: outcome.error.field } : {}),
        ...(outcome.error.status ? { status: outcome.error.status } : {}),
      });
    return outcome.result === undefined ? undefined : (JSON.parse(outcome.result) as unknown);
  }
}

/** Trims the fields, puts in defaults and names the first required one that is missing. @throws HostError 422. */
export function readFields(
  declared: ConnectionFieldSummary[],
  given: Record<string, string>,
  kept: Record<string, string> = {},
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const field of declared) {
    const value = given[field.name]?.trim() || kept[field.name] || field.default || "";
    if (value === "" && !field.optional)
      throw new HostError(422, `${field.label} is missing. Fill it in and try again.`, { field: field.name });
    if (value !== "") fields[field.name] = value;
  }
  const names = new Set(declared.map(({ name }) => name));
  const unknown = Object.keys(given).find((name) => !names.has(name));
  if (unknown)
    throw new HostError(422, `There is no field "${unknown}"; the fields are ${[...names].join(", ")}.`);
  return fields;
}
