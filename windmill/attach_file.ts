import { attachments } from "servicenow-components@0.1.0";
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

/** Puts a file, given as base64, on a record. */
export async function main(
  servicenow: Servicenow,
  table: string,
  sys_id: string,
  file_name: string,
  base64: string,
) {
  const content = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return attachments(connect(servicenow)).upload({ table, record: sys_id }, { name: file_name, content });
}
