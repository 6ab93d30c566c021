import type { Instance } from "../core/instance";
import type { Outbound, OutboundAnswer, Session } from "../core/session";

/** An outbound call that a script asked for. */
export interface OutboundCall {
  endpoint: string;
  method: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
}

/** Thrown out of a write by a rule that waits for an answer: the write is undone, the call made, and the request done again. */
export class CallNeeded extends Error {
  constructor(
    readonly rule: string,
    readonly call: OutboundCall,
  ) {
    super("A business rule waits for an answer.");
  }
}

const longestWaitMs = 10_000;
const largestAnswer = 1_000_000;
/** Calls that one request or one script may make. */
export const mostCalls = 20;

/** Does a request, again for each call that a rule waits for, then waits for what runs after its writes. */
export async function withCalls<T>(
  instance: Instance,
  session: Session,
  work: () => T | Promise<T>,
): Promise<T> {
  const outbound: Outbound = { answers: [], at: 0 };
  session.outbound = outbound;
  session.followUps = [];
  try {
    for (;;) {
      outbound.at = 0;
      try {
        const done = await work();
        while (session.followUps.length > 0) await session.followUps.shift();
        return done;
      } catch (error) {
        if (!(error instanceof CallNeeded) || outbound.answers.length >= mostCalls) throw error;
        outbound.answers.push(await sendOutbound(instance, error.rule, error.call));
      }
    }
  } finally {
    session.outbound = undefined;
  }
}

/** Sends what a rule asked for: to this machine only, without following redirects. Never fails; the outcome is kept in the log. */
export async function sendOutbound(
  instance: Instance,
  rule: string,
  call: OutboundCall,
): Promise<OutboundAnswer> {
  const answer = isLoopback(call.endpoint)
    ? await send(call)
    : unanswered("Refused: business rules of this instance reach loopback addresses only");
  const { status, error } = answer;
  instance.sent.push({ rule, endpoint: call.endpoint, status, ...(error ? { error } : {}) });
  if (instance.sent.length > 200) instance.sent.splice(0, 100);
  return answer;
}

async function send({
  endpoint,
  method: wanted,
  headers,
  body,
  timeoutMs,
}: OutboundCall): Promise<OutboundAnswer> {
  const method = /^(GET|POST|PUT|PATCH|DELETE)$/.test(wanted) ? wanted : "POST";
  try {
    const response = await fetch(endpoint, {
      method,
      headers,
      body: method === "GET" ? undefined : body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs > 0 ? Math.min(timeoutMs, longestWaitMs) : longestWaitMs),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await readSome(response),
      error: "",
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return unanswered(cause instanceof Error ? cause.message : String(cause));
  }
}

/** The body as text, up to the length that scripts are given. */
async function readSome(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array);
    length += (part as Uint8Array).length;
    if (length >= largestAnswer) break;
  }
  return Buffer.concat(parts).subarray(0, largestAnswer).toString("utf8");
}

export function unanswered(error: string): OutboundAnswer {
  return { status: 0, headers: {}, body: "", error };
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
