import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/http";
import { queryClient } from "../api/queries";
import { goTo, linkTo } from "../router";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { duration, ExactTime, Time } from "../ui/time";
import { Waiting } from "../ui/waiting";
import { Viewer } from "../viewer/viewer";
import { useRun } from "./api";
import { RunBadge } from "./run-badge";
import { StepRow } from "./run-step";
import type { StepRun, WorkflowRun } from "./types";

/** One run: its event, and each step with what went in, what came out, and how to go on. */
export function RunPage({ id, workflowId }: { id: string; workflowId: string }) {
  const run = useRun(id);
  const back = (
    <a className="back" href={linkTo("workflows", workflowId, "runs")}>
      ← Runs
    </a>
  );
  if (run.data) return <RunView run={run.data} back={back} />;
  return (
    <>
      <PageHeading back={back}>Run</PageHeading>
      {run.error ? (
        <Notice kind="error" actions={<Button onClick={() => void run.refetch()}>Try again</Button>}>
          {run.error.message}
        </Notice>
      ) : (
        <Waiting>Loading the run…</Waiting>
      )}
    </>
  );
}

const isOpen = ({ status }: WorkflowRun): boolean =>
  status === "queued" || status === "running" || status === "waiting";

function RunView({ run, back }: { run: WorkflowRun; back: React.ReactNode }) {
  const [definition, setDefinition] = useState<"same" | "current">("same");
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["workflow-run", run.id] });
  const cancel = useMutation({
    mutationFn: () => api("POST", `/api/runs/${run.id}/cancel`),
    onSettled: refresh,
  });
  const resume = useMutation({
    mutationFn: (path: string) => api("POST", `/api/runs/${run.id}/resume`, { path, data: {} }),
    onSettled: refresh,
  });
  const repeat = useMutation({
    mutationFn: (from: string | undefined) =>
      api<WorkflowRun>("POST", `/api/runs/${run.id}/retry`, {
        definition,
        ...(from === undefined ? {} : { from }),
      }),
    onSuccess: ({ id }) => goTo("workflows", run.workflow_id, "runs", id),
  });
  const took = run.started_at ? duration(run.started_at, run.finished_at) : undefined;
  return (
    <>
      <PageHeading
        back={back}
        actions={
          <>
            {isOpen(run) && (
              <Button busy={cancel.isPending} onClick={() => cancel.mutate()}>
                Cancel
              </Button>
            )}
            <Button busy={repeat.isPending} onClick={() => repeat.mutate(undefined)}>
              Repeat
            </Button>
            <label className="row">
              <span className="about">with</span>
              <select
                value={definition}
                onChange={(event) =>
                  setDefinition(event.currentTarget.value === "current" ? "current" : "same")
                }
              >
                <option value="same">version {run.version}, as it was</option>
                <option value="current">the present version</option>
              </select>
            </label>
          </>
        }
      >
        {`Run of ${run.workflow_name}`}
      </PageHeading>
      <div className="stack">
        <div className="row facts-row">
          <RunBadge status={run.status} />
          {run.is_test && <Badge kind="off">Test</Badge>}
          <p className="facts">
            <span>
              <Time value={run.created_at} />
            </span>
            <span>version {run.version}</span>
            <span>{run.trigger ?? (run.retry_of ? "repeated" : "by hand")}</span>
            {took !== undefined && <span>took {took}</span>}
            {run.retry_of !== null && (
              <span>
                <a href={linkTo("workflows", run.workflow_id, "runs", run.retry_of)}>of an earlier run</a>
              </span>
            )}
          </p>
        </div>
        <p className="about">
          <ExactTime value={run.created_at} /> · <code className="break">{run.id}</code>
        </p>
        {run.error && (
          <Notice
            kind={run.status === "cancelled" ? "warning" : "error"}
            title={run.error.step ? `${run.error.step} ${run.status}` : `The run ${run.status}`}
          >
            <p className="prewrap">{run.error.message}</p>
          </Notice>
        )}
        {[cancel.error, resume.error, repeat.error].map(
          (error, at) =>
            error && (
              <Notice key={at} kind="error">
                {error.message}
              </Notice>
            ),
        )}
        <section aria-labelledby="event-heading">
          <h2 id="event-heading">Event</h2>
          <details className="help">
            <summary>Show the event</summary>
            <Viewer value={run.event} label="Event" root="steps.trigger.event" />
          </details>
        </section>
        <section aria-labelledby="steps-heading">
          <h2 id="steps-heading">Steps</h2>
          {run.steps.length === 0 && <p className="about">No step has begun.</p>}
          <Steps
            steps={run.steps}
            row={(step) => (
              <StepRow
                key={step.path}
                step={step}
                resuming={resume.isPending}
                onResume={() => resume.mutate(step.path)}
                {...(step.path.includes("[") ? {} : { onRepeat: () => repeat.mutate(step.path) })}
              />
            )}
          />
        </section>
      </div>
    </>
  );
}

const STEPS_A_TIME = 200;

/** The steps as far as they are asked for: a loop over thousands of items has thousands of them. What failed is never left out. */
function Steps({ steps, row }: { steps: StepRun[]; row: (step: StepRun) => React.ReactNode }) {
  const [most, setMost] = useState(STEPS_A_TIME);
  const failed = steps.slice(most).filter(({ status }) => status === "failed");
  const shown = [...steps.slice(0, most), ...failed.slice(0, STEPS_A_TIME)];
  const left = steps.length - shown.length;
  return (
    <>
      <ul className="rows" aria-label="Steps in their order">
        {shown.map(row)}
      </ul>
      {left > 0 && (
        <div className="row centre">
          <Button onClick={() => setMost(most + STEPS_A_TIME)}>Show more steps</Button>
          <span className="about">{left} are not shown yet.</span>
        </div>
      )}
    </>
  );
}
