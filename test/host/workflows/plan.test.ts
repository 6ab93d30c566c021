import { Plan, type Next } from "../../../host/src/workflows/plan";
import { readDefinition } from "../../../host/src/workflows/read-definition";

const code = (namespace: string): Record<string, unknown> => ({ namespace, code: "export default () => 1" });
function planOf(steps: unknown[]): Plan {
  const { definition, problems } = readDefinition({ name: "w", triggers: [{ uses: "http" }], steps });
  if (!definition) throw new Error(JSON.stringify(problems));
  return new Plan(definition);
}
const plan = planOf([
  code("a"),
  {
    namespace: "way",
    branch: [
      {
        if: "{{ 1 }}",
        steps: [code("b"), { namespace: "deep", branch: [{ else: true, steps: [code("c")] }] }],
      },
      { else: true, steps: [code("d")] },
    ],
  },
  {
    namespace: "outer",
    forEach: "{{ [1] }}",
    as: "x",
    steps: [
      code("e"),
      {
        namespace: "inner",
        forEach: "{{ [2] }}",
        as: "y",
        steps: [code("f"), { namespace: "way2", branch: [{ else: true, steps: [code("g")] }] }],
      },
      code("h"),
    ],
  },
  code("z"),
]);

/** All paths of a run that takes an arm of each branch and has so many items in each loop, in their order. */
function walk(arm: number, items: number): string[] {
  const seen: string[] = [];
  const go = (next: Next): void => {
    while (next.kind === "step") {
      const { path } = next;
      seen.push(path);
      const step = plan.step(path);
      if ("branch" in step) next = plan.intoArm(path, Math.min(arm, step.branch.length - 1));
      else {
        if ("forEach" in step)
          for (let index = 0; index < items; index++) {
            const begin: Next = { kind: "step", path: plan.intoItem(path, index) };
            const end = walkItem(begin);
            expect(end).toEqual({ kind: "item", loop: path, index });
          }
        next = plan.after(path);
      }
    }
    last = next;
  };
  let last: Next = { kind: "end" };
  const walkItem = (begin: Next): Next => {
    go(begin);
    return last;
  };
  go({ kind: "step", path: plan.first() });
  expect(last).toEqual({ kind: "end" });
  return seen;
}

test("steps come in their order, into branches and loops and out of them", () => {
  expect(walk(0, 2)).toEqual([
    "a", "way", "b", "deep", "c", "outer",
    "outer[0].e", "outer[0].inner", "outer[0].inner[0].f", "outer[0].inner[0].way2", "outer[0].inner[0].g",
    "outer[0].inner[1].f", "outer[0].inner[1].way2", "outer[0].inner[1].g", "outer[0].h",
    "outer[1].e", "outer[1].inner", "outer[1].inner[0].f", "outer[1].inner[0].way2", "outer[1].inner[0].g",
    "outer[1].inner[1].f", "outer[1].inner[1].way2", "outer[1].inner[1].g", "outer[1].h",
    "z",
  ]); // prettier-ignore
  expect(walk(1, 0)).toEqual(["a", "way", "d", "outer", "z"]);
});

test("a branch none of whose conditions holds is passed", () => {
  expect(plan.intoArm("way", 5)).toEqual({ kind: "step", path: "outer" });
});

test("a step reads what came before it, of its own item in a loop", () => {
  expect(Object.fromEntries(plan.visibleFrom("outer[3].inner[1].g"))).toEqual({
    a: "a", way: "way", b: "b", deep: "deep", c: "c", d: "d",
    e: "outer[3].e", f: "outer[3].inner[1].f",
  }); // prettier-ignore
  expect(Object.fromEntries(plan.visibleFrom("b"))).toEqual({ a: "a" });
  expect([...plan.visibleFrom("z").keys()]).toEqual(["a", "way", "b", "deep", "c", "d", "outer"]);
});

test("the loops around a step are named with their items", () => {
  expect(
    plan.loopsAround("outer[3].inner[1].g").map(({ loop, index, step }) => [loop, index, step.as]),
  ).toEqual([
    ["outer", 3, "x"],
    ["outer[3].inner", 1, "y"],
  ]);
  expect(plan.loopsAround("a")).toEqual([]);
});

test("a step that the definition does not have is named", () => {
  expect(() => plan.step("outer[0].gone")).toThrow('This version of the workflow has no step "gone".');
});
