import { z } from "zod";
import { durationMs } from "./duration";

/** Names that a step may have: they are read as `steps.<namespace>` in expressions and code. */
const NAMESPACE = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

const expressionText = z.string().min(1).max(100_000);
const condition = expressionText.describe("An expression, {{ … }}. The step runs when its value is truthy.");
const props = z.record(z.string(), z.unknown());

const retry = z
  .strictObject({
    attempts: z
      .number()
      .int()
      .min(1)
      .max(20)
      .describe("How often the step is tried, the first time included."),
    delaySeconds: z
      .number()
      .min(0)
      .max(86_400)
      .default(10)
      .describe("Pause before the second try; it doubles from then on."),
  })
  .describe("Tries the step again when it fails.");

const stepBase = {
  namespace: z
    .string()
    .regex(NAMESPACE)
    .optional()
    .describe("The name under which later steps find the result. Unique in the workflow."),
  name: z.string().max(200).optional().describe("What the page shows."),
  if: condition.optional(),
};
const runnable = {
  ...stepBase,
  namespace: z
    .string()
    .regex(NAMESPACE)
    .describe("The name under which later steps find the result. Unique in the workflow."),
  retry: retry.optional(),
  timeoutSeconds: z.number().positive().max(3600).optional(),
  onError: z
    .enum(["stop", "continue"])
    .optional()
    .describe("What a failure of this step does to the run. Default: that of the settings."),
};

/** The kinds of steps; `steps` is the schema of a nested list. */
function stepKinds<Steps extends z.ZodType>(steps: Steps) {
  return {
    uses: z.strictObject({
      ...runnable,
      uses: z.string().min(1).max(200).describe("The key of an action, or KEY@VERSION."),
      props: props.optional().describe("Values of the action's props. Each text may hold {{ … }}."),
    }),
    code: z.strictObject({
      ...runnable,
      code: z
        .string()
        .min(1)
        .max(500_000)
        .describe("A module whose default export is a component or a function."),
      language: z.enum(["javascript", "typescript"]).optional(),
      props: props.optional(),
    }),
    branch: z.strictObject({
      ...stepBase,
      branch: z
        .array(
          z.union([
            z.strictObject({ if: condition, steps }),
            z.strictObject({ else: z.literal(true), steps }),
          ]),
        )
        .min(1)
        .max(50)
        .describe("The first whose condition holds is run."),
    }),
    forEach: z.strictObject({
      ...stepBase,
      forEach: expressionText.describe("An expression whose value is a list."),
      as: z
        .string()
        .regex(NAMESPACE)
        .default("item")
        .describe("The name of the present item in expressions."),
      concurrency: z
        .number()
        .int()
        .min(1)
        .max(100)
        .default(1)
        .describe("How many items are worked on at a time."),
      steps,
    }),
    delay: z.strictObject({
      ...stepBase,
      delay: z
        .union([z.string().max(1000), z.number().positive()])
        .describe(
          'A duration such as "10m" or "2h 30m", a number of seconds, or an expression for one of both.',
        ),
    }),
  };
}

const kinds = stepKinds(z.array(z.unknown()).max(1000));
export const STEP_KINDS = ["uses", "code", "branch", "forEach", "delay"] as const;
export type StepKind = (typeof STEP_KINDS)[number];
export const stepSchemas: { [Kind in StepKind]: (typeof kinds)[Kind] } = kinds;

const schedule = z.union([
  z.strictObject({ intervalSeconds: z.number().min(1).max(31_622_400) }),
  z.strictObject({ cron: z.string().min(1), timezone: z.string().optional() }),
]);

const trigger = z.strictObject({
  id: z
    .string()
    .regex(NAMESPACE)
    .optional()
    .describe("Tells triggers of one workflow apart; kept over changes."),
  uses: z
    .string()
    .min(1)
    .max(200)
    .describe("The key of a source (KEY or KEY@VERSION), or `http`, or `schedule`."),
  props: props.optional(),
  response: z
    .enum(["on_receipt", "from_workflow"])
    .optional()
    .describe("For `http`: answer at once with the run's id (default), or wait for $.respond."),
});

const settings = z.strictObject({
  concurrency: z.number().int().min(1).max(1000).optional().describe("How many runs go on at a time."),
  orderBy: expressionText
    .optional()
    .describe("Runs with the same value of this expression run one after the other, in order."),
  queueLimit: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe("How many runs may wait; more are refused."),
  onError: z.enum(["stop", "continue"]).default("stop").describe("Whether later steps run after one failed."),
  errorWorkflow: z
    .string()
    .optional()
    .describe("Name or id of the workflow that is started when a run fails."),
});

const head = {
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).optional(),
  enabled: z.boolean().optional().describe("For files: false keeps a new workflow from taking events."),
  triggers: z.array(trigger).min(1, "needs at least one trigger").max(50),
  settings: settings.optional(),
};

/** A whole workflow, the steps not read yet: `readDefinition` reads each by its kind, so that a problem names its place. */
export const workflowSchema = z.strictObject({
  ...head,
  steps: z.array(z.unknown()).min(1, "needs at least one step").max(1000),
});

type Trigger = z.output<typeof trigger>;
export type Schedule = z.output<typeof schedule>;
export type Settings = z.output<typeof settings>;
export type UsesStep = z.output<typeof kinds.uses>;
export type CodeStep = z.output<typeof kinds.code>;
type DelayStep = z.output<typeof kinds.delay>;
type BranchArm = ({ if: string } | { else: true }) & { steps: Step[] };
export type BranchStep = Omit<z.output<typeof kinds.branch>, "branch"> & { branch: BranchArm[] };
export type ForEachStep = Omit<z.output<typeof kinds.forEach>, "steps"> & { steps: Step[] };
/** A step, with the namespace it has or was given. */
export type Step = (UsesStep | CodeStep | BranchStep | ForEachStep | DelayStep) & { namespace: string };

/** A workflow that was read: defaults are filled in, and each step has a namespace. */
export interface Definition {
  name: string;
  description?: string | undefined;
  enabled?: boolean | undefined;
  triggers: (Trigger & { id: string })[];
  steps: Step[];
  settings: Settings;
}

export const defaultSettings: Settings = settings.parse({});

/** The schedule of a `schedule` trigger. @returns the schedule, or why it is none. */
export function readSchedule(value: unknown): { schedule: Schedule } | { reason: string } {
  const read = schedule.safeParse(value);
  return read.success
    ? { schedule: read.data }
    : {
        reason: 'a schedule is {"intervalSeconds": 60} or {"cron": "0 * * * *", "timezone": "Europe/Berlin"}',
      };
}

/** Milliseconds of a delay that is no expression; undefined when it is not a duration. */
export function fixedDelayMs(delay: string | number): number | undefined {
  return typeof delay === "number" ? delay * 1000 : durationMs(delay);
}

/** The JSON Schema of a workflow, for editors (`docs/workflow.schema.json`). */
export function workflowJsonSchema(): Record<string, unknown> {
  const step: z.ZodType = z.lazy(() =>
    z.union(Object.values(stepKinds(z.array(step).min(1)))).meta({ id: "step" }),
  );
  const schema = z.strictObject({ ...head, steps: z.array(step).min(1) });
  return {
    ...z.toJSONSchema(schema, { io: "input", reused: "ref" }),
    title: "Workflow of servicenow-components",
  };
}
