/** Workflows as the host's API gives them. Names are the wire's own. */

export type RunStatus = "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";
export type StepStatus = RunStatus | "skipped";

interface RunError {
  name?: string;
  message?: string;
  stack?: string;
  step?: string;
}

export interface RunSummary {
  id: string;
  workflow_id: string;
  version: number;
  trigger: string | null;
  status: RunStatus;
  error: RunError | null;
  retry_of: string | null;
  is_test: boolean;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

export interface StepRun {
  path: string;
  namespace: string;
  status: StepStatus;
  attempts: number;
  /** Those that failed and were followed by another one. */
  earlier_attempts: { attempt: number; error: RunError; logs: StepRun["logs"] }[];
  component: string | null;
  input: unknown;
  return_value: unknown;
  exports: Record<string, unknown>;
  logs: { ts: number; level?: string; message: string }[];
  error: RunError | null;
  started_at: string | null;
  finished_at: string | null;
  items?: number;
  items_begun?: number;
  due_at?: string | null;
  wait?: "delay" | "suspend" | "rerun" | "retry" | null;
  resume_url?: string;
  cancel_url?: string;
}

export interface WorkflowRun extends RunSummary {
  workflow_name: string;
  event: unknown;
  steps: StepRun[];
}

interface WorkflowTrigger {
  id: string;
  kind: "source" | "http" | "schedule";
  trigger_id?: string;
  endpoint?: string;
}

export interface Workflow {
  id: string;
  name: string;
  enabled: boolean;
  /** 0 while it was never published. */
  version: number;
  has_draft: boolean;
  created_at: string;
  updated_at: string;
  triggers: WorkflowTrigger[];
}

export interface ListedWorkflow extends Workflow {
  last_run: RunSummary | null;
  failures_last_day: number;
}

export interface WorkflowDetail extends Workflow {
  definition: unknown;
  source: string | null;
  draft: { definition: unknown; source: string | null } | null;
}

export interface Problem {
  path: string;
  reason: string;
}

export interface Bar {
  from: string;
  succeeded: number;
  failed: number;
  cancelled: number;
  open: number;
}

export interface SampleEvent {
  id: string;
  summary: string | null;
  ts: number;
  event: unknown;
}
