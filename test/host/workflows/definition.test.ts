import { workflowJsonSchema } from "../../../host/src/workflows/definition";
import { readDefinition } from "../../../host/src/workflows/read-definition";
import { parseYaml, toYaml } from "../../../host/src/workflows/yaml";

const base = (steps: unknown[], more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: "Page whoever is on call",
  triggers: [{ uses: "servicenow-new-incident", props: { priority: ["1"] } }],
  steps,
  ...more,
});
const code = (namespace: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  namespace,
  code: "export default () => 1",
  ...more,
});
const problems = (input: unknown): string[] =>
  readDefinition(input).problems.map(({ path, reason }) => `${path} ${reason}`);

test("a workflow with every kind of step is read, with its defaults", () => {
  const { definition, problems: found } = readDefinition(
    base([
      {
        namespace: "group",
        uses: "servicenow-get-table-record-by-id@0.1.0",
        props: { id: "{{ steps.trigger.event.group }}" },
      },
      code("text", {
        if: "{{ steps.group.$return_value.active === 'true' }}",
        retry: { attempts: 3 },
        timeoutSeconds: 60,
      }),
      {
        branch: [
          { if: "{{ true }}", steps: [code("yes")] },
          { else: true, steps: [code("no")] },
        ],
      },
      {
        namespace: "list",
        forEach: "{{ steps.group.$return_value }}",
        as: "row",
        steps: [
          { namespace: "note", uses: "a-b", props: { x: "{{ row.n + index }} {{ steps.list.item }}" } },
        ],
      },
      { delay: "2h 30m" },
      code("last", { props: { a: "{{ steps.yes?.$return_value }}", b: "{{ steps.list.$return_value }}" } }),
    ]),
  );
  expect(found).toEqual([]);
  expect(definition?.settings).toEqual({ queueLimit: 10_000, onError: "stop" });
  expect(definition?.triggers[0]?.id).toBe("trigger_1");
  expect(definition?.steps.map(({ namespace }) => namespace)).toEqual([
    "group",
    "text",
    "branch",
    "list",
    "delay",
    "last",
  ]);
  expect(definition?.steps[1]).toMatchObject({ retry: { attempts: 3, delaySeconds: 10 } });
  expect(definition?.steps[3]).toMatchObject({ concurrency: 1, as: "row" });
});

describe("what is wrong is named with its place", () => {
  test.each<[string, unknown, string[]]>([
    ["no object", [], ["workflow is an object with names and values."]],
    ["a text", "x", ["workflow is an object with names and values."]],
    [
      "a namespace twice",
      base([code("a"), code("a")]),
      ['steps[1].namespace "a" is the name of steps[0] too. Each step has its own.'],
    ],
    [
      "a namespace twice across branches",
      base([
        {
          branch: [
            { if: "{{ 1 }}", steps: [code("a")] },
            { else: true, steps: [code("a")] },
          ],
        },
      ]),
      [
        'steps[0].branch[1].steps[0].namespace "a" is the name of steps[0].branch[0].steps[0] too. Each step has its own.',
      ],
    ],
    [
      "a reserved namespace",
      base([code("trigger")]),
      ['steps[0].namespace "trigger" has a meaning of its own. Use another name.'],
    ],
    [
      "a later step is read",
      base([code("a", { if: "{{ steps.b.$return_value }}" }), code("b")]),
      ["steps[0].if reads steps.b, which is steps[1] and has no result here: only steps before it do."],
    ],
    [
      "the step itself is read",
      base([code("a", { props: { deep: [{ x: "{{ steps.a.x }}" }] } })]),
      [
        "steps[0].props.deep[0].x reads steps.a, which is steps[0] and has no result here: only steps before it do.",
      ],
    ],
    [
      "a step within a loop is read after it",
      base([{ forEach: "{{ [1] }}", steps: [code("inner")] }, code("b", { if: "{{ steps.inner.x }}" })]),
      [
        "steps[1].if reads steps.inner, which is steps[0].steps[0] and has no result here: only steps before it do.",
      ],
    ],
    [
      "a step that is nowhere is read",
      base([code("a"), code("b", { if: "{{ steps['c'].x }}" })]),
      ["steps[1].if reads steps.c, and no step has that name. Before it there are: trigger, a."],
    ],
    [
      "an expression that is no code",
      base([code("a", { if: "{{ 1 + }}" })]),
      ["steps[0].if The expression cannot be read: unexpected token."],
    ],
    [
      "an expression that is not closed",
      base([code("a", { props: { x: "a {{ 1" } })]),
      ["steps[0].props.x The expression is not closed: }} is missing."],
    ],
    [
      "a condition that is a text",
      base([code("a", { if: "true" })]),
      ['steps[0].if takes one expression, such as {{ steps.trigger.event }}, and has "true".'],
    ],
    [
      "two kinds in one step",
      base([{ ...code("a"), uses: "x-y" }]),
      [
        "steps[0] is a step with more than one of uses, code, branch, forEach, delay; a step has exactly one of them.",
      ],
    ],
    [
      "no kind",
      base([{ namespace: "a" }]),
      ["steps[0] is a step with none of uses, code, branch, forEach, delay; a step has exactly one of them."],
    ],
    [
      "a delay of another kind",
      base([{ delay: "soon" }]),
      ['steps[0].delay "soon" is no duration. A duration is 10m, 2h 30m, 1d, or a number of seconds.'],
    ],
    [
      "a delay of two years",
      base([{ delay: "731d" }]),
      ["steps[0].delay is longer than a year, which is the most."],
    ],
    [
      "else first",
      base([
        {
          branch: [
            { else: true, steps: [code("a")] },
            { if: "{{ 1 }}", steps: [code("b")] },
          ],
        },
      ]),
      ["steps[0].branch[0] has `else`, which stands last."],
    ],
    [
      "an item that shadows",
      base([{ forEach: "{{ [] }}", as: "env", steps: [code("a")] }]),
      ['steps[0].as "env" is in use around this step. Choose another name for the item.'],
    ],
    [
      "an expression in a trigger",
      base([code("a")], { triggers: [{ uses: "http", props: { x: "{{ 1 }}" } }] }),
      ["triggers[0].props of a trigger take no {{ … }}: nothing has run when it is set up."],
    ],
    [
      "a schedule without a time",
      base([code("a")], { triggers: [{ uses: "schedule", props: { every: 5 } }] }),
      [
        'triggers[0].props a schedule is {"intervalSeconds": 60} or {"cron": "0 * * * *", "timezone": "Europe/Berlin"}.',
      ],
    ],
    [
      "ids of triggers twice",
      base([code("a")], {
        triggers: [
          { id: "t", uses: "http" },
          { id: "t", uses: "http" },
        ],
      }),
      ["triggers have an id twice. Each trigger has its own."],
    ],
  ])("%s", (_, input, expected) => {
    expect(problems(input)).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    ["an unknown name", base([code("a")], { stesp: [] }), "workflow"],
    ["no steps", base([]), "steps"],
    ["an unknown name of a step", base([code("a", { iff: "{{ 1 }}" })]), "steps[0]"],
    ["a namespace with a dot", base([code("a.b")]), "steps[0].namespace"],
    ["retries without end", base([code("a", { retry: { attempts: 1e9 } })]), "steps[0].retry.attempts"],
    ["props as a list", base([{ namespace: "a", uses: "b-c", props: [] }]), "steps[0].props"],
    ["a loop without steps", base([{ forEach: "{{ [] }}" }]), "steps[0].steps"],
  ])("%s", (_, input, path) => {
    expect(readDefinition(input).problems.map((problem) => problem.path)).toContain(path);
  });

  test("a definition that is 20 lists deep, or has 2,000 steps, is refused", () => {
    let steps: unknown[] = [code("a")];
    for (let depth = 0; depth < 20; depth++) steps = [{ branch: [{ if: "{{ 1 }}", steps }] }];
    expect(problems(base(steps)).join()).toMatch(/lists deep; 10 is the most/);
    const many = (name: string): unknown[] => Array.from({ length: 900 }, (_, n) => code(`${name}${n}`));
    expect(
      problems(
        base([
          {
            branch: [
              { if: "{{ 1 }}", steps: many("a") },
              { else: true, steps: many("b") },
            ],
          },
        ]),
      ).join(),
    ).toMatch(/is step 1001; a workflow has at most 1000/);
  });
});

test("a hundred steps, each reading the one before, are read", () => {
  const steps = Array.from({ length: 100 }, (_, n) =>
    code(`s${n}`, n ? { if: `{{ steps.s${n - 1}.x }}` } : {}),
  );
  expect(problems(base(steps))).toEqual([]);
});

describe("YAML", () => {
  test("a workflow comes back as it went", () => {
    const workflow = base([
      code("a", { code: "export default defineComponent({\n  async run() {\n    return 1;\n  },\n});\n" }),
      { delay: "10m" },
    ]);
    const text = toYaml(workflow);
    expect(text).toContain("code: |");
    expect(parseYaml(text)).toEqual({ value: workflow });
  });

  test.each([
    ["name: a\nb: [c\n", "line 3"],
    ["a: 1\na: 2", "line 2"],
    ["a: &x [1]\nb: [*y]", "workflow"],
  ])("what cannot be read is named by its place: %j", (text, line) => {
    const read = parseYaml(text);
    expect("problems" in read && read.problems[0]?.path).toBe(line);
  });

  test("aliases that would unfold without end are refused", () => {
    const bomb = [
      "a0: &a0 [x]",
      ...Array.from(
        { length: 12 },
        (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(", ")}]`,
      ),
    ].join("\n");
    const read = parseYaml(bomb);
    expect("problems" in read && read.problems[0]?.reason).toMatch(/alias/i);
  });
});

test("the JSON Schema names every kind of step", () => {
  const text = JSON.stringify(workflowJsonSchema());
  for (const name of ["uses", "code", "branch", "forEach", "delay", "queueLimit", "errorWorkflow"])
    expect(text).toContain(`"${name}"`);
});
