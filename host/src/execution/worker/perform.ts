import type { ComponentError, ExecutionInput, Job, Task } from "../protocol";
import { checkProps, isRecord, asText } from "../../../../components/prop-rules";
import {
  isApp,
  isComponent,
  isFunction,
  type AnyFunction,
  type ComponentModule,
  type PropSource,
} from "./component-shape";
import { toConfigurable, type ResolvedProp } from "./definitions";
import { describeModule } from "./describe";
import { buildInstance, withAdditionalProps, type ComponentInstance } from "./instance";
import { loadModule } from "./loader";
import type { RunState } from "./run-state";
import { safeStringify, toComponentError } from "./safe-json";
import { makeStep } from "./step";

export interface Outcome {
  error?: ComponentError;
  /** JSON text. */
  result?: string;
}

/** Loads the module and does the task. Never rejects: what goes wrong is in `error`, and results until then are kept. */
export async function performTask(job: Job, state: RunState): Promise<Outcome> {
  let partial: unknown;
  try {
    const module = await loadModule(job.file);
    const result = await dispatch(module, job.task, state, (kept) => (partial = kept));
    return sized({ result: safeStringify(result) }, job.task);
  } catch (thrown) {
    return sized({ error: toComponentError(thrown), result: safeStringify(partial) }, job.task);
  }
}

function sized(outcome: Outcome, task: Task): Outcome {
  const limit = "input" in task ? task.input.limits.resultBytes : Infinity;
  const bytes = outcome.result ? Buffer.byteLength(outcome.result) : 0;
  if (bytes <= limit) return outcome;
  return {
    error: {
      name: "ResultTooLarge",
      limit: "size",
      message: `The component returned ${(bytes / 1e6).toFixed(1)} MB; at most ${(limit / 1e6).toFixed(0)} MB are kept. Ask for fewer rows or fewer fields.`,
    },
  };
}

async function dispatch(
  module: unknown,
  task: Task,
  state: RunState,
  keep: (partial: unknown) => void,
): Promise<unknown> {
  if (task.type === "describe") return describeModule(module);
  if (task.type === "connection") return callConnection(module, task.call, task.argument);
  if (!isComponent(module))
    throw new Error("The file's default export is not a component: it has no key. Check the file.");
  switch (task.type) {
    case "action": {
      const { self } = await buildInstance(module, task.input, state, { partial: false });
      const { $, result } = makeStep(state, task.context, task.input.filesDir);
      keep(result);
      result.ret = await runOf(module).call(self, { $, steps: task.steps ?? {}, event: task.steps?.trigger });
      return result;
    }
    case "source": {
      const { self } = await buildInstance(module, task.input, state, { partial: false });
      await runOf(module).call(self, task.event);
      return undefined;
    }
    case "hook": {
      const { self } = await buildInstance(module, task.input, state, {
        partial: task.hook === "deactivate",
        emitting: task.emitting,
      });
      const hook = module.hooks?.[task.hook];
      if (isFunction(hook)) await hook.call(self);
      return undefined;
    }
    case "additionalProps": {
      const { props } = await withAdditionalProps(module, task.input, state, {});
      return props.map(toConfigurable);
    }
    case "options":
      return optionsOf(module, task, state);
    case "filter":
      return { filter: await filterAnswer(module, task, state) };
  }
}

function runOf(component: ComponentModule): AnyFunction {
  if (!isFunction(component.run)) throw new Error(`The component ${component.key} has no run function.`);
  return component.run;
}

async function callConnection(
  module: unknown,
  call: "prepare" | "verify" | "explain" | "signIn",
  argument: unknown,
): Promise<unknown> {
  const connection = isApp(module) && isRecord(module.connection) ? module.connection : undefined;
  const method = connection?.[call];
  if (!isFunction(method)) throw new Error(`The app has no connection.${call}.`);
  return (await method.call(connection, argument)) as unknown;
}

interface OptionsAnswer {
  options: { label: string; value: unknown }[] | null;
  stringOptions: string[] | null;
  context: unknown;
}

async function optionsOf(
  component: ComponentModule,
  task: Extract<Task, { type: "options" }>,
  state: RunState,
): Promise<OptionsAnswer> {
  const { instance, prop } = await askedProp(component, task, state, ({ options }) => isFunction(options));
  const { options } = prop.source;
  if (!isFunction(options)) return normalised(options ?? []);
  const owner = prop.definedBy ? instance.appFor(prop.definedBy) : undefined;
  const answer = (await options.call(owner ?? instance.self, {
    page: task.page,
    prevContext: task.prevContext,
    query: task.query,
    ...(await inputsOf(prop, instance, task.input)),
  })) as unknown;
  return normalised(answer);
}

/** The prop that a form asks about, from `additionalProps` where the component's own one does not answer. */
async function askedProp(
  component: ComponentModule,
  task: { input: ExecutionInput; prop: string },
  state: RunState,
  answers: (source: PropSource) => boolean,
): Promise<{ instance: ComponentInstance; prop: ResolvedProp }> {
  let instance = await buildInstance(component, task.input, state, { partial: true });
  let prop = instance.props.find(({ name }) => name === task.prop);
  if (component.additionalProps && !(prop && answers(prop.source))) {
    instance = await withAdditionalProps(component, task.input, state, {});
    prop = instance.props.find(({ name }) => name === task.prop);
  }
  if (prop) return { instance, prop };
  throw new Error(
    `${component.key} has no prop "${task.prop}"; it has ${instance.props.map(({ name }) => name).join(", ")}.`,
  );
}

/** Calls the function of a filter hint that the form asks for. */
async function filterAnswer(
  component: ComponentModule,
  task: Extract<Task, { type: "filter" }>,
  state: RunState,
): Promise<unknown> {
  const asked = ({ filter }: PropSource): unknown => (isRecord(filter) ? filter[task.ask] : undefined);
  const { instance, prop } = await askedProp(component, task, state, (source) => isFunction(asked(source)));
  const answer = asked(prop.source);
  if (!isFunction(answer)) throw new Error(`The prop "${task.prop}" has no filter with ${task.ask}.`);
  const owner = prop.definedBy ? instance.appFor(prop.definedBy) : undefined;
  const inputs = await inputsOf(prop, instance, task.input);
  return (await answer.call(owner ?? instance.self, { ...task.request, ...inputs })) as unknown;
}

async function inputsOf(
  prop: ResolvedProp,
  instance: ComponentInstance,
  input: ExecutionInput,
): Promise<Record<string, unknown>> {
  if (!isFunction(prop.inputs)) return prop.inputs ?? {};
  const { values } = checkProps(instance.props.map(toConfigurable), input.configuredProps, { partial: true });
  const given: unknown = await Reflect.apply(prop.inputs, undefined, [values]);
  return isRecord(given) ? given : {};
}

function normalised(answer: unknown): OptionsAnswer {
  const list = Array.isArray(answer) ? answer : isRecord(answer) ? answer.options : [];
  const context = isRecord(answer) ? (answer.context ?? null) : null;
  if (!Array.isArray(list)) return { options: null, stringOptions: null, context };
  if (list.length > 0 && list.every((item) => typeof item === "string"))
    return { options: null, stringOptions: list, context };
  const options = (list as unknown[])
    .filter((item) => item !== undefined && item !== null)
    .map((item) => {
      if (!isRecord(item)) return { label: asText(item), value: item };
      const value = isRecord(item.__lv) ? item.__lv : item;
      return { label: String(value.label ?? value.value), value: value.value };
    });
  return { options, stringOptions: null, context };
}
