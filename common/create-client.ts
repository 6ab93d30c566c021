import { createAuthenticator } from "./oauth";
import { ServiceNow, type ClientOptions } from "./client";
import { fetchTransport } from "./http/fetch-transport";

/**
 * A client for one instance and one account.
 *
 * @example
 * const client = createClient({ instance: "dev98042", auth: { type: "basic", username: "admin", password } });
 * const { rows } = await client.table("incident").list({ query: "active=true^priority=1", fields: ["number"] });
 * @throws ServiceNowError of kind `usage`, before any request
 */
export function createClient(options: ClientOptions): ServiceNow {
  return new ServiceNow(options, { signIn: createAuthenticator, transport: fetchTransport });
}
