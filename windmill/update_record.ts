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

export async function main(servicenow: Servicenow, table: string, sys_id: string, values: object) {
  return connect(servicenow)
    .table(table)
    .update(sys_id, { ...(values as { [column: string]: string }) });
}
