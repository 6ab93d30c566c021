import { fetchToken, windmillConnection } from "servicenow-components";
import * as windmill from "windmill-client";

type Servicenow = {
  instance_url: string;
  client_id?: string;
  client_secret?: string;
  username?: string;
  password?: string;
  grant?: "" | "password" | "client_credentials" | "basic";
  scope?: string;
};

/** A valid access token, from the workspace's store or newly fetched. For other scripts; never return or log it. */
export async function getToken(servicenow: Servicenow): Promise<string> {
  return (await token(servicenow)).accessToken;
}

/** Checks the credentials and warms the token store. */
export async function main(servicenow: Servicenow) {
  const { expiresAt, lifetime } = await token(servicenow);
  return { ok: true, expires_at: new Date(expiresAt).toISOString(), lifetime_seconds: lifetime };
}

async function token(servicenow: Servicenow) {
  const { instance, auth } = windmillConnection(servicenow, windmill);
  if (auth.type !== "oauth")
    throw new Error("This resource signs in with user name and password; there is no token.");
  return fetchToken({ instance, auth });
}
