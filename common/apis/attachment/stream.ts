import { ServiceNowError } from "../../errors";
import { tooLarge } from "./content";

/** A download that ends in an error of kind `cut-off` when bytes are missing, and of kind `too-large` when there are more than `maxBytes`. */
export function wholeStream(
  stream: ReadableStream<Uint8Array>,
  size: number | undefined,
  maxBytes: number,
  operation: string,
): ReadableStream<Uint8Array> {
  let seen = 0;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        seen += chunk.byteLength;
        if (seen > maxBytes) controller.error(tooLarge(undefined, maxBytes));
        else controller.enqueue(chunk);
      },
      flush(controller) {
        if (size === undefined || seen === size) return;
        controller.error(
          new ServiceNowError({
            kind: "cut-off",
            what: `Could not ${operation}: ${seen} of ${size} bytes were received`,
            reason: "The connection closed before the end of the file",
            remedy: "Download it again",
            retryable: true,
          }),
        );
      },
    }),
  );
}
