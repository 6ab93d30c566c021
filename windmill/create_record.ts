import { createWithKey } from "servicenow-components@0.1.0";
import { connect } from "./get_token.ts";

type Servicenow = {
  instance_url: string;
  client_id: string;
  client_secret: string;
  username: string;
  password: string;
  grant?: string;
  scope?: string;
};

export async function main(
  servicenow: Servicenow,
  table: string,
  values: object,
  correlation_id: string = "",
) {
  const given = { ...(values as { [column: string]: string }) };
  const client = connect(servicenow);
  if (!correlation_id) return client.table(table).create(given);
  return (await createWithKey(client, table, correlation_id, given)).record;
}
