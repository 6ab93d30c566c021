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
  if (!correlation_id) return connect(servicenow).table(table).create(given);
  // With an id of its own a lost answer does not make a second record.
  return connect(servicenow)
    .table(table)
    .create({ ...given, correlation_id }, { correlation: "correlation_id" });
}
