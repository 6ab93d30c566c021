import type { Instance } from "../core";
import type { OutboundCall } from "./sandbox";

/** What was sent lately, for the people's page and for tests. */
export interface Sent {
  rule: string;
  endpoint: string;
  status: number;
  error?: string;
}

/** Sends what a rule asked for: to this machine only, without following redirects. Never fails; the outcome is kept in the log. */
export function sendOutbound(instance: Instance, rule: string, call: OutboundCall): void {
  const keep = (status: number, error?: string): void => {
    instance.sent.push({ rule, endpoint: call.endpoint, status, ...(error ? { error } : {}) });
    if (instance.sent.length > 200) instance.sent.splice(0, 100);
  };
  if (!isLoopback(call.endpoint))
    return keep(0, "Refused: business rules of this instance reach loopback addresses only");
  const method = /^(GET|POST|PUT|PATCH|DELETE)$/.test(call.method) ? call.method : "POST";
  fetch(call.endpoint, {
    method,
    headers: call.headers,
    body: method === "GET" ? undefined : call.body,
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  }).then(
    async (response) => {
      await response.body?.cancel();
      keep(response.status);
    },
    (error: unknown) => keep(0, error instanceof Error ? error.message : String(error)),
  );
}

function isLoopback(endpoint: string): boolean {
  try {
    const { protocol, hostname } = new URL(endpoint);
    return (
      /^https?:$/.test(protocol) &&
      (/^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === "localhost" || hostname === "[::1]")
    );
  } catch {
    return false;
  }
}
