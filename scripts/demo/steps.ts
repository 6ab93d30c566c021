import type { HostClient } from "./host-client";
import { beginSignIn, signInThroughPages } from "./sign-in";

/** The popup's way, without a browser: an attempt, the instance's pages, the callback. Gives the stored account. */
export async function connectAccount(
  client: HostClient,
  instanceUrl: string,
): Promise<{ id: string; name: string }> {
  const attempt = await client.call<{ id: string; authorize_url: string }>("POST", "/api/connect-attempts", {
    app: "servicenow",
    fields: { instance_name: instanceUrl, client_id: "demo-client", client_secret: "demo-secret" },
  });
  const { address, cookie } = await beginSignIn(attempt.authorize_url);
  const callback = await signInThroughPages(address, {
    userName: "admin",
    password: "admin",
    decision: "allow",
  });
  const page = await fetch(callback, { headers: { cookie } });
  await page.text();
  const outcome = await client.call<{
    status: string;
    error?: string;
    account?: { id: string; name: string };
  }>("GET", `/api/connect-attempts/${attempt.id}`);
  if (outcome.status !== "succeeded" || !outcome.account)
    throw new Error(`Connecting ended as "${outcome.status}": ${outcome.error ?? ""}`);
  return outcome.account;
}

/** Deploys "New or Updated Record" on incident, so seldom that only {@link pollOnce} polls it. Gives the trigger's id. */
export async function deployRecordTrigger(
  client: HostClient,
  accountId: string,
  props: Record<string, unknown> = {},
): Promise<string> {
  const answer = await client.call<{ data: { id: string } }>("POST", "/v1/connect/local/triggers/deploy", {
    id: "servicenow-new-or-updated-record",
    external_user_id: "local",
    configured_props: {
      servicenow: { authProvisionId: accountId },
      timer: { intervalSeconds: 900 },
      table: "incident",
      ...props,
    },
  });
  return answer.data.id;
}

/** One poll now. Rejects with the run's error unless it ended well. */
export async function pollOnce(client: HostClient, trigger: string): Promise<void> {
  const run = await client.call<{ status: string; error?: unknown }>("POST", `/api/triggers/${trigger}/run`);
  if (run.status !== "ok") throw new Error(`A poll ended as "${run.status}": ${JSON.stringify(run.error)}`);
}
