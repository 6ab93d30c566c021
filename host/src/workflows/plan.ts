import type { BranchStep, Definition, ForEachStep, Step } from "./definition";

/** What comes after a step: another one, the end of a loop's item, or of the run. */
export type Next =
  { kind: "step"; path: string } | { kind: "item"; loop: string; index: number } | { kind: "end" };

interface Place {
  step: Step;
  list: Step[];
  position: number;
  /** The step whose list this is; undefined for the workflow's own. */
  parent: Place | undefined;
}

/**
 * The order of a workflow's steps. A step of a run is named by its path: the namespace, with the items of the loops around it before it,
 * such as `list[3].note`. Branches are not part of a path, since namespaces are unique in a workflow.
 */
export class Plan {
  readonly #places = new Map<string, Place>();

  constructor(readonly definition: Definition) {
    this.#enter(definition.steps, undefined);
  }

  /** Where a run begins. */
  first(): string {
    return headOf(this.definition.steps);
  }

  /** Throws when the definition has no such step, as after a change of the workflow. */
  step(path: string): Step {
    return this.#place(path).step;
  }

  has(namespace: string): boolean {
    return this.#places.has(namespace);
  }

  /** The paths of the steps that are in no loop. */
  paths(): string[] {
    return this.definition.steps.flatMap(namesAfter);
  }

  /** The keys of the components that its steps use. */
  components(): Set<string> {
    const keys = [...this.#places.values()].flatMap(({ step }) =>
      "uses" in step ? [step.uses.split("@")[0] ?? ""] : [],
    );
    return new Set(keys);
  }

  /** What comes when the step, with all within it, has ended. */
  after(path: string): Next {
    const { list, position, parent } = this.#place(path);
    const prefix = prefixOf(path);
    const sibling = list[position + 1];
    if (sibling) return { kind: "step", path: prefix + sibling.namespace };
    if (!parent) return { kind: "end" };
    if ("branch" in parent.step) return this.after(prefix + parent.step.namespace);
    const [, loop = "", index = ""] = /^(.*)\[(\d+)\]\.$/.exec(prefix) ?? [];
    return { kind: "item", loop, index: Number(index) };
  }

  /** The first step of an arm of a branch; what comes after the branch for an arm that does not exist or is empty. */
  intoArm(path: string, arm: number): Next {
    const step = this.step(path) as BranchStep;
    const head = step.branch[arm]?.steps[0];
    return head ? { kind: "step", path: prefixOf(path) + head.namespace } : this.after(path);
  }

  /** The first step for an item of a loop. */
  intoItem(loop: string, index: number): string {
    const step = this.step(loop) as ForEachStep;
    return `${loop}[${index}].${headOf(step.steps)}`;
  }

  /** The steps whose results can be read at a path, each with its own path: those before it in its list and in the lists around it. */
  visibleFrom(path: string): Map<string, string> {
    const visible = new Map<string, string>();
    let prefix = prefixOf(path);
    for (let place: Place | undefined = this.#place(path); place; place = place.parent) {
      for (const step of place.list.slice(0, place.position))
        for (const name of namesAfter(step)) visible.set(name, prefix + name);
      if (place.parent && "forEach" in place.parent.step)
        prefix = prefix.slice(0, prefix.lastIndexOf(place.parent.step.namespace));
    }
    return visible;
  }

  /** The loops around a path, from the outermost, with the item each is at. */
  loopsAround(path: string): { loop: string; index: number; step: ForEachStep & { namespace: string } }[] {
    const loops = [];
    for (const match of path.matchAll(/([A-Za-z0-9_]+)\[(\d+)\]\./g)) {
      const loop = path.slice(0, match.index) + match[1];
      loops.push({
        loop,
        index: Number(match[2]),
        step: this.step(loop) as ForEachStep & { namespace: string },
      });
    }
    return loops;
  }

  #enter(list: Step[], parent: Place | undefined): void {
    list.forEach((step, position) => {
      const place = { step, list, position, parent };
      this.#places.set(step.namespace, place);
      if ("branch" in step) for (const arm of step.branch) this.#enter(arm.steps, place);
      if ("forEach" in step) this.#enter(step.steps, place);
    });
  }

  #place(path: string): Place {
    const place = this.#places.get(namespaceOf(path));
    if (place) return place;
    throw new Error(`This version of the workflow has no step "${namespaceOf(path)}".`);
  }
}

/** The namespace of the step that a path names. */
export function namespaceOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** The items around a step: `list[3].` of `list[3].note`. */
function prefixOf(path: string): string {
  return path.slice(0, path.lastIndexOf(".") + 1);
}

function headOf(steps: readonly Step[]): string {
  const [head] = steps;
  if (!head) throw new Error("A list of steps is empty.");
  return head.namespace;
}

/** The namespace of a step and of the steps in its branches; what is within a loop has no single result. */
export function namesAfter(step: Step): string[] {
  if (!("branch" in step)) return [step.namespace];
  return [step.namespace, ...step.branch.flatMap((arm) => arm.steps.flatMap(namesAfter))];
}
