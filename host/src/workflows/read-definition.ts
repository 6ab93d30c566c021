import type { z } from "zod";
import {
  defaultSettings,
  fixedDelayMs,
  readSchedule,
  STEP_KINDS,
  stepSchemas,
  workflowSchema,
  type Definition,
  type Step,
  type StepKind,
} from "./definition";
import { stepsReadBy } from "./expressions/references";
import { ExpressionSyntaxError, isCode, isWholeExpression, parseTemplate } from "./expressions/template";
import { LONGEST_DELAY_MS } from "./duration";
import { namesAfter } from "./plan";

/** What is wrong with a definition: where, such as `steps[2].props.table`, and why. */
export interface DefinitionProblem {
  path: string;
  reason: string;
}

export type ReadDefinition =
  { definition: Definition; problems: [] } | { definition?: undefined; problems: DefinitionProblem[] };

const MAX_STEPS = 1000;
const MAX_DEPTH = 10;
/** Names that a step cannot have, since something else has them. */
const RESERVED = new Set(["trigger", "env", "steps"]);

/**
 * Reads a workflow: its shape, the names of its steps, and each expression. Whether components, props and accounts exist is for
 * `checkAgainstHost`. All problems are gathered; none is thrown.
 */
export function readDefinition(input: unknown): ReadDefinition {
  const read = workflowSchema.safeParse(input);
  if (!read.success) return { problems: shapeProblems(read.error, "", input) };
  const { steps, triggers, settings = defaultSettings, ...head } = read.data;
  const reader = new Reader();
  const definition: Definition = {
    ...head,
    triggers: withIds(triggers, reader),
    settings,
    steps: reader.steps(steps, "steps", { visible: new Set(["trigger"]), variables: new Set(["env"]) }, 1),
  };
  if (settings.orderBy !== undefined)
    reader.expression(settings.orderBy, "settings.orderBy", {
      visible: new Set(["trigger"]),
      variables: new Set(["env"]),
    });
  reader.lateReads();
  return reader.problems.length > 0 ? { problems: reader.problems } : { definition, problems: [] };
}

/** What an expression may read at a place. */
interface Visible {
  visible: Set<string>;
  variables: Set<string>;
}

class Reader {
  readonly problems: DefinitionProblem[] = [];
  readonly #namespaces = new Map<string, string>();
  readonly #reads: { name: string; path: string; visible: Set<string> }[] = [];
  #count = 0;

  say(path: string, reason: string): void {
    this.problems.push({ path, reason });
  }

  /** The steps of a list. A step sees those before it in its own list and in the lists around it. */
  steps(list: unknown[], path: string, outer: Visible, depth: number): Step[] {
    if (depth > MAX_DEPTH) {
      this.say(path, `lies ${depth} lists deep; ${MAX_DEPTH} is the most.`);
      return [];
    }
    const scope: Visible = { visible: new Set(outer.visible), variables: outer.variables };
    return list.flatMap((item, index) => {
      const step = this.#step(item, `${path}[${index}]`, scope, depth);
      return step ? [step] : [];
    });
  }

  #step(item: unknown, path: string, scope: Visible, depth: number): Step | undefined {
    if (++this.#count > MAX_STEPS) {
      if (this.#count === MAX_STEPS + 1)
        this.say(path, `is step ${this.#count}; a workflow has at most ${MAX_STEPS}.`);
      return undefined;
    }
    const kind = this.#kindOf(item, path);
    if (!kind) return undefined;
    const read = stepSchemas[kind].safeParse(item);
    if (!read.success) {
      this.problems.push(...shapeProblems(read.error, path, item));
      return undefined;
    }
    const data = read.data;
    const namespace = this.#name(data.namespace, kind, path);
    if (data.if !== undefined) this.expression(data.if, `${path}.if`, scope);
    const step = this.#inner({ ...data, namespace } as Step, path, scope, depth);
    scope.visible.add(namespace);
    return step;
  }

  #kindOf(item: unknown, path: string): StepKind | undefined {
    const kinds = typeof item === "object" && item !== null ? STEP_KINDS.filter((kind) => kind in item) : [];
    if (kinds.length === 1) return kinds[0];
    this.say(
      path,
      `is a step with ${kinds.length === 0 ? "none" : "more than one"} of ${STEP_KINDS.join(", ")}; a step has exactly one of them.`,
    );
    return undefined;
  }

  #name(given: string | undefined, kind: StepKind, path: string): string {
    let namespace = given ?? kind;
    for (let n = 2; given === undefined && this.#namespaces.has(namespace); n++) namespace = `${kind}_${n}`;
    const taken = this.#namespaces.get(namespace);
    if (taken !== undefined)
      this.say(`${path}.namespace`, `"${namespace}" is the name of ${taken} too. Each step has its own.`);
    else if (RESERVED.has(namespace))
      this.say(`${path}.namespace`, `"${namespace}" has a meaning of its own. Use another name.`);
    this.#namespaces.set(namespace, path);
    return namespace;
  }

  #inner(step: Step, path: string, scope: Visible, depth: number): Step {
    if ("props" in step && step.props) this.values(step.props, `${path}.props`, scope);
    if ("delay" in step) this.#delay(step.delay, `${path}.delay`, scope);
    if ("forEach" in step) {
      this.expression(step.forEach, `${path}.forEach`, scope);
      if (scope.variables.has(step.as) || RESERVED.has(step.as))
        this.say(`${path}.as`, `"${step.as}" is in use around this step. Choose another name for the item.`);
      if (step.steps.length === 0)
        this.say(`${path}.steps`, "is empty. A loop has at least one step for each item.");
      const inner = {
        visible: new Set([...scope.visible, step.namespace]),
        variables: new Set([...scope.variables, step.as, "index"]),
      };
      return { ...step, steps: this.steps(step.steps, `${path}.steps`, inner, depth + 1) };
    }
    if ("branch" in step) return { ...step, branch: this.#arms(step, path, scope, depth) };
    return step;
  }

  #arms(step: Extract<Step, { branch: unknown }>, path: string, scope: Visible, depth: number) {
    const arms = step.branch.map((arm, index) => {
      const place = `${path}.branch[${index}]`;
      if ("if" in arm) this.expression(arm.if, `${place}.if`, scope);
      else if (index < step.branch.length - 1) this.say(place, "has `else`, which stands last.");
      return { ...arm, steps: this.steps(arm.steps, `${place}.steps`, scope, depth + 1) };
    });
    // What a branch did can be read after it; of the branches that were not taken there is nothing.
    for (const { steps } of arms) for (const name of steps.flatMap(namesAfter)) scope.visible.add(name);
    return arms;
  }

  #delay(delay: string | number, path: string, scope: Visible): void {
    if (typeof delay === "string" && delay.includes("{{")) return this.expression(delay, path, scope);
    const ms = fixedDelayMs(delay);
    if (ms === undefined)
      this.say(path, `"${delay}" is no duration. A duration is 10m, 2h 30m, 1d, or a number of seconds.`);
    else if (ms > LONGEST_DELAY_MS) this.say(path, "is longer than a year, which is the most.");
  }

  /** Every text in the props, however deep. */
  values(value: unknown, path: string, scope: Visible): void {
    if (typeof value === "string") this.#template(value, path, scope, false);
    else if (Array.isArray(value))
      value.forEach((item, index) => this.values(item, `${path}[${index}]`, scope));
    else if (typeof value === "object" && value !== null)
      for (const [key, item] of Object.entries(value)) this.values(item, `${path}.${key}`, scope);
  }

  /** A place that takes one expression and nothing else. */
  expression(text: string, path: string, scope: Visible): void {
    this.#template(text, path, scope, true);
  }

  #template(text: string, path: string, scope: Visible, whole: boolean): void {
    if (!whole && !text.includes("{{")) return;
    try {
      const parts = parseTemplate(text);
      if (whole && !isWholeExpression(parts))
        return this.say(
          path,
          `takes one expression, such as {{ steps.trigger.event }}, and has ${JSON.stringify(text.slice(0, 100))}.`,
        );
      for (const part of parts.filter(isCode))
        for (const name of stepsReadBy(part.tree).names)
          this.#reads.push({ name, path, visible: new Set(scope.visible) });
    } catch (error) {
      if (!(error instanceof ExpressionSyntaxError)) throw error;
      this.say(path, error.message);
    }
  }

  /** Reads of steps that are not there yet, told when all names are known. */
  lateReads(): void {
    for (const { name, path, visible } of this.#reads) {
      if (visible.has(name)) continue;
      const where = this.#namespaces.get(name);
      this.say(
        path,
        where === undefined
          ? `reads steps.${name}, and no step has that name. Before it there are: ${[...visible].join(", ")}.`
          : `reads steps.${name}, which is ${where} and has no result here: only steps before it do.`,
      );
    }
  }
}

function withIds(
  triggers: z.output<typeof workflowSchema>["triggers"],
  reader: Reader,
): Definition["triggers"] {
  const taken = new Set(triggers.flatMap(({ id }) => (id === undefined ? [] : [id])));
  if (taken.size < triggers.filter(({ id }) => id !== undefined).length)
    reader.say("triggers", "have an id twice. Each trigger has its own.");
  return triggers.map((trigger, index) => {
    const path = `triggers[${index}]`;
    if (trigger.response !== undefined && trigger.uses !== "http")
      reader.say(`${path}.response`, "is only for `uses: http`.");
    if (trigger.uses === "schedule") {
      const schedule = readSchedule(trigger.props);
      if ("reason" in schedule) reader.say(`${path}.props`, `${schedule.reason}.`);
    }
    // Props of a trigger are fixed when it is deployed: there is no step to read yet.
    if (JSON.stringify(trigger.props ?? {}).includes("{{"))
      reader.say(`${path}.props`, "of a trigger take no {{ … }}: nothing has run when it is set up.");
    return { ...trigger, id: trigger.id ?? freeName(`trigger_${index + 1}`, taken) };
  });
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}_${n}`;
  taken.add(free);
  return free;
}

/** Problems of shape in words, with their place. */
function shapeProblems(error: z.ZodError, path: string, input: unknown): DefinitionProblem[] {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    return [{ path: path || "workflow", reason: "is an object with names and values." }];
  return error.issues.map((issue) => {
    const place = issue.path.reduce<string>(
      (text, part) =>
        typeof part === "number"
          ? `${text}[${part}]`
          : text === ""
            ? String(part)
            : `${text}.${String(part)}`,
      path,
    );
    return { path: place || "workflow", reason: `${issue.message}.` };
  });
}
