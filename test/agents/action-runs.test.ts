import { until } from "../host/host";
import { duringTests } from "../helpers/instance";
import { present } from "../helpers/present";
import { connectToken } from "../host/callers";
import { startAgentHost } from "./mcp-client";

const host = duringTests(startAgentHost);

interface Run {
  id: string;
  action: string;
  status: string;
  caller: string;
  summary: string | null;
  error: { message: string } | null;
  repeat_of: string | null;
  input: Record<string, unknown>;
  result: unknown;
  files: { name: string; bytes: number; url: string }[];
}

const start = async (id: string, configured_props: Record<string, unknown>) =>
  host.call<Run>("POST", "/api/action-runs", { id, configured_props });
const read = async (id: string): Promise<Run> => (await host.call<Run>("GET", `/api/action-runs/${id}`)).body;
const list = async (query: string, token?: string): Promise<string[]> => {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await host.call<Run[]>("GET", `/api/action-runs?${query}`, undefined, headers)).body.map(
    ({ id }) => id,
  );
};
const ended = (id: string) =>
  until(`${id} has ended`, async () => {
    const run = await read(id);
    return run.status !== "running" && run;
  });

test("a run goes on by itself, is kept with what it came to, and is repeated with the same inputs", async () => {
  const begun = await start("agents-erase", { drawer: "low" });
  expect(begun).toMatchObject({ status: 202, body: { action: "agents-erase", caller: "operator" } });
  const run = await ended(begun.body.id);
  expect(run).toMatchObject({
    status: "succeeded",
    summary: "Erased low",
    input: { drawer: "low" },
    result: { erased: true },
    result_removed: false,
    repeat_of: null,
  });
  const repeated = await host.call<Run>("POST", `/api/action-runs/${run.id}/repeat`);
  expect(repeated.status).toBe(202);
  expect(await ended(repeated.body.id)).toMatchObject({
    status: "succeeded",
    summary: "Erased low",
    repeat_of: run.id,
    input: { drawer: "low" },
  });
});

test("a run with a secret is not repeated without it, and wrong props start nothing", async () => {
  const run = await ended(
    (await start("agents-erase", { drawer: "top", password: "open-sesame-2" })).body.id,
  );
  expect(run.input).toEqual({ drawer: "top", password: "********" });
  const refused = await host.call<{ error: string }>("POST", `/api/action-runs/${run.id}/repeat`);
  expect(refused.status).toBe(409);
  expect(refused.body.error).toMatch(/password.*enter them again/i);
  const before = await list("limit=1");
  const wrong = await start("agents-erase", {});
  expect(wrong).toMatchObject({ status: 400, body: { problems: [{ prop: "drawer" }] } });
  expect(await list("limit=1")).toEqual(before);
});

test("a run under way is cancelled, and says that what was done is done", async () => {
  const { body } = await start("agents-slow", { seconds: 120 });
  expect((await read(body.id)).status).toBe("running");
  expect((await host.call("POST", `/api/action-runs/${body.id}/cancel`)).status).toBe(202);
  expect(await ended(body.id)).toMatchObject({
    status: "cancelled",
    error: { message: "It was cancelled. What the action had done by then is done." },
    result: null,
  });
});

test("the Connect API's runs are kept too, and say by which program they were started", async () => {
  const answer = await host.call<{ run_id: string; ret: unknown }>(
    "POST",
    "/v1/connect/local/actions/run",
    { id: "agents-erase", external_user_id: "ann", configured_props: { drawer: "mid" } },
    { "user-agent": "builder/7" },
  );
  expect(answer.body.ret).toEqual({ erased: true });
  expect(await read(answer.body.run_id)).toMatchObject({
    external_user_id: "ann",
    client: "builder/7",
    status: "succeeded",
    result: { erased: true },
  });
  const token = await connectToken(host, "ben");
  expect(await list("limit=1000", token)).toEqual([]);
  const foreign = await host.call("GET", `/api/action-runs/${answer.body.run_id}`, undefined, {
    authorization: `Bearer ${token}`,
  });
  expect(foreign.status).toBe(404);
});

test("files that a run leaves are listed with an address to fetch them", async () => {
  const { files } = await ended((await start("conformance-leave-file", { text: "hello" })).body.id);
  expect(files.map(({ name, bytes }) => [name, bytes]).sort()).toEqual([
    ["deep/ünder.txt", 5],
    ["note.txt", 5],
  ]);
  const note = present(files.find(({ name }) => name === "note.txt"));
  expect(await (await fetch(note.url)).text()).toBe("hello");
});

test("runs are found by state, action, time and text, page by page", async () => {
  const since = new Date().toISOString();
  const failed = await ended((await start("conformance-misbehave", { way: "configuration" })).body.id);
  expect(failed.status).toBe("failed");
  const erased = await ended((await start("agents-erase", { drawer: "attic" })).body.id);
  const from = `from=${encodeURIComponent(since)}`;
  expect(await list(from)).toEqual([erased.id, failed.id]);
  expect(await list(`${from}&status=failed`)).toEqual([failed.id]);
  expect(await list(`${from}&action=agents-erase`)).toEqual([erased.id]);
  expect(await list(`${from}&q=ATTIC`)).toEqual([erased.id]);
  expect(await list(`${from}&q=another color`)).toEqual([failed.id]);
  expect(await list(`${from}&limit=1&after=${erased.id}`)).toEqual([failed.id]);
  expect(await list(`to=${encodeURIComponent(since)}&q=attic`)).toEqual([]);
});
