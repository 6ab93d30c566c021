import { createHash } from "node:crypto";
import type { RegisteredComponent, ComponentRegistry } from "../execution/component-registry";
import type { Execution } from "../execution/execution";
import { redactor } from "../execution/redact";
import type { ActionResult, ComponentError, HttpReply, LogEntry } from "../execution/protocol";
import type { AccountNames } from "./account-names";
import type { CodeModules } from "./code-modules";
import { fixedDelayMs, type BranchStep, type CodeStep, type Step, type UsesStep } from "./definition";
import { LONGEST_DELAY_MS } from "./duration";
import { evaluateValue } from "./expressions/evaluate-values";
import type { ExpressionEvaluator } from "./expressions/evaluator";
import type { StepData } from "./step-data";
import type { StepDetail, StepError, StepResult } from "./step-rows";
import type { WorkflowRow, WorkflowRunRow, WorkflowStepRow } from "../db/workflow-tables";
import type { Variables } from "./variables";
import { asText } from "../../../components/prop-rules";

/** What a step came to. */
export type StepOutcome = { detail: StepDetail } & (
  | { kind: "skipped" }
  | { kind: "done"; result: StepResult; reply?: HttpReply }
  | { kind: "failed"; error: StepError; result?: StepResult; isRefusal?: boolean }
  | { kind: "branch"; arm: number }
  | { kind: "loop"; items: unknown[] }
  | {
      kind: "pause";
      wait: "delay" | "suspend" | "rerun";
      ms: number;
      result: StepResult;
      resumeKey?: string;
      maxReruns?: number;
      reply?: HttpReply;
    }
  | { kind: "exit"; result: StepResult; message: string; reply?: HttpReply }
);

export interface PerformServices {
  evaluator: ExpressionEvaluator;
  registry: ComponentRegistry;
  execution: Execution;
  code: CodeModules;
  accounts: AccountNames;
  variables: Variables;
  actionTimeoutMs: number;
  /** Address before `/resume/<key>` and `/cancel/<key>`. */
  resumeBase(): string;
  /** Whoever waits for the answer of an HTTP trigger gets this one. */
  reply(run: WorkflowRunRow, reply: HttpReply): Promise<void>;
  /** Another workflow is started by `$.flow.trigger`. */
  trigger(run: WorkflowRunRow, workflow: string, event: unknown): Promise<unknown>;
}

export interface StepTask {
  workflow: WorkflowRow;
  run: WorkflowRunRow;
  row: WorkflowStepRow;
  step: Step;
  data: StepData;
  /** Of a step that runs again: what it kept, and what came to its resume address. */
  rerun?: { runs: number; context: unknown; request?: unknown };
}

/** The key that all attempts of a step share. A creation that takes it as its correlation id happens once. */
export function idempotencyKey(runId: string, path: string): string {
  return createHash("sha256").update(`${runId}:${path}`).digest("hex").slice(0, 32);
}

/** Runs one step, whatever its kind. Never rejects: what goes wrong is the outcome. */
export class PerformStep {
  constructor(readonly services: PerformServices) {}

  async run(task: StepTask): Promise<StepOutcome> {
    const logs: LogEntry[] = [];
    const detail: StepDetail = { logs };
    try {
      if (task.step.if !== undefined && !(await this.#value(task, task.step.if, "if")))
        return { kind: "skipped", detail };
      return await this.#kind(task, detail);
    } catch (error) {
      return { kind: "failed", detail, error: errorOf(error), isRefusal: true };
    }
  }

  async #kind(task: StepTask, detail: StepDetail): Promise<StepOutcome> {
    const { step } = task;
    if ("branch" in step) return { kind: "branch", detail, arm: await this.#arm(task, step) };
    if ("forEach" in step) {
      const items = await this.#value(task, step.forEach, "forEach");
      if (Array.isArray(items)) return { kind: "loop", detail, items };
      throw new Error(
        `forEach takes a list, and its expression gave ${kindOf(items)}. Name the list, such as steps.x.$return_value.`,
      );
    }
    if ("delay" in step)
      return { kind: "pause", detail, wait: "delay", ms: await this.#delay(task, step.delay), result: {} };
    return this.#component(task, step, detail);
  }

  async #arm(task: StepTask, step: BranchStep): Promise<number> {
    for (const [index, arm] of step.branch.entries())
      if ("else" in arm || (await this.#value(task, arm.if, `branch[${index}].if`))) return index;
    return step.branch.length;
  }

  async #delay(task: StepTask, delay: string | number): Promise<number> {
    const value = typeof delay === "string" ? await this.#value(task, delay, "delay") : delay;
    const ms = typeof value === "string" || typeof value === "number" ? fixedDelayMs(value) : undefined;
    if (ms === undefined || !(ms >= 0) || ms > LONGEST_DELAY_MS)
      throw new Error(
        `delay takes a duration such as 10m, or seconds, up to a year; it gave ${JSON.stringify(value)}.`,
      );
    return ms;
  }

  async #value(task: StepTask, value: unknown, path: string): Promise<unknown> {
    return evaluateValue(this.services.evaluator, value, await task.data.forExpressions(), path);
  }

  async #component(task: StepTask, step: UsesStep | CodeStep, detail: StepDetail): Promise<StepOutcome> {
    const { workflow } = task;
    const component =
      "code" in step
        ? await this.services.code.component(step, workflow.external_user_id)
        : await this.#registered(step.uses);
    if ("uses" in step) noteVersion(detail, component, task.run);
    const evaluated = (await this.#value(task, step.props ?? {}, "props")) as Record<string, unknown>;
    const secrets = Object.values(await this.services.variables.of(workflow.external_user_id));
    detail.input = JSON.parse(redactor(secrets)(JSON.stringify(masked(component, evaluated)))) as unknown;
    const configuredProps = await this.services.accounts.resolve(
      component.props,
      evaluated,
      workflow.external_user_id,
    );
    const steps = await task.data.forComponent();
    const { error, result, unmasked } = await this.services.execution.run({
      component,
      user: workflow.external_user_id,
      configuredProps,
      secrets,
      timeoutMs:
        step.timeoutSeconds === undefined ? this.services.actionTimeoutMs : step.timeoutSeconds * 1000,
      task: (input) => ({ type: "action", input, context: this.#context(task), steps }),
      handlers: {
        onLog: (entry) => void detail.logs.push(entry),
        onRespond: (reply) => void this.services.reply(task.run, reply),
        onCall: async (method, args) => {
          if (method !== "workflow.trigger") throw new Error(`${method} is not available here.`);
          return this.services.trigger(task.run, String(args[0]), args[1]);
        },
      },
    });
    const done = JSON.parse(result ?? "{}") as Partial<ActionResult>;
    const sends = sendsOf(done, unmasked);
    if (sends.length > 0) detail.sends = sends;
    return outcomeOf(done, error, detail);
  }

  async #registered(uses: string): Promise<RegisteredComponent> {
    const [key = "", version] = uses.split("@");
    const component = await this.services.registry.component(key);
    if (component?.type !== "action")
      throw new Error(
        `The action ${key} is not installed here. Install its package again, or change the step.`,
      );
    if (version !== undefined && component.version !== version)
      throw new Error(
        `The step uses ${key} in version ${version}, and ${component.version} is installed. Change the step, or install that version.`,
      );
    return component;
  }

  #context({ workflow, run, row, rerun }: StepTask): Record<string, unknown> {
    return {
      id: run.id,
      ts: new Date(run.created_at).toISOString(),
      workflow_id: workflow.id,
      workflow_name: workflow.name,
      deployment_id: `${workflow.id}:${run.version}`,
      owner_id: workflow.external_user_id,
      trace_id: run.id,
      replay: run.retry_of !== null,
      idempotency_key: idempotencyKey(run.id, row.path),
      attempt: row.attempts,
      pausable: true,
      resume_base: this.services.resumeBase(),
      ...(rerun
        ? { run: { runs: rerun.runs, context: rerun.context, callback_request: rerun.request } }
        : {}),
    };
  }
}

/** What ran, and a warning when the run began with another version of it. */
function noteVersion(
  detail: StepDetail,
  { key, version }: RegisteredComponent,
  { components }: WorkflowRunRow,
): void {
  detail.component = `${key}@${version}`;
  const began = components === null ? undefined : (JSON.parse(components) as Record<string, string>)[key];
  if (began !== undefined && began !== version)
    detail.logs.push({
      ts: Date.now(),
      level: "warn",
      message: `The run began with version ${began} of ${key}. ${version} is installed now and was used. Write ${key}@${began} in the step to refuse others.`,
    });
}

/** A receiver gets what the step gave, the page and the listeners of the workflow what may be shown. */
const SENT_AS_GIVEN = new Set(["http", "email"]);

function sendsOf(done: Partial<ActionResult>, unmasked: string | undefined): ActionResult["sends"] {
  const sends = done.sends ?? [];
  if (!sends.some(({ type }) => SENT_AS_GIVEN.has(type))) return sends;
  const given = (JSON.parse(unmasked ?? "{}") as Partial<ActionResult>).sends ?? [];
  return sends.map((send, at) => (SENT_AS_GIVEN.has(send.type) ? (given[at] ?? send) : send));
}

function outcomeOf(
  done: Partial<ActionResult>,
  error: ComponentError | undefined,
  detail: StepDetail,
): StepOutcome {
  const result: StepResult = { ...done.exports };
  if (done.ret !== undefined) result.$return_value = done.ret;
  const reply = done.respond === undefined ? {} : { reply: done.respond };
  if (error) return { kind: "failed", detail, error: stepError(error), result };
  const { flow } = done;
  if (flow?.kind === "exit") return { kind: "exit", detail, result, message: asText(flow.message), ...reply };
  if (flow) {
    detail.context = flow.context;
    detail.resume = String(flow.key);
    const ms = Math.min(Math.max(Number(flow.ms) || 0, 0), LONGEST_DELAY_MS);
    return {
      kind: "pause",
      detail,
      wait: flow.kind,
      ms,
      result,
      resumeKey: String(flow.key),
      ...(flow.kind === "rerun" ? { maxReruns: Number(flow.maxRetries) } : {}),
      ...reply,
    };
  }
  return { kind: "done", detail, result, ...reply };
}

function stepError({ name, message, stack, limit, status }: ComponentError): StepError {
  return {
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(limit ? { limit } : {}),
    ...(status ? { status } : {}),
  };
}

function errorOf(error: unknown): StepError {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };
}

/** The props as people see them: secret ones are not shown. */
function masked(component: RegisteredComponent, props: Record<string, unknown>): Record<string, unknown> {
  const secret = new Set(component.props.filter((prop) => prop.secret === true).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(props).map(([name, value]) => [name, secret.has(name) ? "••••••" : value]),
  );
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  return Array.isArray(value) ? "a list" : `a${typeof value === "object" ? "n" : ""} ${typeof value}`;
}
