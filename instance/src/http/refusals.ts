import type { Socket } from "node:net";

const page = (title: string): string =>
  `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;

export const urlTooLarge = page("414 Request-URI Too Large");

/** Answers what is not even an HTTP request, as a web server in front of the instance does, and closes the connection. */
export function refuseConnection(
  error: Error & { code?: string; rawPacket?: unknown },
  socket: Pick<Socket, "writable" | "end" | "destroy">,
): void {
  if (error.code === "ECONNRESET") return void socket.destroy();
  // More of what was refused already.
  if (!socket.writable) return;
  const overflow = error.code === "HPE_HEADER_OVERFLOW";
  const start = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.subarray(0, 8192) : undefined;
  const inUrl = overflow && start?.includes("\r\n") === false;
  const title = inUrl
    ? "414 Request-URI Too Large"
    : overflow
      ? "431 Request Header Fields Too Large"
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : "400 Bad Request";
  const body = page(title);
  socket.end(
    `HTTP/1.1 ${title}\r\nContent-Length: ${body.length}\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n${body}`,
  );
  // Closed at once, with bytes unread, the client would see a reset in place of the answer.
  setTimeout(() => socket.destroy(), 1000).unref();
}
