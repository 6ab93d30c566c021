import { setTimeout as delay } from "node:timers/promises";
import { deployCounter, numbersOf, untilCounted } from "./counting";
import { startHost, until, type TestHost } from "./host";

const P = "/v1/connect/local";
let host: TestHost;
/** Triggers of the present test, each with its user. */
const deployed: [string, string][] = [];
beforeAll(async () => {
  host = await startHost({ env: { MAX_PROCESSES: "8" } });
});
// A trigger whose poll hangs is deleted once the poll was waited for, so that they are deleted beside each other.
afterEach(async () => {
  await Promise.all(
    deployed
      .splice(0)
      .map(([id, user]) =>
        host.call("DELETE", `${P}/deployed-triggers/${id}?external_user_id=${user}&ignore_hook_errors=true`),
      ),
  );
}, 240_000);
afterAll(() => host?.stop());

const accountOf = async (user: string): Promise<{ conformance: { authProvisionId: string } }> => {
  const { body } = await host.call<{ id: string }>("POST", `${P}/accounts?external_user_id=${user}`, {
    app_slug: "conformance",
    cfmap_json: { api_key: "k-123456" },
  });
  return { conformance: { authProvisionId: body.id } };
};
const deploy = async (props: Record<string, unknown>, user = "local"): Promise<string> => {
  const { status, body } = await host.call<{ data: { id: string }; error?: string }>(
    "POST",
    `${P}/triggers/deploy`,
    { id: "conformance-hanging", external_user_id: user, configured_props: props },
  );
  expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
  deployed.push([body.data.id, user]);
  return body.data.id;
};
interface Listed {
  id: string;
  failing: { count: number; next_try_at: string; error: { message: string } } | null;
}
const listed = async (id: string): Promise<Listed | undefined> =>
  (await host.call<Listed[]>("GET", "/api/triggers")).body.find((trigger) => trigger.id === id);

test("five triggers of an instance that hangs keep neither another user's polls nor forms and actions waiting", async () => {
  const props = await accountOf("slow");
  for (let at = 0; at < 5; at += 1) await deploy(props, "slow");
  await delay(3000);
  const id = await deployCounter(host, { timer: { intervalSeconds: 2 }, perRun: 1 });
  await untilCounted(host, id, 2);
  const before = (await numbersOf(host, id)).length;
  await delay(16_000);
  // Eight polls are due in this time; a busy machine may delay one or two.
  expect((await numbersOf(host, id)).length - before).toBeGreaterThanOrEqual(6);
  const started = Date.now();
  const run = await host.call<{ ret: unknown }>("POST", `${P}/actions/run`, {
    id: "conformance-misbehave",
    configured_props: { way: "fine" },
  });
  expect(run.status).toBe(200);
  expect(Date.now() - started).toBeLessThan(10_000);
  expect((await host.call("POST", `/api/triggers/${id}/run`)).body).toMatchObject({ status: "ok" });
}, 120_000);

test("a user whose accounts all hang keeps other users' polls not waiting", async () => {
  const accounts = [await accountOf("many"), await accountOf("many"), await accountOf("many")];
  for (const account of accounts) for (let at = 0; at < 4; at += 1) await deploy(account, "many");
  await delay(3000);
  const id = await deployCounter(host, { timer: { intervalSeconds: 2 }, perRun: 1 });
  await untilCounted(host, id, 2);
  // At the pace of its schedule: a place that hangs would take a minute for each.
  await untilCounted(host, id, (await numbersOf(host, id)).length + 6, 45_000);
}, 180_000);

test("an account whose instance hangs keeps the polls of the same user's other account not waiting", async () => {
  const hanging = await accountOf("two");
  for (let at = 0; at < 8; at += 1) await deploy(hanging, "two");
  await delay(3000);
  const other = await deploy({ ...(await accountOf("two")), way: "well" }, "two");
  const events = `${P}/deployed-triggers/${other}/events?external_user_id=two`;
  await until(
    "polls of the other account",
    async () =>
      (await host.call<{ data: unknown[] }>("GET", events)).body.data.length >= 5 ? true : undefined,
    45_000,
  );
}, 180_000);

test("a trigger that fails is polled ever less often, says so, and returns to its schedule when it is run by hand", async () => {
  const account = await accountOf("local");
  const timer = { intervalSeconds: 1 };
  const id = await deploy({ ...account, way: "fail", timer });
  const failing = await until(
    "three failures",
    async () => {
      const found = (await listed(id))?.failing;
      return found && found.count >= 3 ? found : undefined;
    },
    60_000,
  );
  expect(failing.error.message).toBe("the other side is down");
  expect(Date.parse(failing.next_try_at) - Date.now()).toBeGreaterThan(3000);
  await host.call("PUT", `${P}/deployed-triggers/${id}`, {
    configured_props: { ...account, way: "well", timer },
  });
  expect((await listed(id))?.failing).toBeNull();
  await host.call("PUT", `${P}/deployed-triggers/${id}`, {
    configured_props: { ...account, way: "fail", timer },
  });
  await until("three failures again", async () => ((await listed(id))?.failing?.count ?? 0) >= 3, 60_000);
  await host.call("POST", `/api/triggers/${id}/run`);
  const after = (await listed(id))?.failing;
  expect(after?.count).toBeLessThan(3);
  expect(Date.parse(after?.next_try_at ?? "") - Date.now()).toBeLessThan(2500);
}, 180_000);
