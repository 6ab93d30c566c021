type Body = Uint8Array | ReadableStream<Uint8Array> | (() => ReadableStream<Uint8Array>);

/** Form data with texts and one file, the file last as ServiceNow wants it; streamed when the file is a stream. */
export function multipart(
  texts: Record<string, string>,
  file: { field: string; name: string; type: string; content: Body },
): {
  contentType: string;
  content: Uint8Array | ReadableStream<Uint8Array> | (() => ReadableStream<Uint8Array>);
} {
  const boundary = `----form-${crypto.randomUUID()}`;
  const encoder = new TextEncoder();
  const parts = Object.entries(texts).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  // As browsers write it: the three characters that would end the name are percent-encoded.
  const name = file.name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
  const head = encoder.encode(
    `${parts.join("")}--${boundary}\r\ncontent-disposition: form-data; name="${file.field}"; filename="${name}"\r\ncontent-type: ${file.type}\r\n\r\n`,
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const contentType = `multipart/form-data; boundary=${boundary}`;
  const { content } = file;
  if (content instanceof Uint8Array) return { contentType, content: joined([head, content, tail]) };
  if (typeof content === "function") return { contentType, content: () => around(head, content(), tail) };
  return { contentType, content: around(head, content, tail) };
}

function joined(pieces: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function around(
  head: Uint8Array,
  stream: ReadableStream<Uint8Array>,
  tail: Uint8Array,
): ReadableStream<Uint8Array> {
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => controller.enqueue(head),
      flush: (controller) => controller.enqueue(tail),
    }),
  );
}
