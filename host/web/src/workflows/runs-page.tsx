import { useState } from "react";
import { linkTo } from "../router";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import type { RunFilter } from "../api/run-filter";
import { RunFilters } from "../ui/run-filters";
import { duration, Time } from "../ui/time";
import { useDebounced } from "../ui/use-debounced";
import { Waiting } from "../ui/waiting";
import { useWorkflow, useWorkflowRuns } from "./api";
import { RunBadge } from "./run-badge";
import { RunChart } from "./run-chart";
import type { RunStatus, RunSummary } from "./types";
import { WorkflowHeading } from "./workflow-heading";

const states = [
  ["queued", "Queued"],
  ["running", "Running"],
  ["waiting", "Waiting"],
  ["succeeded", "Succeeded"],
  ["failed", "Failed"],
  ["cancelled", "Cancelled"],
] as const;

/** The runs of a workflow, newest first and live, with filters and figures. */
export function RunsPage({ id }: { id: string }) {
  const workflow = useWorkflow(id);
  const [filter, setFilter] = useState<RunFilter<RunStatus>>({ status: "", hours: 0, words: "" });
  const words = useDebounced(filter.words.trim(), 300);
  const runs = useWorkflowRuns(id, { ...filter, words });
  const list = runs.data?.pages.flat() ?? [];
  const isFiltered = filter.status !== "" || filter.hours !== 0 || words !== "";
  return (
    <>
      <WorkflowHeading id={id} name={workflow.data?.name ?? "Workflow"} current="runs" />
      <div className="stack">
        <RunChart id={id} />
        <section aria-labelledby="workflow-runs">
          <h2 id="workflow-runs">Runs</h2>
          <RunFilters
            filter={filter}
            states={states}
            searches="Search in events and errors"
            onChange={setFilter}
          />
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
      <a className="row-button run-row" href={linkTo("workflows", workflowId, "runs", run.id)}>
        <RunBadge status={run.status} />
        <span className="run-words">
          <Time value={run.created_at} />
          {run.error?.message && <span className="error-text clip-line block">{run.error.message}</span>}
        </span>
        <span className="about run-facts">
          {run.is_test && <Badge kind="off">Test</Badge>}{" "}
          {run.trigger ?? (run.retry_of ? "repeated" : "by hand")}
          {took === undefined ? "" : `, ${took}`}
        </span>
      </a>
    </li>
  );
}
