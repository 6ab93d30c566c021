import { ServiceNowError } from "../errors";
import type { Call } from "./call-types";
import { asError, stopped } from "./failures";

/**
 * Passes the body of an answer on. What breaks it (the connection, the caller's signal, a server that falls silent for longer
 * than the call's time-out) ends it in an error of the family, as everything else of a call does.
 *
 * @param onEnd told once, when the body was read to its end, given up, or broken
 */
export function guardedStream(
  source: ReadableStream<Uint8Array>,
  call: Call,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await inTime(reader, call);
        if (!done) return controller.enqueue(value);
        onEnd();
        controller.close();
      } catch (error) {
        onEnd();
        controller.error(failureOf(error, call));
      }
    },
    async cancel(reason) {
      onEnd();
      await reader.cancel(reason);
    },
  });
}

async function inTime(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  call: Call,
): Promise<Awaited<ReturnType<typeof reader.read>>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = stopped("timeout", call);
      reader.cancel(error).catch(() => undefined);
      reject(error);
    }, call.timeoutMs);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** The first 20,000 bytes or so of a stream as text; the rest is given up. */
export async function startOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (text.length < 20_000) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

function failureOf(error: unknown, call: Call): ServiceNowError {
  const known = asError(error, call, false);
  if (known.kind !== "network") return known;
  return new ServiceNowError({
    kind: "cut-off",
    what: `Could not ${call.operation}: the connection broke in the middle of the answer${known.code ? ` (${known.code})` : ""}`,
    reason: "The instance, a proxy or the network closed it early",
    remedy: "Try again",
    method: call.method,
    path: call.path,
    code: known.code,
    retryable: call.idempotency === "idempotent",
  });
}
