import type { IncomingMessage } from "node:http";
import { errors } from "./errors";

/**
 * Reads a request body whole.
 *
 * @throws ApiError 413 once it is larger than the limit
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limit) throw errors.bodyTooLarge(announced, limit);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > limit) throw errors.bodyTooLarge(`more than ${limit}`, limit);
    chunks.push(bytes);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
