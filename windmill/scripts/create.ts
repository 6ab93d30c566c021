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
 * Creates a record. With `correlation_id` a repeated job finds the record it made before instead of making a second one.
 * @param values Columns and values: {"short_description": "Cannot log in", "urgency": "2"}
 */
export async function main(
  servicenow: Servicenow,
  table: string,
  values: object,
  correlation_id: string = "",
  input_display_values: boolean = false,
) {
  const client = createClient(windmillConnection(servicenow, windmill));
  const records = client.table(table);
  const record = values as { [column: string]: string };
  if (!correlation_id) return records.create(record, { inputDisplayValue: input_display_values });
  const query = `correlation_id=${correlation_id}`;
  if (correlation_id.includes("^")) throw new Error("A correlation_id cannot hold a ^");
  const made = await records.first({ query });
  if (made) return made;
  return records.create(
    { ...record, correlation_id },
    { correlation: "correlation_id", inputDisplayValue: input_display_values },
  );
}
