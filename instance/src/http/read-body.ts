import type { IncomingMessage } from "node:http";
import { errors } from "../core/errors";

/** A body that is too large is read to its end, up to this many bytes more, so that the client receives the answer. */
const READ_BEYOND_LIMIT = 64 * 1024 * 1024;

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
    if (length > limit + READ_BEYOND_LIMIT) break;
  }
  if (length > limit) throw errors.bodyTooLarge(request.headers["content-length"] ?? length, limit);
  const [only, ...more] = chunks;
  return only && more.length === 0 ? only : Buffer.concat(chunks);
}
