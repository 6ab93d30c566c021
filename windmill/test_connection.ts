import { checkConnection } from "servicenow-components@0.1.0";
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

export async function main(servicenow: Servicenow, table: string = "incident") {
  const { healthy, user, findings, text } = await checkConnection(connect(servicenow), { tables: [table] });
  console.log(text);
  if (!healthy) throw new Error(text);
  return { user, findings };
}
