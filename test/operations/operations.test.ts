import { setTimeout as delay } from "node:timers/promises";
import { bearer, connectToken, serverToken } from "../host/callers";
import { duringTests } from "../helpers/instance";
import { startHost, until } from "../host/host";

const host = duringTests(startHost, { env: { LOG_FORMAT: "json" } });

interface Line {
  time: string;
  level: string;
  msg: string;
  [fact: string]: unknown;
}

/** What the host wrote, each line an object. */
const lines = (): Line[] =>
  host
    .said()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);

test("health and readiness are told without a sign-in, and nothing else is", async () => {
  const [health, ready] = await Promise.all(["/health", "/ready"].map((path) => fetch(host.url + path)));
  expect(await health?.json()).toEqual({ status: "ok" });
  expect([ready?.status, await ready?.json()]).toEqual([200, { status: "ready" }]);
  const metrics = await fetch(`${host.url}/metrics`);
  expect(metrics.status).toBe(401);
  for (const token of [await serverToken(host), await connectToken(host, "alice")])
    expect((await fetch(`${host.url}/metrics`, { headers: bearer(token) })).status).toBe(403);
});

test("the metrics count requests, runs and what waits", async () => {
  const read = async (): Promise<string> =>
    (await fetch(`${host.url}/metrics`, { headers: bearer(host.token) })).text();
  await host.call("POST", "/v1/connect/actions/run", {
    id: "conformance-misbehave",
    external_user_id: "local",
    configured_props: { way: "fine" },
  });
  const deployed = await host.call("POST", "/v1/connect/triggers/deploy", {
    id: "conformance-counter",
    external_user_id: "local",
    configured_props: { timer: { intervalSeconds: 3600 } },
  });
  const text = await read();
  expect(text).toMatch(/host_component_run_duration_seconds_count\{task="action",outcome="ok"\} 1\n/);
  expect(text).toMatch(
    /host_http_request_duration_seconds_count\{method="POST",route="\/v1\/connect\/actions\/run",status="200"\} 1\n/,
  );
  expect(deployed.status).toBe(200);
  expect(text).toMatch(/host_triggers\{state="active"\} 1\n/);
  expect(text).toMatch(/process_resident_memory_bytes \d+/);
});

test("as JSON, requests and runs are logged with their ids, and no secret is", async () => {
  const answer = await fetch(`${host.url}/api/triggers?external_user_id=local&note=not-for-the-log`, {
    headers: bearer(host.token),
  });
  const id = answer.headers.get("x-request-id");
  expect(id).toMatch(/^req_/);
  const logged = await until("the request is logged", () =>
    Promise.resolve(lines().find((line) => line.request_id === id)),
  );
  expect(logged).toMatchObject({
    level: "info",
    msg: "request",
    method: "GET",
    route: "/api/triggers",
    status: 200,
    caller: "operator",
  });
  const run = await until("a run is logged", () => Promise.resolve(lines().find(({ msg }) => msg === "run")));
  expect(run).toMatchObject({
    run_id: expect.stringMatching(/^run_/),
    trigger_id: expect.any(String),
    status: "ok",
  });
  await delay(100);
  expect(host.said()).not.toContain(host.token);
  expect(host.said()).not.toContain("not-for-the-log");
});
