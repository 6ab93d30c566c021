import { usageError } from "../../errors";

/** What can be uploaded. A function makes the stream anew when the call has to be repeated. */
export type FileContent =
  | string
  | ArrayBufferView
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | (() => ReadableStream<Uint8Array>);

const TYPES: Record<string, string> = {
  avif: "image/avif",
  bmp: "image/bmp",
  css: "text/css",
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  eml: "message/rfc822",
  gif: "image/gif",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  ics: "text/calendar",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  log: "text/plain",
  md: "text/markdown",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  msg: "application/vnd.ms-outlook",
  pdf: "application/pdf",
  png: "image/png",
  ppt: "application/vnd.ms-powerpoint",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  rtf: "application/rtf",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  tif: "image/tiff",
  tiff: "image/tiff",
  txt: "text/plain",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip",
};

/** The content type that belongs to a file name; `application/octet-stream` for endings that are not known. */
export function contentTypeOf(fileName: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? "";
  return TYPES[ending] ?? "application/octet-stream";
}

/** A file name as ServiceNow keeps it. @throws ServiceNowError `usage` for names that are none or have a path in them */
export function checkFileName(name: string): string {
  const text = typeof name === "string" ? name.trim() : "";
  if (!text) throw usageError("The file name is empty", "Give a name with its ending, such as report.pdf");
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) throw usageError("The file name has control characters in it");
  if (/[/\\]/.test(text) || text === "." || text === "..") {
    throw usageError(`The file name "${text}" has a path in it`, "Give the name alone, such as report.pdf");
  }
  if (text.length > 255)
    throw usageError(`The file name is ${text.length} characters long, and 255 is the most`);
  return text;
}

/** The size in bytes, where it is known before reading. */
export function sizeOf(content: FileContent): number | undefined {
  if (typeof content === "string") return new TextEncoder().encode(content).length;
  if (ArrayBuffer.isView(content) || content instanceof ArrayBuffer) return content.byteLength;
  if (typeof Blob !== "undefined" && content instanceof Blob) return content.size;
  return undefined;
}

/** The body of a request for a content; streams are watched so that they end in an error beyond `maxBytes`, and what broke them is told. */
export function toRequestBody(
  content: FileContent,
  maxBytes: number,
  onBroken?: (error: unknown) => void,
): Uint8Array | ReadableStream<Uint8Array> | (() => ReadableStream<Uint8Array>) {
  if (typeof content === "string") return new TextEncoder().encode(content);
  if (content instanceof Uint8Array) return content;
  if (ArrayBuffer.isView(content))
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  if (typeof content === "function") return () => limited(content(), maxBytes, onBroken);
  if (content instanceof ReadableStream) return limited(content, maxBytes, onBroken);
  const blob: unknown = content;
  if (blob instanceof Blob) return () => blob.stream();
  throw usageError(
    "The content of the file is neither text, bytes, a Blob nor a web stream",
    "Of a Node stream give Readable.toWeb(stream)",
  );
}

/** Passes a stream on and fails when more than `maxBytes` come. */
function limited(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  onBroken?: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  if (!(stream instanceof ReadableStream))
    throw usageError(
      "The function for the content gives no web stream",
      "Of a Node stream give Readable.toWeb(stream)",
    );
  const reader = stream.getReader();
  let seen = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        seen += value.byteLength;
        if (seen > maxBytes) throw tooLarge(undefined, maxBytes);
        controller.enqueue(value);
      } catch (error) {
        // A transport keeps nothing of what broke a body, so the reason takes its own way out.
        onBroken?.(error);
        void reader.cancel(error).catch(() => undefined);
        throw error;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The error (`usage`) for a file beyond `maxBytes`; `size` in bytes where it is known beforehand. */
export function tooLarge(size: number | undefined, maxBytes: number) {
  return usageError(
    `The file has ${size === undefined ? "more than" : `${size} bytes, and`} ${maxBytes}${size === undefined ? " bytes" : " is the most"}`,
    "Raise maxBytes if it is meant; an instance takes 1024 MB unless com.glide.attachment.max_size says otherwise",
  );
}
