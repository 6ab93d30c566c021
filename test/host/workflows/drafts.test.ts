import { duringTests } from "../../helpers/instance";
import { startHost } from "../host";
import { code, stepOf, workflowClient, type Run, type Workflow } from "./workflow-client";

jest.setTimeout(180_000);

const host = duringTests(startHost);
const draft = (steps: unknown[], name = "Drafted"): Record<string, unknown> => ({
  name,
  triggers: [{ id: "web", uses: "http" }],
  steps,
});

async function tried(id: string, body: Record<string, unknown>): Promise<Run> {
  const answer = await host.call<Run>("POST", `/api/workflows/${id}/test`, { event: { n: 1 }, ...body });
  expect(answer.status).toBe(202);
  return workflowClient(host).ended(answer.body.id);
}

test("a draft may be unfinished, is tried step by step, and runs for real once it is published", async () => {
  const made = await host.call<Workflow>("POST", "/api/workflows/drafts", draft([]));
  expect(made).toMatchObject({ status: 201, body: { version: 0, enabled: false, has_draft: true } });
  const { id } = made.body;
  expect((await host.call("POST", `/api/workflows/${id}/enable`)).status).toBe(409);
  expect((await host.call("POST", `/api/workflows/${id}/test`, { event: {} })).status).toBe(400);

  const steps = [
    code("first", "return [Math.random(), steps.trigger.event.n];"),
    code("second", "return steps.first.$return_value;"),
    code("third", "return 'never';"),
  ];
  await host.call("PUT", `/api/workflows/${id}/draft`, draft(steps));
  const first = await tried(id, { step: "first" });
  expect(first).toMatchObject({ status: "succeeded", is_test: true });
  expect(first.steps.map(({ path }) => path)).toEqual(["first"]);
  const second = await tried(id, { step: "second", from_run: first.id });
  expect(stepOf(second, "second")?.return_value).toEqual(stepOf(first, "first")?.return_value);
  expect(stepOf(second, "third")).toBeUndefined();

  const published = await host.call<Workflow>("PUT", `/api/workflows/${id}`, draft(steps));
  expect(published.body).toMatchObject({ has_draft: false });
  await host.call("POST", `/api/workflows/${id}/enable`);
  const { start, ended } = workflowClient(host);
  const run = await ended((await start(published.body, { n: 2 })).id);
  expect(run).toMatchObject({ status: "succeeded", is_test: false });

  const figures = await host.call<{ data: { succeeded: number }[] }>("GET", `/api/workflows/${id}/figures`);
  expect(figures.body.data.reduce((sum, bar) => sum + bar.succeeded, 0)).toBe(1);
  const found = await host.call<Run[]>("GET", `/api/workflows/${id}/runs?q=${run.id}`);
  expect(found.body.map((one) => one.id)).toEqual([run.id]);
  expect((await host.call<Run[]>("GET", `/api/workflows/${id}/runs?q=nothing-like-it`)).body).toEqual([]);
});

test("a draft beside a published version changes nothing that runs, and can be discarded", async () => {
  const { make, start, ended } = workflowClient(host);
  const workflow = await make([code("a", "return 1;")]);
  await host.call(
    "PUT",
    `/api/workflows/${workflow.id}/draft`,
    draft([code("a", "return 2;")], workflow.name),
  );
  expect(stepOf(await tried(workflow.id, {}), "a")?.return_value).toBe(2);
  expect(stepOf(await ended((await start(workflow)).id), "a")?.return_value).toBe(1);
  const left = await host.call<Workflow>("DELETE", `/api/workflows/${workflow.id}/draft`);
  expect(left.body).toMatchObject({ version: 1, has_draft: false });
  expect(stepOf(await tried(workflow.id, {}), "a")?.return_value).toBe(1);
});

test("a step that waits goes on when its run is resumed by hand", async () => {
  const { make, start, ended } = workflowClient(host);
  const run = await start(
    await make([code("ask", "$.flow.suspend(60000);"), code("end", "return steps.ask.$resume_data.body;")]),
  );
  for (let look = 0; look < 200; look++) {
    const { status } = await host.call("POST", `/api/runs/${run.id}/resume`, { data: { yes: true } });
    if (status === 200) break;
    await new Promise((again) => setTimeout(again, 100));
  }
  expect(stepOf(await ended(run.id), "end")?.return_value).toEqual({ yes: true });
  expect((await host.call("POST", `/api/runs/${run.id}/resume`, {})).status).toBe(409);
});
