import { createClient, windmillConnection } from "servicenow-components";
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

/** Records of a table by an encoded query. `complete` is false when more match than were asked for. */
export async function main(
  servicenow: Servicenow,
  table: string,
  query: string = "",
  fields: string[] = [],
  max: number = 100,
  display_value: "false" | "true" | "all" = "false",
) {
  const client = createClient(windmillConnection(servicenow, windmill));
  return client.table(table).list({
    query,
    max,
    displayValue: display_value,
    ...(fields.length ? { fields } : {}),
  });
}
