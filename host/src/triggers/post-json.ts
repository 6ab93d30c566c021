import type { Outbound } from "../outbound/outbound";

const LIMITS = { timeoutMs: 30_000, maxBytes: 1_000_000 };

/** Sends a JSON body. Rejects with the status unless the answer is a 2xx, or with the cause when none came. */
export async function postJson(
  outbound: Outbound,
  url: string,
  body: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<void> {
  const response = await outbound.fetch(
    url,
    {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "servicenow-components-host", ...headers },
      body,
      redirect: "manual",
      ...(signal ? { signal } : {}),
    },
    LIMITS,
  );
  await response.body?.cancel();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
}

/** Sends a request once. Rejects with the status unless the answer is a 2xx, or with the cause when none came. */
export async function sendRequest(
  outbound: Outbound,
  url: string,
  { method, headers, body }: { method: string; headers: Record<string, string>; body: string },
): Promise<void> {
  const response = await outbound.fetch(
    url,
    {
      method,
      headers: { "user-agent": "servicenow-components-host", ...headers },
      ...(method === "GET" || method === "HEAD" ? {} : { body }),
      redirect: "manual",
    },
    LIMITS,
  );
  await response.body?.cancel();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
}

/** What a failed request says about its cause. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return code === "" ? message : `${message} (${code})`;
}
