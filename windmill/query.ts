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
  query: string = "",
  fields: string[] = [],
  display_value: "false" | "true" | "all" = "false",
  max: number = 100,
) {
  return connect(servicenow)
    .table(table)
    .list({ query, displayValue: display_value, max, ...(fields.length ? { fields } : {}) });
}
