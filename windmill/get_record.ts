import { isServiceNowError } from "servicenow-components@0.1.0";
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

export async function main(servicenow: Servicenow, table: string, sys_id: string, fields: string = "") {
  const columns = fields
    .split(",")
    .map((field) => field.trim())
    .filter(Boolean);
  try {
    return await connect(servicenow)
      .table(table)
      .get(sys_id, columns.length ? { fields: columns } : {});
  } catch (error) {
    if (isServiceNowError(error) && error.kind === "not-found")
      throw new Error(`record not found: ${table}, ${sys_id}`);
    throw error;
  }
}
