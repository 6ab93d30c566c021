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

/** A file of a record, as base64; larger ones than `max_bytes` are refused. */
export async function main(servicenow: Servicenow, attachment_sys_id: string, max_bytes: number = 10000000) {
  const file = await attachments(connect(servicenow)).download(attachment_sys_id, { maxBytes: max_bytes });
  let binary = "";
  for (let i = 0; i < file.body.length; i += 32768)
    binary += String.fromCharCode(...file.body.subarray(i, i + 32768));
  return { name: file.name, content_type: file.contentType, bytes: file.body.length, base64: btoa(binary) };
}
