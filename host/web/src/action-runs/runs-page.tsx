import { useState } from "react";
import { useComponents } from "../api/components";
import { linkTo } from "../router";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import type { RunFilter } from "../api/run-filter";
import { RunFilters } from "../ui/run-filters";
import { duration, Elapsed, Time } from "../ui/time";
import { useDebounced } from "../ui/use-debounced";
import { Waiting } from "../ui/waiting";
import { RunBadge } from "../workflows/run-badge";
import { useActionRuns, useActionRunUpdates, type ActionRunStatus, type ActionRunSummary } from "./api";

const states = [
  ["running", "Running"],
  ["succeeded", "Succeeded"],
  ["failed", "Failed"],
  ["cancelled", "Cancelled"],
] as const;

/** The runs of all actions, newest first and live: those of the page, of programs and of agents. */
export function ActionRunsPage() {
  useActionRunUpdates();
  const [filter, setFilter] = useState<RunFilter<ActionRunStatus>>({ status: "", hours: 0, words: "" });
  const words = useDebounced(filter.words.trim(), 300);
  const runs = useActionRuns({ ...filter, words });
  const names = new Map(useComponents("actions").data?.map(({ key, name }) => [key, name]));
  const list = runs.data?.pages.flat() ?? [];
  const isFiltered = filter.status !== "" || filter.hours !== 0 || words !== "";
  return (
    <>
      <PageHeading
        back={
          <a className="back" href={linkTo("actions")}>
            ← Actions
          </a>
        }
      >
        Runs of actions
      </PageHeading>
      <div className="stack">
        <p className="about">
          Runs started here, through the API and by agents. They are kept for 30 days, their results and files
          for one.
        </p>
        <RunFilters
          filter={filter}
          states={states}
          searches="Search in actions, summaries and errors"
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
            {isFiltered ? "No run matches." : "No action has run yet. Choose one under Actions and run it."}
          </p>
        )}
        <ul className="rows" aria-label="Runs, newest first">
          {list.map((run) => (
            <RunRow key={run.id} run={run} name={names.get(run.action) ?? run.action} />
          ))}
        </ul>
        {runs.hasNextPage && (
          <div className="row centre">
            <Button busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
              Show older runs
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

/** Who started it, in a word or two. */
export const startedBy = ({ caller, client }: ActionRunSummary): string =>
  caller === "page" ? "on this page" : client === "" ? "through the API" : `by ${client}`;

function RunRow({ run, name }: { run: ActionRunSummary; name: string }) {
  const said = run.error?.message ?? run.summary;
  return (
    <li>
      <a className="row-button run-row" href={linkTo("actions", "runs", run.id)}>
        <RunBadge status={run.status} />
        <span className="run-words">
          <span className="card-title clip-line block">{name}</span>
          {said && <span className={`clip-line block ${run.error ? "error-text" : "about"}`}>{said}</span>}
        </span>
        <span className="about run-facts">
          <Time value={run.started_at} />
          <span className="block">
            {run.status === "running" ? (
              <Elapsed since={Date.parse(run.started_at)} />
            ) : (
              duration(run.started_at, run.finished_at)
            )}
          </span>
        </span>
      </a>
    </li>
  );
}
