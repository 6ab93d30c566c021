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
  const records = connect(servicenow).table(table);
  if (!correlation_id) return records.create(given);
  // Found when an earlier run made it; looked for again when the answer of this one is lost.
  const made = await records.firstMade("correlation_id", correlation_id);
  return made ?? records.create({ ...given, correlation_id }, { correlation: "correlation_id" });
}
