import { type LogEvent, type CallEnvironment, type Call, type Answer } from "./call-types";
import { asError, stopped } from "./failures";
import { guardedStream, startOf } from "./guarded-stream";
import { checkResponse, checkStatus, isPage, notJson } from "./response-check";
import { type CallContext } from "./call-types";
import { delayBefore, mayRepeat } from "./retry";
import { secretsOf } from "./redact";
import { timerMs } from "./limits";
import { TransportError, type TransportRequest, type TransportResponse } from "./transport";

/**
 * Carries out one call: waits for its turn, signs it, sends it, renews the sign-in once after a 401, judges the answer, and
 * repeats what may be repeated.
 *
 * @throws ServiceNowError, never anything else
 */
export async function perform(call: Call, env: CallEnvironment): Promise<Answer> {
  const started = env.elapsed();
  const context: CallContext = {
    operation: call.operation,
    method: call.method,
    path: call.path,
    startsJob: call.startsJob,
    anyAnswer: call.anyAnswer,
    idempotency: call.idempotency,
  };
  const left = (): number =>
    call.deadlineMs === undefined ? Infinity : started + call.deadlineMs - env.elapsed();
  const replayable = call.body === undefined || !(call.body instanceof ReadableStream);
  let renewed = false;
  // The sign-in has its own repetitions; what it throws is final.
  let signingIn = false;
  const signIn = async <T>(step: Promise<T>): Promise<T> => {
    signingIn = true;
    const result = await inTime(step, call, left());
    signingIn = false;
    return result;
  };
  const report = (event: Omit<LogEvent, "method" | "path" | "ms">): void =>
    quietly(() => env.log?.({ method: call.method, path: call.path, ms: env.elapsed() - started, ...event }));

  for (let attempt = 0; ; attempt++) {
    try {
      if (call.signal?.aborted) throw stopped("aborted", call);
      if (left() <= 0) throw stopped("timeout", call);
      const authorization = await signIn(env.auth.authorize(call.signal));
      const answer = await sendAttempt(call, env, authorization.headers, left);
      const mayRenew = answer.status === 401 && !renewed && replayable;
      if (mayRenew && (await signIn(env.auth.rejected(authorization.token, call.signal)))) {
        renewed = true;
        attempt--;
        continue;
      }
      const data = await read(answer, call, {
        ...context,
        scheme: authorization.headers["authorization"]?.split(" ")[0],
        secrets: () => secretsOf(authorization.headers, call.url),
      });
      env.limiter.speedUp();
      const result = describe(answer, data, env.now());
      report({ type: "answer", status: answer.status, attempt, ...idOf(result.requestId) });
      return result;
    } catch (caught) {
      const error = asError(caught, call, signingIn);
      if (error.kind === "busy" || error.kind === "rate-limit") env.limiter.slowDown();
      const status = error.status === undefined ? {} : { status: error.status };
      const facts = { kind: error.kind, attempt, ...status, ...idOf(error.requestId) };
      const more =
        call.retry &&
        !signingIn &&
        replayable &&
        attempt < call.retry.retries &&
        mayRepeat(error, call.idempotency);
      const waitMs = more && call.retry ? delayBefore(attempt, error, call.retry, env.random) : null;
      if (waitMs === null || waitMs >= left() || call.signal?.aborted) {
        report({ type: "failure", ...facts });
        throw error;
      }
      report({ type: "retry", waitMs, ...facts });
      quietly(() => call.onRetry?.(error));
      try {
        await env.sleep(waitMs, call.signal);
      } catch {
        throw stopped("aborted", call);
      }
    }
  }
}

async function sendAttempt(
  call: Call,
  env: CallEnvironment,
  authorization: Record<string, string>,
  left: () => number,
): Promise<TransportResponse> {
  // The deadline ends the wait for a turn as well.
  const late = left() === Infinity ? undefined : new AbortController();
  const timer = late && setTimeout(() => late.abort(), timerMs(left()));
  const send = async (): Promise<TransportResponse> => {
    clearTimeout(timer);
    if (left() <= 0) throw stopped("timeout", call);
    const request: TransportRequest = {
      method: call.method,
      url: call.url,
      headers: { ...call.headers, ...authorization },
      responseType: call.responseType === "json" ? "text" : call.responseType,
      timeoutMs: Math.min(call.timeoutMs, Math.max(1, left())),
    };
    const body = typeof call.body === "function" ? call.body() : call.body;
    if (body !== undefined) request.body = body;
    if (call.signal) request.signal = call.signal;
    return env.transport(request);
  };
  const signals = [call.signal, late?.signal].filter((signal) => signal !== undefined);
  try {
    return await env.limiter.run(send, signals.length > 1 ? AbortSignal.any(signals) : signals[0]);
  } catch (error) {
    throw late?.signal.aborted ? stopped("timeout", call) : error;
  } finally {
    clearTimeout(timer);
  }
}

async function read(answer: TransportResponse, call: Call, context: CallContext): Promise<unknown> {
  if (call.responseType === "json") return checkResponse(answer, context);
  checkStatus(answer, context);
  if (!(answer.body instanceof ReadableStream)) return answer.body;
  const stream = guardedStream(answer.body, call, () => call.onStreamEnd?.());
  if (isPage(answer)) throw notJson(answer, context, await startOf(stream));
  return stream;
}

function describe(answer: TransportResponse, data: unknown, now: number): Answer {
  const { status, headers, body } = answer;
  const date = Date.parse(headers["date"] ?? "");
  const requestId = headers["x-transaction-id"];
  const bytes = body instanceof ReadableStream ? Number(headers["content-length"] ?? 0) : body.length;
  return {
    status,
    headers,
    data,
    date: new Date(Number.isNaN(date) ? now : date),
    bytes,
    ...idOf(requestId),
  };
}

function idOf(requestId: string | undefined): { requestId?: string } {
  return requestId === undefined ? {} : { requestId };
}

/**
 * Waits for a step that other calls may share. This call stops waiting when it is cancelled or its time is up; the step goes
 * on for the others.
 */
function inTime<T>(step: Promise<T>, call: Call, leftMs: number): Promise<T> {
  const { signal } = call;
  if (leftMs === Infinity && !signal) return step;
  return new Promise<T>((resolve, reject) => {
    const stop = (problem: "timeout" | "aborted") => (): void => reject(stopped(problem, call));
    const onAbort = stop("aborted");
    const timer = leftMs === Infinity ? undefined : setTimeout(stop("timeout"), timerMs(leftMs));
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    step.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    });
  });
}

/** A listener that throws changes nothing of the call it listens to. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // Nobody is left to be told.
  }
}

/** Waits; rejects when the signal fires. The timer never keeps a process alive longer than the call. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const timer = setTimeout(finish, timerMs(ms));
    const abort = (): void => {
      clearTimeout(timer);
      reject(new TransportError("aborted"));
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort, { once: true });
  });
}
