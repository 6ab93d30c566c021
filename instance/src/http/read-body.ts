import type { IncomingMessage } from "node:http";
import { errors } from "../core/errors";

/** What is too large is read to its end all the same, up to here, so that the client gets to see the refusal. */
const patience = 64 * 1024 * 1024;

/**
 * Reads a request body whole.
 *
 * @throws ApiError 413 when it is larger than the limit
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length <= limit) chunks.push(bytes);
    else chunks.length = 0;
    if (length > limit + patience) break;
  }
  if (length > limit) throw errors.bodyTooLarge(request.headers["content-length"] ?? length, limit);
  const [only, ...more] = chunks;
  return only && more.length === 0 ? only : Buffer.concat(chunks);
}
