import { HostError } from "../errors";
import type { AccountNetwork } from "../outbound/network";
import type { ConnectionFieldSummary } from "../execution/protocol";
import type { TokenEndpointError, Tokens } from "./oauth-client";

/** A way to sign in to an app. */
export interface SignInKind {
  /** As the API calls it: `authorization_code`, `client_credentials`, `api_key`, … */
  kind: string;
  label: string;
  /** When one takes this way, and what speaks against it. */
  description: string;
  /** A browser goes to the app, a program asks for a token, or the fields are all there is. */
  by: "browser" | "token" | "keys";
  fields: ConnectionFieldSummary[];
  help?: string;
}

/** What an authorization request is made of, after the fields were checked. */
export interface Prepared {
  authorizationUrl: string;
  tokenUrl: string;
  revocationUrl?: string;
  fields: Record<string, string>;
}

/** What does not depend on the account. */
export interface OAuthSettings {
  scopes: string[];
  scopeSeparator: string;
  clientAuthentication: "body" | "basic";
  pkce: boolean;
  /** More parameters of the sign-in address and of token requests. */
  authorizeParameters: Record<string, string>;
  tokenParameters: Record<string, string>;
}

export interface Person {
  name: string;
  details: Record<string, string>;
  /** Who this is there: `$auth.oauth_uid`. */
  uid?: string;
}

/** How accounts of one app are connected, whoever describes it: the app's own code, or data. */
export interface Connection {
  /** At least one; the first is the usual one. */
  readonly kinds: SignInKind[];
  readonly oauth: OAuthSettings;

  /** The same, with what it asks of the network going the account's own way. */
  through(network: AccountNetwork | undefined): Connection;

  /** @throws HostError 422 with the field at fault. */
  prepare(fields: Record<string, string>): Promise<Prepared>;

  /** Checks the fields of a way without a browser and gives them as they are to be kept, and the token if it is one with a token. @throws HostError 422 */
  signIn(
    kind: SignInKind,
    fields: Record<string, string>,
  ): Promise<{ fields: Record<string, string>; tokens?: Tokens }>;

  /** Who signed in; undefined when the app offers no way to find out. @throws HostError 422 with the app's words. */
  verify(auth: Record<string, unknown>): Promise<Person | undefined>;

  /** A failure in the app's words; falls back to what the server said. */
  explain(
    step: "authorize" | "token" | "refresh",
    failure: TokenEndpointError["failure"],
    fields: Record<string, string>,
    fallback: string,
  ): Promise<string>;
}

/** Fields by who may see them: those that are shown and handed to components, and those that are secret. */
export function splitFields(
  kind: SignInKind,
  fields: Record<string, string>,
): { shown: Record<string, string>; secret: Record<string, string> } {
  const names = new Set(secretFieldsOf(kind));
  const where = (isSecret: boolean): Record<string, string> =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => names.has(name) === isSecret));
  return { shown: where(false), secret: where(true) };
}

export function secretFieldsOf(kind: SignInKind): string[] {
  return kind.fields.filter((field) => field.secret).map((field) => field.name);
}

/** @throws HostError 422 that names the ways there are. */
export function kindOf(connection: Connection, kind: string | undefined, appName: string): SignInKind {
  const found = kind === undefined ? connection.kinds[0] : connection.kinds.find((one) => one.kind === kind);
  if (found) return found;
  throw new HostError(
    422,
    `${appName} accounts are not connected by "${kind}"; the ways are ${connection.kinds.map((one) => one.kind).join(", ")}.`,
    { field: "auth_kind" },
  );
}

/**
 * Trims the fields, puts in defaults and names the first required one that is missing.
 *
 * @param before the fields of the account that is connected again: a blank one stays as it was. Secret ones stay only while the others do,
 *   since those decide where the secrets are sent.
 * @throws HostError 422.
 */
export function readFields(
  declared: ConnectionFieldSummary[],
  given: Record<string, string>,
  before: Record<string, string> = {},
): Record<string, string> {
  const changed = declared.find(
    ({ name, secret }) =>
      !secret && before[name] !== undefined && isGiven(given, name) && given[name]?.trim() !== before[name],
  );
  const kept = changed ? withoutSecrets(declared, before) : before;
  const fields: Record<string, string> = {};
  for (const field of declared) {
    const value = given[field.name]?.trim() || kept[field.name] || field.default || "";
    if (value === "" && changed && field.secret && before[field.name])
      throw new HostError(
        422,
        `${field.label} is asked for again, because ${changed.label} is another one than before: what is stored was given for the former.`,
        { field: field.name },
      );
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

const isGiven = (given: Record<string, string>, name: string): boolean =>
  Object.hasOwn(given, name) && given[name]?.trim() !== "";

function withoutSecrets(
  declared: ConnectionFieldSummary[],
  fields: Record<string, string>,
): Record<string, string> {
  const secret = new Set(declared.filter((field) => field.secret).map(({ name }) => name));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !secret.has(name)));
}
