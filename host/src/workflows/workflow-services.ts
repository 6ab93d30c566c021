import { join } from "node:path";
import type { Accounts } from "../accounts/accounts";
import type { Database } from "../db/database";
import type { Notifications } from "../db/notifications";
import type { JobQueue } from "../db/queue";
import type { Encryption } from "../encryption";
import type { ComponentRegistry } from "../execution/component-registry";
import type { Execution } from "../execution/execution";
import type { HttpReply } from "../execution/protocol";
import type { Runtime } from "../execution/runtime";
import type { Triggers } from "../triggers/triggers";
import { AccountNames } from "./account-names";
import { Admission, admitNext } from "./admission";
import { Advance } from "./advance";
import { CheckDefinition } from "./check-definition";
import { CodeModules } from "./code-modules";
import { Definitions } from "./definitions";
import { afterRun } from "./after-run";
import { Emits } from "./emits";
import { readMailSettings } from "./mail";
import { readRunDays, removeOldRuns } from "./retention";
import { ExpressionEvaluator } from "./expressions/evaluator";
import { PerformStep } from "./perform-step";
import { readReply, storeReply } from "./replies";
import { Drafts } from "./drafts";
import { RunFigures } from "./run-figures";
import { Runs } from "./runs";
import { Sends } from "./sends";
import { StartRuns } from "./start-runs";
import { StepJob } from "./step-job";
import { StepRows } from "./step-rows";
import { Variables } from "./variables";
import { WorkflowTriggers } from "./workflow-triggers";
import { Workflows } from "./workflows";

export interface WorkflowDependencies {
  db: Database;
  queue: JobQueue;
  encryption: Encryption;
  notifications: Notifications;
  registry: ComponentRegistry;
  execution: Execution;
  runtime: Runtime;
  accounts: Accounts;
  dataDir: string;
  evaluatorFile: string;
  actionTimeoutMs: number;
  resultBytes: number;
  environment: NodeJS.ProcessEnv;
  /** The address under which the host is reached. */
  address: () => string;
  post: (
    url: string,
    request: { method: string; headers: Record<string, string>; body: string },
  ) => Promise<void>;
}

/** What the rest of the host uses of workflows. */
export interface WorkflowServices {
  workflows: Workflows;
  drafts: Drafts;
  figures: RunFigures;
  notifications: Notifications;
  runs: Runs;
  starts: StartRuns;
  steps: StepRows;
  triggers: WorkflowTriggers;
  variables: Variables;
  stepJob: StepJob;
  admission: Admission;
  sends: Sends;
  emits: Emits;
  /** Deletes runs that ended long ago. */
  removeOld: () => Promise<void>;
  address: () => string;
  /** The answer of a run for whoever waits; `none` when it ended without one, undefined after that many ms. */
  waitForReply: (runId: string, ms: number) => Promise<HttpReply | "none" | undefined>;
  stop(): void;
}

/** Puts the parts of workflows together. `triggers` comes later, since sources publish their events to workflows. */
export function workflowServices(
  needs: WorkflowDependencies,
): WorkflowServices & { useTriggers(triggers: Triggers): void } {
  const { db, queue, encryption, registry, execution, address } = needs;
  const runDays = readRunDays(needs.environment);
  const steps = new StepRows(encryption);
  const definitions = new Definitions();
  const evaluator = new ExpressionEvaluator(needs.evaluatorFile);
  const variables = new Variables(db, encryption, needs.environment);
  const accounts = new AccountNames(needs.accounts);
  const emits = new Emits(db, encryption);
  const sends = new Sends({
    db,
    queue,
    steps,
    emits,
    mail: readMailSettings(needs.environment),
    post: needs.post,
  });
  const advance: Advance = new Advance({
    queue,
    steps,
    resultBytes: needs.resultBytes,
    onEnd: async (tx, run) => {
      await afterRun(tx, { starts, sends, address }, run);
      await admitNext(tx, queue, run.workflow_id);
    },
  });
  const starts = new StartRuns({
    queue,
    encryption,
    definitions,
    advance,
    versionOf: async (key) => (await registry.component(key))?.version,
  });
  const perform = new PerformStep({
    evaluator,
    registry,
    execution,
    code: new CodeModules(join(needs.dataDir, "workflow-code"), needs.runtime),
    accounts,
    variables,
    actionTimeoutMs: needs.actionTimeoutMs,
    resumeBase: address,
    reply: (run, reply) => storeReply(db, encryption, run.id, reply, true),
    trigger: async (run, workflow, event) => {
      const parent = await db
        .selectFrom("workflows")
        .selectAll()
        .where("id", "=", run.workflow_id)
        .executeTakeFirstOrThrow();
      const target = await workflows.find(workflow, parent.external_user_id);
      return starts.byWorkflow(db, target, run, event);
    },
  });
  let deployed: Triggers | undefined;
  const triggers = new WorkflowTriggers({
    db,
    queue,
    registry,
    accounts,
    starts,
    triggers: () => {
      if (!deployed) throw new Error("Triggers are used before the host has made them.");
      return deployed;
    },
  });
  const check = new CheckDefinition(registry, accounts);
  const workflows = new Workflows({ db, check, triggers });
  const runs = new Runs({ db, queue, steps, advance, starts, definitions });
  return {
    workflows,
    drafts: new Drafts({ db, workflows, check, starts, runs }),
    figures: new RunFigures(db),
    notifications: needs.notifications,
    runs,
    starts,
    steps,
    triggers,
    variables,
    stepJob: new StepJob({
      db,
      queue,
      encryption,
      registry,
      definitions,
      steps,
      advance,
      perform,
      starts,
      variables,
    }),
    admission: new Admission({ db, queue, definitions, advance, starts, evaluator, variables }),
    sends,
    emits,
    removeOld: async () => void (await removeOldRuns(db, runDays)),
    address,
    waitForReply: (runId, ms) => waitForReply(needs, runId, ms),
    stop: () => evaluator.stop(),
    useTriggers: (made) => (deployed = made),
  };
}

/** Looks when the run says so, and now and then, since what was said while the connection was lost is not heard. */
async function waitForReply(
  { db, encryption, notifications }: Pick<WorkflowDependencies, "db" | "encryption" | "notifications">,
  runId: string,
  ms: number,
): Promise<HttpReply | "none" | undefined> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const heard = new Promise<void>((resolve) => {
      const listen = (notification: { kind: string; run?: string }): void => {
        if (
          (notification.kind === "workflow-reply" || notification.kind === "workflow-run") &&
          notification.run === runId
        )
          done();
      };
      const done = (): void => {
        clearTimeout(timer);
        notifications.off("notification", listen);
        resolve();
      };
      const timer = setTimeout(done, Math.min(1000, Math.max(1, end - performance.now())));
      notifications.on("notification", listen);
    });
    const reply = await readReply(db, encryption, runId);
    if (reply !== undefined) return reply;
    await heard;
  }
  return readReply(db, encryption, runId);
}
