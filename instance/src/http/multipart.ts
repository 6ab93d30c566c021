import { errors } from "../core/errors";
import type { ApiRequest } from "./types";

export interface MultipartFile {
  name: string;
  contentType: string;
  content: Buffer;
}

const separator = Buffer.from("\r\n\r\n");

/**
 * Reads a `multipart/form-data` body that is in memory already. The last part with a file name is the file.
 *
 * @throws ApiError 400 when the body has no boundary or does not follow it
 */
export function readMultipart(request: ApiRequest): {
  fields: Map<string, string>;
  file: MultipartFile | undefined;
} {
  const type = request.headers["content-type"] ?? "";
  if (!/^multipart\/form-data/i.test(type)) throw errors.badMediaType();
  const boundary = /boundary=(?:"([^"]{1,200})"|([^;\s]{1,200}))/i.exec(type);
  const name = boundary?.[1] ?? boundary?.[2];
  if (!name) throw errors.unreadableBody();
  const mark = Buffer.from(`--${name}`);
  const fields = new Map<string, string>();
  let file: MultipartFile | undefined;
  let at = request.body.indexOf(mark);
  if (at < 0) throw errors.unreadableBody();
  for (let parts = 0; parts < 1000; parts += 1) {
    const start = at + mark.length;
    if (request.body.subarray(start, start + 2).toString("latin1") === "--") return { fields, file };
    const next = request.body.indexOf(mark, start);
    if (next < 0) throw errors.unreadableBody();
    const part = request.body.subarray(start + 2, Math.max(start + 2, next - 2));
    const end = part.indexOf(separator);
    if (end < 0) throw errors.unreadableBody();
    const head = part.subarray(0, end).toString("utf8");
    const content = part.subarray(end + separator.length);
    const fieldName = /[;\s]name="([^"]*)"/i.exec(head)?.[1];
    const fileName = /filename="([^"]*)"/i.exec(head)?.[1];
    if (fileName !== undefined)
      file = {
        name: fileName,
        contentType: /content-type:\s*([^\r\n]+)/i.exec(head)?.[1]?.trim() ?? "application/octet-stream",
        content: Buffer.from(content),
      };
    else if (fieldName !== undefined) fields.set(fieldName, content.toString("utf8"));
    at = next;
  }
  throw errors.unreadableBody();
}
