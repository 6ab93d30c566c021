import { fetchTransport, type TransportError, type TransportResponse } from "../../common";
import { movedTo } from "../../common/http/moved";
import { ConnectionFieldError } from "../../components";
import { textOf } from "../../common/table/cells";

const TIMEOUT_MS = 15_000;
const FIELD = "instance_name";
const PROBE = "/api/now/table/sys_user";

/** Why a server could not be reached at all, in words. */
function networkProblem(origin: string, { problem, code = "" }: TransportError): string {
  const { host } = new URL(origin);
  if (problem === "timeout")
    return `${host} did not answer within ${TIMEOUT_MS / 1000} seconds. Check the address; an instance behind a VPN must be reachable from this machine.`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return `There is no server named ${host}. Check the instance name: it is the first part of the address in your browser.`;
  if (code === "ECONNREFUSED")
    return `Nothing listens at ${host}. Check the address and whether the instance is running.`;
  if (/CERT|SSL|TLS|SELF_SIGNED/.test(code))
    return `The certificate of ${host} is not trusted (${code}). Check the address.`;
  return `${host} could not be reached${code ? ` (${code})` : ""}. Check the address and the network.`;
}

/**
 * Checks that a ServiceNow instance answers at the address, without signing in: its REST API answers an anonymous request with 401 and a JSON
 * error of a known shape. Throws a ConnectionFieldError about `instance_name` that says what was found instead.
 */
export async function checkIsServiceNow(origin: string): Promise<void> {
  const { host } = new URL(origin);
  const refuse = (message: string) => new ConnectionFieldError(message, FIELD);
  let response: TransportResponse;
  try {
    response = await fetchTransport()({
      method: "GET",
      url: `${origin}${PROBE}?sysparm_limit=1&sysparm_fields=sys_id`,
      headers: { accept: "application/json" },
      timeoutMs: TIMEOUT_MS,
    });
  } catch (error) {
    throw refuse(networkProblem(origin, error as TransportError));
  }
  const body = textOf(response.body).slice(0, 20_000);
  if (/instance-hibernating-page|hibernating/i.test(body))
    throw refuse(
      `${host} is hibernating. Wake it on developer.servicenow.com (sign in, "Start building"), wait a few minutes and try again.`,
    );
  if (/instance is currently offline/i.test(body))
    throw refuse(`${host} is waking up or offline. Wait a few minutes and try again.`);
  if (response.status === 504)
    throw refuse(
      `${host} did not answer in time (status 504): the instance, or a gateway before it, is busy or was just started. Wait a few minutes and try again. ` +
        "If it goes on while the instance works in a browser, ask the administrator whether REST calls from this machine pass the gateway.",
    );
  if (response.status >= 500)
    throw refuse(
      `${host} answered ${response.status}. A developer instance that was not used for ten days is taken away; otherwise wait and try again.`,
    );
  if (response.status === 429) return;
  let error: unknown;
  try {
    error = (JSON.parse(body) as { error?: { message?: unknown } }).error?.message;
  } catch {
    error = undefined;
  }
  if (response.status === 401 && typeof error === "string" && /authenticated/i.test(error)) return;
  // A public table or a proxy that signs in by itself: the shape of the Table API is enough.
  if (response.status === 200 && body.startsWith('{"result":')) return;
  if (response.status >= 300 && response.status < 400) {
    const moved = movedTo(response.headers["location"], PROBE);
    if (moved !== undefined)
      throw refuse(`${host} answers that the instance is at ${moved}. Use ${moved} as instance name.`);
    throw refuse(
      `${host} redirects its REST API to another page. Use the address of the instance itself (…service-now.com), not of a portal or a sign-in page.`,
    );
  }
  throw refuse(
    `${host} answers, but not like a ServiceNow instance (status ${response.status}). Check the instance name; use the address that your browser shows in ServiceNow.`,
  );
}
