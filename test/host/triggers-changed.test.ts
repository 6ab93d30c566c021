import { startHost, until, type TestHost } from "./host";
import { present } from "../helpers/present";

interface Listed {
  id: string;
  active: boolean;
  configured_props: Record<string, unknown>;
  schedule: unknown;
  last_run: { status: string } | null;
}
interface Run {
  kind: string;
  status: string;
  error: { message: string } | null;
}
const P = "/v1/connect/local";

let host: TestHost;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host?.stop());

const deployed = async (props: Record<string, unknown>): Promise<string> => {
  const { status, body } = await host.call<{ data: { id: string }; error?: string }>(
    "POST",
    `${P}/triggers/deploy`,
    { id: "conformance-changing", external_user_id: "local", configured_props: props },
  );
  expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
  return body.data.id;
};
const change = async (id: string, body: unknown): Promise<{ status: number; error?: string }> => {
  const answer = await host.call<{ error?: string }>("PUT", `${P}/deployed-triggers/${id}`, body);
  return { status: answer.status, error: answer.body.error };
};
const listed = async (id: string): Promise<Listed> =>
  present((await host.call<Listed[]>("GET", "/api/triggers")).body.find((trigger) => trigger.id === id));
const colors = async (id: string): Promise<string[]> =>
  (
    await host.call<{ data: { e: { color: string } }[] }>("GET", `${P}/deployed-triggers/${id}/events`)
  ).body.data.map(({ e }) => e.color);
const polling = (id: string): Promise<unknown> =>
  until("a poll", async () => (await listed(id)).last_run?.status === "running");
const firstEvent = (id: string): Promise<unknown> =>
  until("an event", async () => (await colors(id)).length > 0);
const runs = async (id: string): Promise<Run[]> =>
  (await host.call<Run[]>("GET", `/api/triggers/${id}/runs`)).body;

test("a pause waits for the poll that runs, and no event comes after it", async () => {
  const id = await deployed({ color: "red", pauseMs: 1500 });
  await polling(id);
  expect(await change(id, { active: false })).toEqual({ status: 200 });
  expect(await colors(id)).toEqual(["red"]);
  expect(await listed(id)).toMatchObject({ active: false, last_run: { status: "ok" } });
});

test("a pause does not wait for ever: a long poll is cut off, and what it did not save is done again", async () => {
  const id = await deployed({ color: "red", pauseMs: 14_000 });
  await polling(id);
  expect(await change(id, { active: false })).toEqual({ status: 200 });
  const cut = await until(
    "its end",
    async () => (await runs(id)).find(({ kind }) => kind === "poll"),
    30_000,
  );
  expect(cut).toMatchObject({
    status: "error",
    error: { message: expect.stringContaining("was changed or paused") as unknown },
  });
  expect(await colors(id)).toEqual([]);
  expect((await listed(id)).active).toBe(false);
  expect(await change(id, { active: true, configured_props: { color: "red" } })).toEqual({ status: 200 });
  await firstEvent(id);
});

test("new props wait for the poll that runs; its state is not stored over them, and the new schedule counts at once", async () => {
  const id = await deployed({ color: "red", pauseMs: 1500, timer: { cron: "0 0 1 1 *" } });
  await polling(id);
  const timer = { intervalSeconds: 1 };
  expect(await change(id, { configured_props: { color: "blue", timer } })).toEqual({ status: 200 });
  await until("polls by the new schedule", async () => (await colors(id)).length >= 3);
  expect((await colors(id)).slice(0, 3)).toEqual(["red", "blue", "blue"]);
  await host.call("DELETE", `${P}/deployed-triggers/${id}`);
});

test.each([
  ["by their type", { color: "blue", pauseMs: "long" }, /pauseMs must be a whole number/],
  ["by a missing one", { pauseMs: 1 }, /color is missing/],
  ["by their schedule", { color: "blue", timer: { cron: "5" } }, /five fields/],
  ["by the source", { color: "black" }, /no black/],
])("props that are refused %s change nothing, running or paused", async (_by, props, words) => {
  const id = await deployed({ color: "red" });
  await firstEvent(id);
  const refused = await change(id, { configured_props: props, name: "New name" });
  expect(refused).toMatchObject({ status: 400, error: expect.stringMatching(words) as unknown });
  expect(await listed(id)).toMatchObject({
    active: true,
    configured_props: { color: "red" },
    name: "New Change",
  });
  expect((await host.call("POST", `/api/triggers/${id}/run`)).body).toMatchObject({ status: "ok" });

  await change(id, { active: false });
  expect(await change(id, { configured_props: props, active: true })).toMatchObject({ status: 400 });
  expect(await listed(id)).toMatchObject({ active: false, configured_props: { color: "red" } });
  expect(await change(id, { active: true })).toEqual({ status: 200 });
});

test("a source that cannot be deactivated is paused all the same, and its record says so", async () => {
  const id = await deployed({ color: "stuck" });
  expect(await change(id, { active: false })).toEqual({ status: 200 });
  expect((await listed(id)).active).toBe(false);
  expect((await runs(id)).find(({ kind }) => kind === "deactivate")).toMatchObject({
    status: "error",
    error: { message: "cannot be deactivated" },
  });
});

test("a secret prop that comes with a change is never shown", async () => {
  const id = await deployed({ color: "red" });
  const props = { color: "locked", password: "hush-hush-hush" };
  expect(await change(id, { configured_props: props })).toEqual({ status: 200 });
  expect((await listed(id)).configured_props).toEqual({ color: "locked", password: "********" });
  await change(id, { configured_props: { color: "red", password: "********" } });
  expect(JSON.stringify(await listed(id))).not.toContain("hush");
});

test("a channel name with a NUL does not cost the events of the run", async () => {
  const id = await deployed({ color: "red" });
  await firstEvent(id);
  const { body } = await host.call<{ data: { k: string }[] }>("GET", `${P}/deployed-triggers/${id}/events`);
  expect(body.data[0]?.k).toBe("a\ufffdb");
});
