import { createClient, doctor, windmillConnection } from "servicenow-components";
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

/** Examines the connection and says what to ask the administrator for. */
export async function main(servicenow: Servicenow, tables: string[] = ["incident"]) {
  const client = createClient(windmillConnection(servicenow, windmill));
  const { healthy, user, findings, text } = await doctor(client, { tables });
  return { healthy, user, findings, text };
}
