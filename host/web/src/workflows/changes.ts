import {
  allSteps,
  namesOf,
  placeOf,
  stepsOf,
  freeName,
  type Definition,
  type ListRef,
  type Step,
} from "./definition";

/** What is set anew of a step; undefined takes it away. */
export type StepChange = { [Name in keyof Step]?: Step[Name] | undefined };

/** Changes of a definition. Each gives a new one; the one before stays as it is. */
const changed = (definition: Definition, change: (copy: Definition) => void): Definition => {
  const copy = structuredClone(definition);
  change(copy);
  return copy;
};

export const insertStep = (definition: Definition, list: ListRef, index: number, step: Step): Definition =>
  changed(definition, (copy) => stepsOf(copy, list)?.splice(index, 0, step));

export const removeStep = (definition: Definition, namespace: string): Definition =>
  changed(definition, (copy) => {
    const place = placeOf(copy, namespace);
    if (place) stepsOf(copy, place.list)?.splice(place.index, 1);
  });

export const updateStep = (definition: Definition, namespace: string, change: StepChange): Definition =>
  changed(definition, (copy) => {
    const step = placeOf(copy, namespace)?.step;
    if (!step) return;
    Object.assign(step, change);
    for (const [name, value] of Object.entries(change))
      if (value === undefined) delete (step as unknown as Record<string, unknown>)[name];
  });

/** A copy of the step behind it, with names of its own for everything in it. */
export const duplicateStep = (definition: Definition, namespace: string): Definition =>
  changed(definition, (copy) => {
    const place = placeOf(copy, namespace);
    if (!place) return;
    const taken = namesOf(copy);
    const twin = structuredClone(place.step);
    for (const { step } of allSteps({ name: "", triggers: [], steps: [twin] })) {
      step.namespace = freeName(step.namespace, taken);
      taken.add(step.namespace);
    }
    stepsOf(copy, place.list)?.splice(place.index + 1, 0, twin);
  });

/** Moves a step to a place counted before it is taken out. A step does not go into itself. */
export const moveStep = (
  definition: Definition,
  namespace: string,
  list: ListRef,
  index: number,
): Definition =>
  changed(definition, (copy) => {
    const place = placeOf(copy, namespace);
    if (!place || isWithin(copy, list, namespace)) return;
    const from = stepsOf(copy, place.list);
    const to = stepsOf(copy, list);
    if (!from || !to) return;
    const isSameList = place.list.owner === list.owner && place.list.arm === list.arm;
    from.splice(place.index, 1);
    to.splice(isSameList && place.index < index ? index - 1 : index, 0, place.step);
  });

function isWithin(definition: Definition, list: ListRef, namespace: string): boolean {
  for (let owner = list.owner; owner !== undefined; owner = placeOf(definition, owner)?.list.owner)
    if (owner === namespace) return true;
  return false;
}

/** Where a step goes when it is moved one up or down: past its neighbour, into a block beside it, or out of the one it is in. */
export function neighbourPlace(
  definition: Definition,
  namespace: string,
  direction: -1 | 1,
): { list: ListRef; index: number } | undefined {
  const place = placeOf(definition, namespace);
  if (!place) return undefined;
  const { list, index } = place;
  const beside = stepsOf(definition, list)?.[index + direction];
  if (beside) {
    const inner = innerLists(beside);
    const into = direction === 1 ? inner[0] : inner.at(-1);
    if (!into) return { list, index: direction === 1 ? index + 2 : index - 1 };
    return { list: into, index: direction === 1 ? 0 : (stepsOf(definition, into)?.length ?? 0) };
  }
  const owner = list.owner === undefined ? undefined : placeOf(definition, list.owner);
  if (!owner) return undefined;
  const lists = innerLists(owner.step);
  const at = lists.findIndex((one) => one.arm === list.arm);
  const next = lists[at + direction];
  if (next) return { list: next, index: direction === 1 ? 0 : (stepsOf(definition, next)?.length ?? 0) };
  return { list: owner.list, index: owner.index + (direction === 1 ? 1 : 0) };
}

function innerLists(step: Step): ListRef[] {
  if (step.branch) return step.branch.map((_, arm) => ({ owner: step.namespace, arm }));
  return step.forEach === undefined ? [] : [{ owner: step.namespace }];
}

/** Gives a step another name, in the expressions and the code of the others too. */
export function renameStep(definition: Definition, from: string, to: string): Definition {
  const reads = new RegExp(`\\bsteps(\\?)?\\.${from}\\b`, "g");
  const renamed = JSON.parse(JSON.stringify(definition), (_, value: unknown) =>
    typeof value === "string" ? value.replace(reads, `steps$1.${to}`) : value,
  ) as Definition;
  const step = placeOf(renamed, from)?.step;
  if (step) step.namespace = to;
  return renamed;
}
