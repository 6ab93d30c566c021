import { ServiceNowError } from "../../errors";
import { tooLarge } from "./content";

/** Passes a download on, and fails instead of ending when bytes are missing or too many. */
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
            what: `Could not ${operation}: ${seen} of ${size} bytes came`,
            reason: "The connection ended early",
            remedy: "Download it again",
            retryable: true,
          }),
        );
      },
    }),
  );
}
