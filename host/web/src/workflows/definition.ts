import { isRecord } from "../../../../components/prop-rules";

/** A workflow while it is built: what the file holds, perhaps unfinished. */
export interface Definition {
  name: string;
  description?: string;
  triggers: Trigger[];
  steps: Step[];
  settings?: Record<string, unknown>;
  [further: string]: unknown;
}

export interface Trigger {
  id?: string;
  uses: string;
  props?: Record<string, unknown>;
  response?: "on_receipt" | "from_workflow";
}

/** A step: exactly one of `uses`, `code`, `branch`, `forEach` and `delay` is set. */
export interface Step {
  namespace: string;
  name?: string;
  if?: string;
  uses?: string;
  props?: Record<string, unknown>;
  code?: string;
  language?: "javascript" | "typescript";
  retry?: { attempts: number; delaySeconds?: number };
  timeoutSeconds?: number;
  onError?: "stop" | "continue";
  branch?: Arm[];
  forEach?: string;
  as?: string;
  concurrency?: number;
  steps?: Step[];
  delay?: string | number;
}

export interface Arm {
  if?: string;
  else?: true;
  steps: Step[];
}

/** A list of steps: the workflow's own, an arm of a branch, or the items of a loop. */
export interface ListRef {
  owner?: string;
  arm?: number;
}

export interface StepPlace {
  step: Step;
  list: ListRef;
  index: number;
  depth: number;
  /** Where problems of it are told: `steps[0].branch[1].steps[2]`. */
  path: string;
}

const kinds = ["uses", "code", "branch", "forEach", "delay"] as const;
export type StepKind = (typeof kinds)[number];

export const kindOf = (step: Step): StepKind => kinds.find((kind) => step[kind] !== undefined) ?? "code";

/** A stored definition, or what of it can be shown: steps without a name get the one the host gives them. */
export function readDefinition(value: unknown): Definition {
  const given = isRecord(value) ? value : {};
  const definition = {
    ...structuredClone(given),
    name: typeof given.name === "string" ? given.name : "Untitled workflow",
    triggers: Array.isArray(given.triggers) ? (structuredClone(given.triggers) as Trigger[]) : [],
    steps: Array.isArray(given.steps) ? (structuredClone(given.steps) as Step[]) : [],
  } as Definition;
  const taken = new Set<string>();
  for (const { step } of allSteps(definition)) {
    step.namespace ??= freeName(kindOf(step), taken);
    taken.add(step.namespace);
  }
  return definition;
}

/** Every step in the order of the file. */
export function allSteps(definition: Definition): StepPlace[] {
  const places: StepPlace[] = [];
  const walk = (steps: Step[], list: ListRef, depth: number, path: string): void => {
    for (const [index, step] of steps.entries()) {
      const place = `${path}[${index}]`;
      places.push({ step, list, index, depth, path: place });
      for (const [arm, { steps: inner }] of (step.branch ?? []).entries())
        walk(inner ?? [], { owner: step.namespace, arm }, depth + 1, `${place}.branch[${arm}].steps`);
      if (step.forEach !== undefined)
        walk(step.steps ?? [], { owner: step.namespace }, depth + 1, `${place}.steps`);
    }
  };
  walk(definition.steps, {}, 0, "steps");
  return places;
}

export const placeOf = (definition: Definition, namespace: string): StepPlace | undefined =>
  allSteps(definition).find(({ step }) => step.namespace === namespace);

/** The steps of a list; undefined when its owner is gone. */
export function stepsOf(definition: Definition, { owner, arm }: ListRef): Step[] | undefined {
  if (owner === undefined) return definition.steps;
  const step = placeOf(definition, owner)?.step;
  if (arm === undefined) return step && (step.steps ??= []);
  return step?.branch?.[arm]?.steps;
}

/** A name that no step has: `note`, `note_2`. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const reserved = new Set(["trigger", "env", "steps"]);
  const base = wanted.replace(/\W+/g, "_").replace(/^(?=\d)/, "_") || "step";
  let name = base;
  for (let n = 2; taken.has(name) || reserved.has(name); n++) name = `${base}_${n}`;
  return name;
}

export const namesOf = (definition: Definition): Set<string> =>
  new Set(allSteps(definition).map(({ step }) => step.namespace));

/** The steps whose results can be read at a step: those before it in its list and in the lists around it, the inside of branches too. */
export function visibleFrom(definition: Definition, namespace: string): string[] {
  const place = placeOf(definition, namespace);
  if (!place) return [];
  const before = (stepsOf(definition, place.list) ?? []).slice(0, place.index).flatMap(namesAfter);
  const { owner } = place.list;
  if (owner === undefined) return before;
  const outer = placeOf(definition, owner)?.step;
  return [...visibleFrom(definition, owner), ...(outer?.forEach === undefined ? [] : [owner]), ...before];
}

function namesAfter(step: Step): string[] {
  return [step.namespace, ...(step.branch ?? []).flatMap((arm) => arm.steps.flatMap(namesAfter))];
}

/** The loops around a step, the outermost first. */
export function loopsAround(definition: Definition, namespace: string): Step[] {
  const owner = placeOf(definition, namespace)?.list.owner;
  const step = owner === undefined ? undefined : placeOf(definition, owner)?.step;
  if (!step || owner === undefined) return [];
  return [...loopsAround(definition, owner), ...(step.forEach === undefined ? [] : [step])];
}
