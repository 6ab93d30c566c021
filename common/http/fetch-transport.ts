import { scrub, type Transport } from "./transport";

/** The part of `fetch` that is used; a function of this shape can be handed in (proxy, certificates, tests). */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A transport over `fetch`. Needs nothing of Node, so it runs on edge runtimes and in browsers too. Redirects are not
 * followed: an instance answers an API call with one only when it wants to show its login page.
 */
export function fetchTransport(fetchFunction?: FetchLike): Transport {
  return async (request) => {
    const send = fetchFunction ?? globalThis.fetch;
    const controller = new AbortController();
    let timedOut = false;
    const timer =
      request.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            controller.abort();
          }, request.timeoutMs);
    const onAbort = (): void => controller.abort();
    request.signal?.addEventListener("abort", onAbort, { once: true });
    if (request.signal?.aborted) controller.abort();
    const streaming = request.responseType === "stream";
    try {
      const init: RequestInit & { duplex?: "half" } = {
        method: request.method,
        headers: request.headers,
        redirect: "manual",
        signal: controller.signal,
      };
      if (request.body !== undefined) {
        init.body = request.body as NonNullable<RequestInit["body"]>;
        if (typeof request.body !== "string" && !(request.body instanceof Uint8Array)) init.duplex = "half";
      }
      const response = await send(request.url, init);
      const headers: Record<string, string> = {};
      response.headers.forEach((value, name) => {
        headers[name.toLowerCase()] = value;
      });
      // A browser hides a redirect behind status 0.
      const status = response.type === "opaqueredirect" ? 302 : response.status;
      if (streaming && response.ok && response.body) return { status, headers, body: response.body };
      const bytes = request.responseType === "bytes" && response.ok;
      const body = bytes ? new Uint8Array(await response.arrayBuffer()) : await response.text();
      return { status, headers, body };
    } catch (error) {
      throw scrub(error, timedOut, request.signal?.aborted ?? false);
    } finally {
      clearTimeout(timer);
      if (!streaming) request.signal?.removeEventListener("abort", onAbort);
    }
  };
}
