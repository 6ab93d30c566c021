import { windmillStore, type WindmillClient } from "./auth/windmill-store";
import type { Auth } from "./auth";
import type { OAuthBase } from "./auth/oauth-types";
import type { ServiceNow } from "./client";
import { usageError } from "./errors";
import { createFeed, type FeedState, type Version } from "./feed";
import { columnsOf, formatQuery, parseQuery } from "./query";
import { users } from "./apis/user";

/** The resource type `servicenow` of a Windmill workspace. The first five names are those of the Hub's own type. */
export interface WindmillResource {
  /** Address, host or name of the instance. */
  instance_url: string;
  client_id?: string;
  client_secret?: string;
  username?: string;
  password?: string;
  /** Scopes, separated by spaces. */
  scope?: string;
  /** @default password where there is a user name and a client id, client_credentials where there is only the client, otherwise basic */
  grant?: "password" | "client_credentials" | "basic" | "";
}

export interface WindmillOptions {
  /** `variable`: tokens in a secret variable, encrypted. `state`: plain JSON. @default variable */
  store?: "variable" | "state";
  /** Folder of those entries. @default f/servicenow */
  folder?: string;
  /** Told what went wrong without stopping the call: a store that cannot be written. @default console.warn with the message */
  onProblem?: OAuthBase["onProblem"];
}

/**
 * Instance and sign-in of a resource, for `createClient` and `fetchToken`. With Windmill's client the token is kept in the workspace, so
 * that jobs share it; without it (outside of Windmill) in memory.
 *
 * @throws ServiceNowError `usage` that names what is missing in the resource
 */
export function windmillConnection<W extends WindmillClient>(
  resource: WindmillResource,
  windmill?: W,
  options: WindmillOptions = {},
): { instance: string; auth: Auth } {
  const instance = String(resource?.instance_url ?? "")
    .trim()
    .replace(/\/+$/, "");
  if (!instance)
    throw usageError("The resource has no instance_url", "Fill in the resource of type servicenow");
  const { client_id: clientId, client_secret: clientSecret, username, password, scope } = resource;
  const grant = resource.grant || (clientId ? (username ? "password" : "client_credentials") : "basic");
  const need = (name: keyof WindmillResource, value: string | undefined): string => {
    if (value) return value;
    throw usageError(
      `The resource has no ${name}, which the sign-in "${grant}" needs`,
      "Fill in the resource",
    );
  };
  if (grant === "basic") {
    return {
      instance,
      auth: { type: "basic", username: need("username", username), password: need("password", password) },
    };
  }
  const base = {
    type: "oauth",
    clientId: need("client_id", clientId),
    clientSecret: need("client_secret", clientSecret),
    ...(scope ? { scope } : {}),
    ...(windmill
      ? {
          store: windmillStore(windmill, {
            in: options.store ?? "variable",
            ...(options.folder ? { folder: options.folder } : {}),
            keepRefreshToken: true,
          }),
        }
      : {}),
    onProblem: options.onProblem ?? warn,
  } as const;
  const auth: Auth =
    grant === "client_credentials"
      ? { ...base, grant }
      : {
          ...base,
          grant: "password",
          username: need("username", username),
          password: need("password", password),
        };
  return { instance, auth };
}

export interface ChangesOptions {
  table: string;
  /** Encoded query. */
  query?: string;
  /** `sys_updated_on`: new and changed records. `sys_created_on`: new ones only. @default sys_updated_on */
  column?: "sys_updated_on" | "sys_created_on";
  /** Columns; all unless told. */
  fields?: readonly string[];
  /** What the call before gave back; anything else starts anew. */
  state?: unknown;
  /** Records that a first call gives, newest ones, at most 25. @default 0 */
  first?: number;
  /** Records of one call at most; the rest comes with the next. @default 1000 */
  max?: number;
}

/**
 * What is new or changed since a state, and the state for the next call: the change feed as one function, for jobs that keep a state of their
 * own. Keep the state only when the records were taken over.
 *
 * @throws FeedError for what cannot be followed; then the old state stays good
 */
export async function changesSince(
  client: ServiceNow,
  options: ChangesOptions,
): Promise<{ changes: Version[]; state: FeedState | null; waiting: number | null }> {
  const { table, column = "sys_updated_on", fields, first = 0, max = 1000 } = options;
  const parsed = parseQuery(options.query ?? "", { order: "refuse" });
  let state: unknown = options.state ?? undefined;
  const changes: Version[] = [];
  const feed = createFeed({
    read: ({ query, fields: wanted, limit, offset, displayValue }) =>
      client.table(table).page({
        query,
        limit,
        ...(wanted ? { fields: wanted } : {}),
        ...(offset ? { offset } : {}),
        ...(displayValue ? { displayValue } : {}),
      }),
    load: () => state,
    save: (next) => {
      state = next;
    },
    emit: (versions) => {
      changes.push(...versions);
    },
    instance: client.origin,
    table,
    column,
    groups: parsed.groups.map((group) => formatQuery({ groups: [group], order: [] })).filter(Boolean),
    filterColumns: columnsOf(parsed),
    ...(fields?.length ? { fields: [...fields] } : {}),
    zone: async () => (await users(client).current())?.time_zone || undefined,
    budget: { rows: max },
  });
  const report = state ? await feed.poll() : await feed.start({ first });
  return { changes, state: (state as FeedState | undefined) ?? null, waiting: report.waiting };
}

/** Windmill's state, or undefined where there is none yet: its client throws for a missing entry outside of a workspace. */
export async function windmillState(windmill: { getState(): Promise<unknown> }): Promise<unknown> {
  try {
    return (await windmill.getState()) ?? undefined;
  } catch {
    return undefined;
  }
}

function warn(problem: { during: string; error: unknown }): void {
  const words = problem.error instanceof Error ? problem.error.message : "unknown";
  console.warn(`ServiceNow token store: could not ${problem.during} (${words.slice(0, 200)})`);
}
