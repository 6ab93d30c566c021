import { isServiceNowError, ServiceNowError, SignInError } from "../errors";
import type { Call } from "./call-types";
import { TransportError } from "./transport";

/** What was thrown during a call, as an error of the family: what a transport or a function of the caller's throws may hold secrets. */
export function asError(caught: unknown, call: Call, signingIn: boolean): ServiceNowError {
  if (isServiceNowError(caught)) return caught;
  if (call.signal?.aborted) return stopped("aborted", call);
  if (signingIn) return noToken(caught, call);
  if (caught instanceof TransportError || (caught instanceof Error && caught.name === "TransportError")) {
    return unanswered(caught as TransportError, call);
  }
  // A transport of the caller's threw something of its own; its text may hold the request, so only its name is kept.
  const name = caught instanceof Error ? caught.name : typeof caught;
  return unanswered(new TransportError("network", /^[A-Za-z]{1,40}$/.test(name) ? name : undefined), call);
}

/** A function of the caller's that gives tokens threw; its text may hold a secret, so only its name is kept. */
function noToken(caught: unknown, call: Call): SignInError {
  const name = caught instanceof Error ? caught.name : typeof caught;
  return new SignInError({
    what: `Could not ${call.operation}: the function that gives the token failed${/^[A-Za-z]{1,40}$/.test(name) ? ` (${name})` : ""}`,
    remedy: "Look into the function that was handed in as the sign-in",
    error: "no_token",
    cause: caught,
  });
}

/** The error of a call that was cancelled or ran out of time. */
export function stopped(problem: "timeout" | "aborted", call: Call): ServiceNowError {
  return unanswered(new TransportError(problem), call);
}

function unanswered(error: TransportError, call: Call): ServiceNowError {
  const host = new URL(call.url).host;
  const facts = { method: call.method, path: call.path, code: error.code, unsent: error.unsent };
  if (error.problem === "aborted") {
    return new ServiceNowError({
      ...facts,
      kind: "aborted",
      what: `Could not ${call.operation}: the call was cancelled`,
    });
  }
  if (error.problem === "timeout") {
    return new ServiceNowError({
      ...facts,
      kind: "timeout",
      what: `Could not ${call.operation}: ${host} did not answer in time`,
      reason: "The instance is slow or the request is large",
      remedy:
        call.idempotency === "not-idempotent"
          ? `${MAYBE_DONE.reason}. ${MAYBE_DONE.remedy}, or allow more time`
          : "Ask for fewer records or fields, or allow more time",
      retryable: call.idempotency === "idempotent",
    });
  }
  const code = error.code ? ` (${error.code})` : "";
  const retryable = call.idempotency === "idempotent" || error.unsent;
  const known = explainCode(error.code);
  if (retryable || known.reason)
    return new ServiceNowError({
      ...facts,
      kind: "network",
      what: `Could not ${call.operation}: no connection to ${host}${code}`,
      ...known,
      retryable,
    });
  return new ServiceNowError({
    ...facts,
    kind: "network",
    what: `Could not ${call.operation}: the connection to ${host} broke before its answer came${code}`,
    ...MAYBE_DONE,
    retryable,
  });
}

/** What is said of a call that may not be sent twice and whose answer was lost. */
export const MAYBE_DONE = {
  reason: "The change may have been carried out all the same",
  remedy: "Look whether it was before trying again",
};

/** What a failed connection means, by its system error code. */
export function explainCode(code: string | undefined): { reason?: string; remedy: string } {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return { reason: "There is no host of this name", remedy: "Check the instance name" };
  }
  if (code === "ECONNREFUSED") {
    return { reason: "Nothing listens at this address", remedy: "Check the instance address and its port" };
  }
  if (code && /CERT|SIGNATURE|SELF_SIGNED|TLS|SSL/.test(code)) return certificateProblem(code);
  return { remedy: "Check the instance address, the network and the proxy, and try again" };
}

function certificateProblem(code: string): { reason: string; remedy: string } {
  if (code === "CERT_HAS_EXPIRED")
    return {
      reason: "The certificate of the address has expired",
      remedy: "Ask its administrator to renew it",
    };
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return {
      reason: "The certificate is for another name than the address",
      remedy: "Use the address that the certificate names",
    };
  const own = /SELF_SIGNED|DEPTH_ZERO/.test(code);
  return {
    reason: `The certificate of the address is ${own ? "signed by itself or by a private authority" : "not trusted"}, perhaps because a proxy inspects the traffic`,
    remedy:
      "Give Node.js the certificate of that authority in a file named by NODE_EXTRA_CA_CERTS, or hand in a transport that knows it",
  };
}
