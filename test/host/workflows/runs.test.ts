import { duringTests } from "../../helpers/instance";
import { startHost, temporaryFolder, until } from "../host";

interface Step {
  path: string;
  status: string;
  attempts: number;
  input: unknown;
  return_value: unknown;
  exports: Record<string, unknown>;
  logs: { level: string; message: string }[];
  error: { name: string; message: string } | null;
  resume_url?: string;
  cancel_url?: string;
}
interface Run {
  id: string;
  status: string;
  version: number;
  error: { message: string; step?: string } | null;
  steps: Step[];
}
interface Workflow {
  id: string;
  name: string;
  enabled: boolean;
  version: number;
  triggers: { id: string; endpoint?: string; trigger_id?: string }[];
  problems?: { path: string; reason: string }[];
  error?: string;
}

const host = duringTests(startHost);
const OPEN = ["queued", "running", "waiting"];
let count = 0;

const code = (
  namespace: string,
  body: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  namespace,
  code: `export default async ({ steps, $ }) => { ${body} }`,
  ...more,
});

async function make(steps: unknown[], more: Record<string, unknown> = {}, at = host): Promise<Workflow> {
  const { status, body } = await at.call<Workflow>("POST", "/api/workflows", {
    name: `Workflow ${++count}`,
    triggers: [{ id: "web", uses: "http" }],
    enabled: true,
    steps,
    ...more,
  });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

async function start(workflow: Workflow, event: unknown = {}, at = host): Promise<Run> {
  const { status, body } = await at.call<Run>("POST", `/api/workflows/${workflow.id}/runs`, { event });
  expect(status).toBe(202);
  return body;
}

function ended(run: Run, at = host): Promise<Run> {
  return until(
    `run ${run.id} ends`,
    async () => {
      const { body } = await at.call<Run>("GET", `/api/runs/${run.id}`);
      return !OPEN.includes(body.status) && body;
    },
    60_000,
  );
}

function waiting(run: Run, at = host): Promise<Step> {
  return until(
    "a step waits",
    async () => {
      const { body } = await at.call<Run>("GET", `/api/runs/${run.id}`);
      return body.steps.find(({ status }) => status === "waiting");
    },
    60_000,
  );
}

const result = async (steps: unknown[], event?: unknown): Promise<Run> =>
  ended(await start(await make(steps), event));
const stepOf = (run: Run, path: string): Step | undefined => run.steps.find((step) => step.path === path);

test("each step reads those before it: text, types, exports and code in TypeScript", async () => {
  const run = await result(
    [
      code(
        "first",
        `$.export("kind", "demo"); $.export("$summary", "done"); return { number: steps.trigger.event.number, list: [1, 2] };`,
      ),
      {
        namespace: "second",
        code: "interface A { a: number }\nexport default defineComponent({ async run({ steps }: { steps: any }): Promise<A> { return { a: steps.first.$return_value.list.length } } })",
      },
      code("third", `return [steps.second.$return_value.a, steps.first.kind];`, {
        if: "{{ steps.second.$return_value.a === 2 }}",
      }),
      code("never", `return 1;`, { if: "{{ steps.first.kind !== 'demo' }}" }),
    ],
    { number: "INC0010001" },
  );
  expect(run).toMatchObject({ status: "succeeded", error: null, version: 1 });
  expect(run.steps.map(({ path, status, return_value }) => [path, status, return_value])).toEqual([
    ["first", "succeeded", { number: "INC0010001", list: [1, 2] }],
    ["second", "succeeded", { a: 2 }],
    ["third", "succeeded", [2, "demo"]],
    ["never", "skipped", null],
  ]);
  expect(stepOf(run, "first")?.exports).toEqual({ kind: "demo", $summary: "done" });
});

test("branches and loops run in order, each item with its own path, and the loop's result is a list", async () => {
  const run = await result([
    code("list", `return [10, 20, 30];`),
    {
      namespace: "each",
      forEach: "{{ steps.list.$return_value }}",
      as: "n",
      concurrency: 2,
      steps: [
        {
          namespace: "way",
          branch: [
            { if: "{{ n > 15 }}", steps: [code("large", `return steps.each.item + 1;`)] },
            { else: true, steps: [code("small", `return 0;`)] },
          ],
        },
        code("last", `return [steps.each.index, steps.large?.$return_value ?? null];`),
      ],
    },
    code("sum", `return steps.each.$return_value;`),
  ]);
  expect(run.error).toBeNull();
  expect(stepOf(run, "sum")?.return_value).toEqual([
    [0, null],
    [1, 21],
    [2, 31],
  ]);
  expect(run.steps.map(({ path }) => path).sort()).toEqual([
    "each",
    "each[0].last",
    "each[0].small",
    "each[0].way",
    "each[1].large",
    "each[1].last",
    "each[1].way",
    "each[2].large",
    "each[2].last",
    "each[2].way",
    "list",
    "sum",
  ]);
});

test("an empty loop and a branch that takes no arm are passed", async () => {
  const run = await result([
    { namespace: "each", forEach: "{{ [] }}", steps: [code("inner", `return 1;`)] },
    { namespace: "way", branch: [{ if: "{{ false }}", steps: [code("no", `return 1;`)] }] },
    code("end", `return steps.each.$return_value;`),
  ]);
  expect(run.status).toBe("succeeded");
  expect(stepOf(run, "end")?.return_value).toEqual([]);
});

test("a failure stops the run and names its step; `continue` goes on; retries are counted", async () => {
  const stopped = await result([
    code("bad", `throw new TypeError("no such thing");`),
    code("after", `return 1;`),
  ]);
  expect(stopped).toMatchObject({ status: "failed", error: { message: "no such thing", step: "bad" } });
  expect(stepOf(stopped, "after")).toBeUndefined();

  const continued = await result([
    code("bad", `throw new Error("x");`, { onError: "continue" }),
    code("after", `return 1;`),
  ]);
  expect(continued.status).toBe("succeeded");
  expect(stepOf(continued, "bad")?.status).toBe("failed");

  const retried = await result([
    code(
      "flaky",
      `console.log("try", $.context.attempt);
       if ($.context.attempt < 3) throw new Error("not yet: " + $.context.attempt); return $.context.attempt;`,
      { retry: { attempts: 3, delaySeconds: 0.1 } },
    ),
  ]);
  expect(stepOf(retried, "flaky")).toMatchObject({
    status: "succeeded",
    attempts: 3,
    return_value: 3,
    logs: [{ message: "try 3" }],
    earlier_attempts: [
      { attempt: 1, error: { message: "not yet: 1" }, logs: [{ message: "try 1" }] },
      { attempt: 2, error: { message: "not yet: 2" }, logs: [{ message: "try 2" }] },
    ],
  });
});

test("an expression without a value fails its step with its place and cause", async () => {
  const run = await result(
    [
      {
        namespace: "a",
        code: "export default () => 1",
        props: { x: { y: "{{ steps.trigger.event.nobody.x }}" } },
      },
    ],
    { there: 1 },
  );
  expect(run.status).toBe("failed");
  expect(run.error?.message).toBe(
    "props.x.y: {{ steps.trigger.event.nobody.x }} has no value. nobody is missing: steps.trigger.event has there.",
  );
});

test("a delay holds the run as long as it says, and no longer", async () => {
  const before = Date.now();
  const run = await result([{ delay: "1s" }, code("end", `return Date.now();`)]);
  expect(run.status).toBe("succeeded");
  const took = Number(stepOf(run, "end")?.return_value) - before;
  expect(took).toBeGreaterThanOrEqual(1000);
});

describe("a run that waits for somebody", () => {
  const suspend = (): Promise<Workflow> =>
    make([
      code(
        "ask",
        `const { resume_url, cancel_url } = $.flow.suspend(60000); return [resume_url, cancel_url];`,
      ),
      code("end", `return steps.ask.$resume_data;`),
    ]);

  test("goes on once with what the resume address is sent", async () => {
    const run = await start(await suspend());
    const step = await waiting(run);
    expect(step.resume_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/resume\//);
    expect((await fetch(`${step.resume_url}?by=ann`, { method: "POST", body: '{"ok":true}' })).status).toBe(
      200,
    );
    expect((await fetch(step.resume_url ?? "", { method: "POST" })).status).toBe(404);
    const done = await ended(run);
    expect(done.status).toBe("succeeded");
    expect(stepOf(done, "end")?.return_value).toEqual({
      method: "POST",
      query: { by: "ann" },
      body: { ok: true },
    });
  });

  test("ends by its cancel address, and by its time", async () => {
    const run = await start(await suspend());
    await fetch((await waiting(run)).cancel_url ?? "");
    expect((await ended(run)).status).toBe("cancelled");

    const late = await result([code("ask", `$.flow.suspend(500); return 1;`), code("end", `return 1;`)]);
    expect(late).toMatchObject({
      status: "cancelled",
      error: { message: "Nobody opened the resume address of ask in time." },
    });
  });

  test("runs again with what it kept, as often as it says", async () => {
    const run = await result([
      code(
        "poll",
        `const { runs = 0, context } = $.context.run ?? {}; if (runs < 2) { $.flow.rerun(100, { seen: (context?.seen ?? 0) + 1 }, 5); return; } return [runs, context];`,
      ),
    ]);
    expect(stepOf(run, "poll")).toMatchObject({ status: "succeeded", return_value: [2, { seen: 2 }] });
  });
});

test("$.flow.exit ends the run after its step", async () => {
  const run = await result([code("a", `$.flow.exit("enough"); return 1;`), code("b", `return 2;`)]);
  expect(run.status).toBe("succeeded");
  expect(run.steps.map(({ path }) => path)).toEqual(["a"]);
});

describe("an HTTP trigger", () => {
  const post = (url = "", body = "{}"): Promise<Response> =>
    fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });

  test("answers at once with the run, or with what the workflow responds", async () => {
    const receipt = await make([code("a", `return steps.trigger.event.body.n;`)]);
    const answer = await post(receipt.triggers[0]?.endpoint, '{"n":7}');
    expect(answer.status).toBe(200);
    const { run } = (await answer.json()) as { run: string };
    expect(stepOf(await ended({ id: run } as Run), "a")?.return_value).toBe(7);

    const responding = await make(
      [code("a", `await $.respond({ status: 201, body: { got: steps.trigger.event.body.n } });`)],
      {
        triggers: [{ id: "web", uses: "http", response: "from_workflow" }],
      },
    );
    const responded = await post(responding.triggers[0]?.endpoint, '{"n":8}');
    expect([responded.status, await responded.json()]).toEqual([201, { got: 8 }]);

    const silent = await make([code("a", `return 1;`)], {
      triggers: [{ id: "web", uses: "http", response: "from_workflow" }],
    });
    expect((await post(silent.triggers[0]?.endpoint)).status).toBe(400);
  });

  test("of a disabled workflow takes nothing", async () => {
    const workflow = await make([code("a", `return 1;`)]);
    await host.call("POST", `/api/workflows/${workflow.id}/disable`);
    expect((await post(workflow.triggers[0]?.endpoint)).status).toBe(404);
    expect((await host.call<Run[]>("GET", `/api/workflows/${workflow.id}/runs`)).body).toEqual([]);
  });
});

test("events of a source start a run each, once", async () => {
  const workflow = await make([code("a", `return steps.trigger.event;`)], {
    triggers: [{ id: "ticks", uses: "conformance-counter", props: { timer: { intervalSeconds: 3600 } } }],
  });
  await host.call("POST", `/api/triggers/${workflow.triggers[0]?.trigger_id}/run`);
  const runs = await until(
    "runs end",
    async () => {
      const { body } = await host.call<Run[]>("GET", `/api/workflows/${workflow.id}/runs`);
      return body.length > 0 && body.every(({ status }) => status === "succeeded") && body;
    },
    60_000,
  );
  const { body: events } = await host.call<{ data: unknown[] }>(
    "GET",
    `/v1/connect/local/deployed-triggers/${workflow.triggers[0]?.trigger_id}/events`,
  );
  expect(runs.length).toBe(events.data.length);
});

test("runs of one key come one after the other, others beside them", async () => {
  const workflow = await make(
    [
      code(
        "a",
        `const begin = Date.now(); await new Promise((done) => setTimeout(done, 300)); return [begin, Date.now()];`,
      ),
    ],
    {
      settings: { concurrency: 10, orderBy: "{{ steps.trigger.event.key }}" },
    },
  );
  const runs = await Promise.all(["x", "x", "y", "x"].map((key) => start(workflow, { key })));
  const times = await Promise.all(
    runs.map(async (run) => (await ended(run)).steps[0]?.return_value as [number, number]),
  );
  const ofX = [times[0], times[1], times[3]].flatMap((one) => (one ? [one] : [])).sort(([a], [b]) => a - b);
  for (const [at, [, end]] of ofX.slice(0, -1).entries())
    expect(ofX[at + 1]?.[0]).toBeGreaterThanOrEqual(end);
});

test("a run is repeated from a step with the earlier results, or cancelled", async () => {
  const workflow = await make([
    code("a", `return Math.random();`),
    code("b", `return steps.a.$return_value;`),
    { delay: "1h", if: "{{ steps.trigger.event.wait }}" },
  ]);
  const run = await ended(await start(workflow, { wait: false }));
  const again = await host.call<Run>("POST", `/api/runs/${run.id}/retry`, { from: "b" });
  expect(again.status).toBe(202);
  const repeated = await ended(again.body);
  expect(stepOf(repeated, "b")?.return_value).toBe(stepOf(run, "a")?.return_value);
  expect((await host.call("POST", `/api/runs/${run.id}/retry`, { from: "zzz" })).status).toBe(400);
  expect((await host.call("POST", `/api/runs/${run.id}/cancel`)).status).toBe(409);

  const long = await start(workflow, { wait: true });
  await waiting(long);
  expect((await host.call<Run>("POST", `/api/runs/${long.id}/cancel`)).body.status).toBe("cancelled");
});

describe("definitions", () => {
  test("what is not here is named: components, props, accounts, and names that are taken", async () => {
    const { status, body } = await host.call<Workflow>("POST", "/api/workflows", {
      name: "Wrong",
      triggers: [{ uses: "conformance-echo" }],
      steps: [
        { namespace: "a", uses: "nobody-knows" },
        {
          namespace: "b",
          uses: "conformance-echo",
          props: { conformance: { account: "nobody" }, texxt: 1, count: 99 },
        },
      ],
    });
    expect(status).toBe(400);
    const problems = (body.problems ?? []).map(({ path, reason }) => `${path} ${reason}`);
    expect(problems.join("\n")).toMatch(/triggers\[0\]\.uses names conformance-echo, which is an action/);
    expect(problems.join("\n")).toMatch(/steps\[0\]\.uses names nobody-knows, which is not installed here/);
    expect(problems.join("\n")).toMatch(/steps\[1\]\.props\.texxt is no prop of conformance-echo/);
    expect(problems.join("\n")).toMatch(/steps\[1\]\.props\.count must be at most 9/);
    expect(problems.join("\n")).toMatch(/there is no conformance account "nobody"/);
    const workflow = await make([code("a", "return 1;")]);
    const taken = await host.call<Workflow>("POST", "/api/workflows", {
      name: workflow.name,
      triggers: [{ uses: "http" }],
      steps: [code("a", "return 1;")],
    });
    expect(taken.status).toBe(409);
  });

  test("a change is a version, the same again is none, and an earlier one comes back", async () => {
    const workflow = await make([code("a", "return 1;")]);
    const address = workflow.triggers[0]?.endpoint;
    const definition = (body: string): Record<string, unknown> => ({
      name: workflow.name,
      triggers: [{ id: "web", uses: "http" }],
      steps: [code("a", body)],
    });
    const put = async (body: string): Promise<Workflow> =>
      (await host.call<Workflow>("PUT", `/api/workflows/${workflow.id}`, definition(body))).body;
    expect((await put("return 2;")).version).toBe(2);
    const second = await put("return 2;");
    expect([second.version, second.triggers[0]?.endpoint]).toEqual([2, address]);
    expect(stepOf(await ended(await start(workflow)), "a")?.return_value).toBe(2);
    await host.call("POST", `/api/workflows/${workflow.id}/versions/1/restore`);
    const run = await ended(await start(workflow));
    expect([run.version, stepOf(run, "a")?.return_value]).toEqual([3, 1]);
  });

  test("YAML comes back to the letter", async () => {
    const text = `# who is paged\nname: Yaml ${++count}\ntriggers:\n  - uses: http\nsteps:\n  - namespace: a\n    code: |\n      export default () => 1\n`;
    const yaml = async (method: string, path: string, body?: string): Promise<Response> =>
      fetch(host.url + path, {
        method,
        headers: {
          authorization: `Bearer ${host.token}`,
          accept: "application/yaml",
          "content-type": "application/yaml",
        },
        ...(body === undefined ? {} : { body }),
      });
    const made = (await (await yaml("POST", "/api/workflows", text)).json()) as Workflow;
    expect(await (await yaml("GET", `/api/workflows/${made.id}`)).text()).toBe(text);
    const wrong = await yaml("POST", "/api/workflows", "name: a\nsteps: [");
    expect(wrong.status).toBe(400);
  });
});

test("variables are read as env, masked where they are shown, and never given back", async () => {
  await host.call("PUT", "/api/variables/PAGER_KEY", { value: "very-secret-value" });
  const run = await result([
    {
      namespace: "a",
      code: "export default { async run() { console.log(this.key); return this.key.length } , props: { key: { type: 'string' } } }",
      props: { key: "{{ env.PAGER_KEY }}" },
    },
  ]);
  expect(stepOf(run, "a")?.return_value).toBe(17);
  expect(JSON.stringify(run)).not.toContain("very-secret-value");
  expect(JSON.stringify((await host.call("GET", "/api/variables")).body)).not.toContain("very-secret-value");
});

test("a host that is killed in a step goes on where it was; a step that may have acted is not repeated by itself", async () => {
  const dataDir = temporaryFolder();
  const first = await startHost({ dataDir });
  const slow = `await new Promise((done) => setTimeout(done, $.context.attempt > 1 ? 10 : 60000)); return $.context.attempt;`;
  const safe = await make([code("a", "return 1;"), code("b", slow, { retry: { attempts: 2 } })], {}, first);
  const unsafe = await make([code("b", slow)], {}, first);
  const runs = [await start(safe, {}, first), await start(unsafe, {}, first)];
  await until(
    "both steps run",
    async () => {
      const found = await Promise.all(
        runs.map(async ({ id }) => (await first.call<Run>("GET", `/api/runs/${id}`)).body),
      );
      return found.every(({ steps }) =>
        steps.some(({ path, status }) => path === "b" && status === "running"),
      );
    },
    60_000,
  );
  await first.kill();
  const second = await startHost({ dataDir });
  try {
    const [repeated, interrupted] = await Promise.all(runs.map((run) => ended(run, second)));
    expect(repeated).toMatchObject({ status: "succeeded" });
    expect(repeated && stepOf(repeated, "b")?.return_value).toBe(2);
    expect(interrupted).toMatchObject({ status: "failed", error: { name: "Interrupted", step: "b" } });
  } finally {
    await second.stop();
  }
}, 180_000);
