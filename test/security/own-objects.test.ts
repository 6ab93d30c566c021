import { duringTests } from "../helpers/instance";
import { startHost } from "../host/host";
import { bearer, connectToken, signedInPage, type Headers } from "../host/callers";
import { send, type Answer } from "../host/raw";

const host = duringTests(startHost);
const MARK = "only-alice-knows-this";

test("what belongs to one user is not seen, changed, used or deleted by another", async () => {
  const alice = bearer(await connectToken(host, "alice"));
  const page = await signedInPage(host);
  const others: [string, Headers][] = [
    ["bob", bearer(await connectToken(host, "bob"))],
    ["the page", { cookie: page.cookie, "x-csrf-token": page.csrf }],
  ];
  const json = async <T>(answer: Promise<Answer>): Promise<T> => {
    const { status, body } = await answer;
    expect({ status, body }).toMatchObject({ status: 200 });
    return JSON.parse(body) as T;
  };
  const account = await json<{ id: string }>(
    send(host.url, "POST", "/v1/connect/accounts", alice, {
      app_slug: "conformance",
      cfmap_json: { api_key: MARK },
      name: MARK,
    }),
  );
  const trigger = (
    await json<{ data: { id: string } }>(
      send(host.url, "POST", "/v1/connect/triggers/deploy", alice, {
        id: "conformance-counter",
        name: MARK,
        webhook_url: "http://127.0.0.1:9/hook",
        configured_props: {},
      }),
    )
  ).data;
  const base = `/v1/connect/deployed-triggers/${trigger.id}`;
  const { webhooks } = await json<{ webhooks: { id: string }[] }>(
    send(host.url, "GET", `${base}/webhooks`, alice),
  );
  const webhook = webhooks[0]?.id ?? "none";
  const run = await json<{ run_id: string }>(
    send(host.url, "POST", "/v1/connect/actions/run", alice, {
      id: "conformance-leave-file",
      configured_props: { text: MARK },
      stash_id: true,
    }),
  );
  const tries: [method: string, path: string, body?: unknown][] = [
    ["GET", `/v1/connect/accounts/${account.id}`],
    ["GET", `/v1/connect/accounts/${account.id}?include_credentials=true`],
    ["DELETE", `/v1/connect/accounts/${account.id}`],
    ["POST", `/api/accounts/${account.id}/check`],
    [
      "POST",
      "/v1/connect/accounts",
      { app_slug: "conformance", account_id: account.id, cfmap_json: { api_key: "x" } },
    ],
    ["GET", base],
    ["PUT", base, { name: "mine now" }],
    ["DELETE", base],
    ["GET", `${base}/events`],
    ["GET", `${base}/webhooks`],
    ["PUT", `${base}/webhooks`, { webhook_urls: [] }],
    ["GET", `${base}/webhooks/${webhook}`],
    ["POST", `${base}/webhooks/${webhook}/regenerate_signing_key`],
    ["GET", `${base}/pipelines`],
    ["PUT", `${base}/pipelines`, { workflow_ids: [] }],
    ["POST", `/api/triggers/${trigger.id}/run`],
    ["GET", `/api/triggers/${trigger.id}/runs`],
    ["POST", `/api/triggers/${trigger.id}/replay`, { event_ids: ["evt_1"] }],
    ["GET", `/api/action-runs/${run.run_id}`],
    ["POST", `/api/action-runs/${run.run_id}/cancel`],
    ["POST", `/api/action-runs/${run.run_id}/repeat`],
  ];
  for (const [name, headers] of others) {
    for (const [method, path, body] of tries)
      for (const query of ["", "external_user_id=alice"]) {
        const url = query ? `${path}${path.includes("?") ? "&" : "?"}${query}` : path;
        const answer = await send(host.url, method, url, headers, body);
        expect({ name, method, url, status: answer.status, leaks: answer.body.includes(MARK) }).toEqual({
          name,
          method,
          url,
          status: query && answer.status === 403 ? 403 : 404,
          leaks: false,
        });
      }
    for (const list of ["/v1/connect/accounts", "/v1/connect/deployed-triggers", "/api/triggers"])
      expect((await send(host.url, "GET", list, headers)).body).not.toContain(MARK);
    expect((await send(host.url, "GET", "/api/action-runs", headers)).body).toBe("[]");
    expect((await send(host.url, "GET", "/v1/connect/users/alice/accounts", headers)).status).toBe(403);
  }
  // All of it is still there, and as it was.
  expect((await send(host.url, "GET", base, alice)).body).toContain(MARK);
  expect((await send(host.url, "GET", `${base}/webhooks`, alice)).body).toContain("127.0.0.1:9/hook");
  expect((await send(host.url, "GET", `/v1/connect/accounts/${account.id}`, alice)).status).toBe(200);
});
