import { useState } from "react";
import { linkTo } from "../router";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { duration, Time } from "../ui/time";
import { useDebounced } from "../ui/use-debounced";
import { Waiting } from "../ui/waiting";
import { useWorkflow, useWorkflowRuns, type RunFilter } from "./api";
import { RunBadge } from "./run-badge";
import { RunChart } from "./run-chart";
import type { RunStatus, RunSummary } from "./types";
import { WorkflowHeading } from "./workflow-heading";

const states: [RunStatus | "", string][] = [
  ["", "Any state"],
  ["queued", "Queued"],
  ["running", "Running"],
  ["waiting", "Waiting"],
  ["succeeded", "Succeeded"],
  ["failed", "Failed"],
  ["cancelled", "Cancelled"],
];
const spans: [number, string][] = [
  [0, "Any time"],
  [1, "The last hour"],
  [24, "The last day"],
  [168, "The last week"],
  [720, "The last month"],
];

/** The runs of a workflow, newest first and live, with filters and figures. */
export function RunsPage({ id }: { id: string }) {
  const workflow = useWorkflow(id);
  const [status, setStatus] = useState<RunStatus | "">("");
  const [hours, setHours] = useState(0);
  const [typed, setTyped] = useState("");
  const filter: RunFilter = { status, hours, words: useDebounced(typed.trim(), 300) };
  const runs = useWorkflowRuns(id, filter);
  const list = runs.data?.pages.flat() ?? [];
  const isFiltered = status !== "" || hours !== 0 || filter.words !== "";
  return (
    <>
      <WorkflowHeading id={id} name={workflow.data?.name ?? "Workflow"} current="runs" />
      <div className="stack">
        <RunChart id={id} />
        <section aria-labelledby="workflow-runs">
          <h2 id="workflow-runs">Runs</h2>
          <div className="row filters" role="group" aria-label="Filters">
            <label>
              <span className="unseen">State</span>
              <select
                value={status}
                onChange={(event) =>
                  setStatus(states.find(([one]) => one === event.currentTarget.value)?.[0] ?? "")
                }
              >
                {states.map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
            <label>
              <span className="unseen">Time</span>
              <select value={hours} onChange={(event) => setHours(Number(event.currentTarget.value))}>
                {spans.map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
            <label className="grow">
              <span className="unseen">Search in events and errors</span>
              <input
                type="search"
                autoComplete="off"
                placeholder="Search in events and errors"
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            </label>
          </div>
          {runs.isPending && <Waiting>Loading the runs…</Waiting>}
          {runs.error && (
            <Notice kind="error" actions={<Button onClick={() => void runs.refetch()}>Try again</Button>}>
              {runs.error.message}
            </Notice>
          )}
          {runs.isSuccess && list.length === 0 && (
            <p className="empty small about">
              {isFiltered ? "No run matches." : "It has not run yet. Its runs appear here as they start."}
            </p>
          )}
          <ul className="rows" aria-label="Runs, newest first">
            {list.map((run) => (
              <RunRow key={run.id} workflowId={id} run={run} />
            ))}
          </ul>
          {runs.hasNextPage && (
            <div className="row centre">
              <Button busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
                Show older runs
              </Button>
            </div>
          )}
        </section>
      </div>
    </>
  );
}

function RunRow({ workflowId, run }: { workflowId: string; run: RunSummary }) {
  const took = run.started_at ? duration(run.started_at, run.finished_at) : undefined;
  return (
    <li>
      <a className="row-button" href={linkTo("workflows", workflowId, "runs", run.id)}>
        <RunBadge status={run.status} />
        <span className="grow">
          <Time value={run.created_at} />
          {run.error?.message && <span className="error-text clip-line block">{run.error.message}</span>}
        </span>
        {run.is_test && <Badge kind="off">Test</Badge>}
        <span className="about nowrap">
          {run.trigger ?? (run.retry_of ? "repeated" : "by hand")}
          {took === undefined ? "" : `, ${took}`}
        </span>
      </a>
    </li>
  );
}
