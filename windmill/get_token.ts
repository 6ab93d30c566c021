import * as wmill from "windmill-client";
import {
  createClient,
  fetchToken,
  windmillStore,
  type OAuth,
  type ServiceNow,
} from "servicenow-components@0.1.0";

type Servicenow = {
  instance_url: string;
  client_id: string;
  client_secret: string;
  username: string;
  password: string;
  grant?: string;
  scope?: string;
};

/** The sign-in of a resource. Tokens are kept in a secret variable of their own for each instance, application and user. */
export function auth(servicenow: Servicenow): OAuth {
  const base = {
    type: "oauth" as const,
    clientId: servicenow.client_id,
    clientSecret: servicenow.client_secret,
    ...(servicenow.scope ? { scope: servicenow.scope } : {}),
    store: windmillStore(wmill),
    onProblem: ({ during, error }: { during: string; error: unknown }) =>
      console.warn(`${during}: ${error instanceof Error ? error.message : "failed"}`),
  };
  return servicenow.grant === "client_credentials"
    ? { ...base, grant: "client_credentials" }
    : { ...base, grant: "password", username: servicenow.username, password: servicenow.password };
}

/** A client for a resource; the other scripts use it. */
export function connect(servicenow: Servicenow): ServiceNow {
  return createClient({ instance: servicenow.instance_url, auth: auth(servicenow) });
}

/**
 * An access token, from the cache while it is good for another minute. For scripts that call ServiceNow by themselves. `force`: a new one,
 * for a token that ServiceNow no longer takes before its end.
 */
export async function get_token(
  servicenow: Servicenow,
  { force = false }: { force?: boolean } = {},
): Promise<string> {
  const { accessToken } = await fetchToken({
    instance: servicenow.instance_url,
    auth: auth(servicenow),
    force,
  });
  return accessToken;
}

export async function main(servicenow: Servicenow, force: boolean = false) {
  const token = await fetchToken({ instance: servicenow.instance_url, auth: auth(servicenow), force });
  // The token itself stays out of results and logs.
  return { ok: true, expires_at: new Date(token.expiresAt).toISOString() };
}
