import { createClient, isServiceNowError, windmillConnection } from "servicenow-components";
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

/** One record by its sys_id, with database values. */
export async function main(servicenow: Servicenow, table: string, sys_id: string, fields: string = "") {
  const client = createClient({ ...windmillConnection(servicenow, windmill), timeoutMs: 30_000 });
  const wanted = fields
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  try {
    return await client.table(table).get(sys_id, wanted.length ? { fields: wanted } : {});
  } catch (error) {
    if (isServiceNowError(error) && error.kind === "not-found")
      throw new Error(`Record not found: ${table}, ${sys_id}`);
    throw error;
  }
}
