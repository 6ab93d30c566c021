import { duringTests } from "../../helpers/instance";
import { startHost, until } from "../host";
import { code, stepOf, workflowClient, type Run, type Workflow } from "./workflow-client";

jest.setTimeout(240_000);

const host = duringTests(startHost);
const client = (): ReturnType<typeof workflowClient> => workflowClient(host);

test("a workflow that starts itself is stopped after ten times, and the last run says why", async () => {
  const { make, start } = client();
  const workflow = await make([code("again", `return $.flow.trigger("Starts itself", {});`)], {
    name: "Starts itself",
  });
  await start(workflow);
  const refused = await until(
    "the chain ends",
    async () => {
      const { body } = await host.call<Run[]>("GET", `/api/workflows/${workflow.id}/runs?status=failed`);
      return body[0];
    },
    120_000,
  );
  expect(refused.error).toMatchObject({
    name: "TooDeep",
    message:
      'Workflows started each other 10 times on the way to "Starts itself", so this run was not started. One of them probably starts itself.',
  });
  const { body } = await host.call<Run[]>("GET", `/api/workflows/${workflow.id}/runs`);
  expect(body).toHaveLength(12);
});

test("a hundred steps run in their order", async () => {
  const steps = Array.from({ length: 99 }, (_, at) => code(`s${at}`, "return 1;", { if: "{{ false }}" }));
  const run = await client().result([...steps, code("last", "return 'end';")]);
  expect(run.status).toBe("succeeded");
  expect(run.steps.map(({ path }) => path)).toEqual([...steps.map((_, at) => `s${at}`), "last"]);
});

test("a result of 17 MB fails its step in words, and a cyclic one is kept as far as it goes", async () => {
  const large = await client().result([code("large", `return "x".repeat(17_000_000);`)]);
  expect(large.status).toBe("failed");
  expect(large.error?.message).toMatch(/larger|too large|MB/);
  const cyclic = await client().result([
    code("cyclic", `const a = { name: "a" }; a.self = a; $.export("more", a); return a;`),
    code("after", "return steps.cyclic.$return_value.name;"),
  ]);
  expect([cyclic.status, stepOf(cyclic, "after")?.return_value]).toEqual(["succeeded", "a"]);
});

test("a step that never ends is ended at its limit, and the next one runs", async () => {
  const { result } = client();
  const run = await result([
    code("endless", "for (;;);", { timeoutSeconds: 2, onError: "continue" }),
    code("after", "return 1;"),
  ]);
  expect(stepOf(run, "endless")).toMatchObject({ status: "failed" });
  expect(stepOf(run, "endless")?.error?.message).toMatch(/2 s/);
  expect(stepOf(run, "after")?.return_value).toBe(1);
});

test("an event that comes while the workflow changes starts a run of the one or the other version", async () => {
  const { make, ended } = client();
  const workflow = await make([code("a", "return 1;")]);
  const change = host.call<Workflow>("PUT", `/api/workflows/${workflow.id}`, {
    name: workflow.name,
    triggers: [{ id: "web", uses: "http" }],
    steps: [code("a", "return 2;")],
  });
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => fetch(workflow.triggers[0]?.endpoint ?? "", { method: "POST" })),
  );
  expect((await change).body.version).toBe(2);
  const runs = await Promise.all(
    answers.map(async (answer) => ended(((await answer.json()) as { run: string }).run)),
  );
  for (const run of runs) expect(stepOf(run, "a")?.return_value).toBe(run.version);
});

test("a version of a component that is not installed is refused by name", async () => {
  const { status, body } = await host.call<{ problems: { path: string; reason: string }[] }>(
    "POST",
    "/api/workflows",
    {
      name: "Pinned",
      triggers: [{ uses: "http" }],
      steps: [{ namespace: "a", uses: "conformance-echo@9.9.9", props: { conformance: { account: "x" } } }],
    },
  );
  expect(status).toBe(400);
  expect(body.problems[0]).toMatchObject({
    path: "steps[0].uses",
    reason: expect.stringContaining("names version 9.9.9, and"),
  });
});

test("a loop without steps is refused, and one over what is no list fails with the kind it got", async () => {
  const { status, body } = await host.call<{ problems: unknown[] }>("POST", "/api/workflows", {
    name: "Empty loop",
    triggers: [{ uses: "http" }],
    steps: [{ namespace: "each", forEach: "{{ [1] }}", steps: [] }],
  });
  expect([status, body.problems]).toEqual([
    400,
    [{ path: "steps[0].steps", reason: "is empty. A loop has at least one step for each item." }],
  ]);
  const run = await client().result([
    { namespace: "each", forEach: "{{ 5 }}", steps: [code("inner", "return 1;")] },
  ]);
  expect(run.error?.message).toBe(
    "forEach takes a list, and its expression gave a number. Name the list, such as steps.x.$return_value.",
  );
});
