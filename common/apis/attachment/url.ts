import { ServiceNowError, usageError } from "../../errors";
import { tooLarge } from "./content";
import { MAX_BYTES, type UploadFile, type UploadOptions } from "./types";

/** How a file is taken from an address. */
export interface UrlUploadOptions extends UploadOptions {
  /** @default the last part of the address */
  name?: string;
  /** @default what the address says */
  contentType?: string;
  /** Reads the address: a `fetch` of one's own, for a proxy or a sign-in there. @default fetch */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/**
 * The file at an address, ready to be uploaded; its content is a stream. The address never sees the account of the instance.
 *
 * @throws ServiceNowError `usage` for what is no web address or too large, `network` and `bad-request` for an address that gives no file
 */
export async function fileAt(url: string, options: UrlUploadOptions): Promise<UploadFile> {
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    throw usageError("The address of the file is not a URL", "Give an address that begins with https://");
  }
  if (!/^https?:$/.test(address.protocol)) {
    throw usageError(
      `The address of the file begins with ${address.protocol}, which is not read from the web`,
    );
  }
  const place = `${address.host}${address.pathname}`;
  let response: Response;
  try {
    response = await (options.fetch ?? globalThis.fetch)(
      url,
      options.signal ? { signal: options.signal } : {},
    );
  } catch {
    throw new ServiceNowError({
      kind: "network",
      what: `Could not read the file at ${place}: no connection`,
      remedy: "Check the address",
      retryable: true,
    });
  }
  const size = Number(response.headers.get("content-length") ?? Number.NaN);
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  if (!response.ok || !response.body || size > maxBytes) {
    await response.body?.cancel();
    if (size > maxBytes) throw tooLarge(size, maxBytes);
    throw new ServiceNowError({
      kind: "bad-request",
      what: `Could not read the file at ${place}: the answer was ${response.status}`,
      remedy: "Open the address in a browser and check that it gives the file without a sign-in",
      status: response.status,
    });
  }
  const type = options.contentType ?? response.headers.get("content-type")?.split(";")[0]?.trim();
  return {
    name: options.name ?? nameAt(address),
    content: named(response.body, place),
    ...(type ? { contentType: type } : {}),
  };
}

/** The content, which names its address when it breaks off. */
function named(content: ReadableStream<Uint8Array>, place: string): ReadableStream<Uint8Array> {
  const reader = content.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const step = await reader.read().catch(() => {
        throw new ServiceNowError({
          kind: "network",
          what: `The file at ${place} broke off before its end`,
          remedy: "Check the address, and try again",
          retryable: true,
        });
      });
      if (step.done) controller.close();
      else controller.enqueue(step.value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function nameAt(address: URL): string {
  const last = address.pathname.split("/").pop() || "file";
  try {
    return decodeURIComponent(last);
  } catch {
    // Not percent-encoding at all: the name as it stands.
    return last;
  }
}
