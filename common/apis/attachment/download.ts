import type { ServiceNow } from "../../client";
import { tooLarge } from "./content";
import { wholeStream } from "./stream";
import { FILE_TIMEOUT_MS, type Attachment, type DownloadedFile, type DownloadOptions } from "./types";
import { common } from "../../http/api-call";

/**
 * Opens a file at an address of the instance as a stream that ends in an error when bytes are missing or too many.
 *
 * @throws ServiceNowError of the instance; `usage` when the file is larger than `maxBytes`
 */
export async function openFile(
  client: ServiceNow,
  address: string,
  operation: string,
  options: DownloadOptions,
): Promise<DownloadedFile<ReadableStream<Uint8Array>>> {
  const answer = await client.request<ReadableStream<Uint8Array> | string | Uint8Array>({
    ...common(options),
    timeoutMs: options.timeoutMs ?? FILE_TIMEOUT_MS,
    path: address,
    headers: { accept: "*/*" },
    responseType: "stream",
    operation,
  });
  const attachment = metadataOf(answer.headers["x-attachment-metadata"]);
  const length = Number(answer.headers["content-length"] ?? Number.NaN);
  const plain = !answer.headers["content-encoding"] && !Number.isNaN(length) ? length : undefined;
  const size = sizeOf(attachment?.size_bytes) ?? plain;
  const body = asStream(answer.data);
  if (size !== undefined && options.maxBytes !== undefined && size > options.maxBytes) {
    await body.cancel();
    throw tooLarge(size, options.maxBytes);
  }
  const type = answer.headers["content-type"]?.split(";")[0]?.trim();
  return {
    body: wholeStream(body, size, options.maxBytes ?? Infinity, operation),
    name: attachment?.file_name ?? nameIn(answer.headers["content-disposition"]) ?? "attachment",
    contentType: attachment?.content_type || type || "application/octet-stream",
    size,
    attachment,
  };
}

/** Bytes that the instance says a file has; undefined for what is no such number. */
function sizeOf(text: unknown): number | undefined {
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function metadataOf(header: string | undefined): Attachment | undefined {
  if (!header) return undefined;
  try {
    return JSON.parse(header) as Attachment;
  } catch {
    return undefined;
  }
}

function nameIn(disposition: string | undefined): string | undefined {
  const match = /filename\*?=(?:UTF-8'')?"?([^";]+)"?/i.exec(disposition ?? "");
  return match?.[1]?.split(/[/\\]/).pop();
}

function asStream(data: ReadableStream<Uint8Array> | string | Uint8Array): ReadableStream<Uint8Array> {
  if (data instanceof ReadableStream) return data;
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return new ReadableStream({
    start(controller) {
      if (bytes.length) controller.enqueue(bytes);
      controller.close();
    },
  });
}

/** All of a stream in one piece; `size` saves the growing. */
export async function collect(
  stream: ReadableStream<Uint8Array>,
  size: number | undefined,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  // What the instance says of the size is a claim; room is made as bytes come.
  let bytes = new Uint8Array(Math.min(size ?? 65_536, 16 * 1024 * 1024));
  let used = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return used === bytes.length ? bytes : bytes.slice(0, used);
    if (used + value.length > bytes.length) {
      const larger = new Uint8Array(Math.max(bytes.length * 2, used + value.length));
      larger.set(bytes.subarray(0, used));
      bytes = larger;
    }
    bytes.set(value, used);
    used += value.length;
  }
}
