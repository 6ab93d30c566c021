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

/**
 * Changes columns of a record; the others stay as they are.
 * @param values Columns and values: {"state": "2", "work_notes": "Looking into it"}
 */
export async function main(
  servicenow: Servicenow,
  table: string,
  sys_id: string,
  values: object,
  input_display_values: boolean = false,
) {
  const client = createClient(windmillConnection(servicenow, windmill));
  const record = values as { [column: string]: string };
  return client.table(table).update(sys_id, record, { inputDisplayValue: input_display_values });
}
