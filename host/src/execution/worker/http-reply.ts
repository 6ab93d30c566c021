import type { HttpReply } from "../protocol";
import { isRecord, asText } from "../../../../components/prop-rules";
import { safeStringify } from "./safe-json";

/** What a component hands to `respond`, as text the host can send: objects become JSON, bytes base64. */
export function toHttpReply(reply: unknown): HttpReply {
  const { status, headers, body } = isRecord(reply) ? reply : { status: 200, headers: {}, body: reply };
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(isRecord(headers) ? headers : {}))
    if (value !== undefined && value !== null) sent[name.toLowerCase()] = asText(value);
  const code = Number(status ?? 200);
  const head = { status: Number.isInteger(code) && code >= 100 && code <= 599 ? code : 200, headers: sent };
  if (body === undefined || body === null) return { ...head, body: "", encoding: "utf8" };
  if (typeof body === "string") return { ...head, body, encoding: "utf8" };
  if (body instanceof Uint8Array)
    return { ...head, body: Buffer.from(body).toString("base64"), encoding: "base64" };
  sent["content-type"] ??= "application/json; charset=utf-8";
  return { ...head, body: safeStringify(body) ?? "", encoding: "utf8" };
}
