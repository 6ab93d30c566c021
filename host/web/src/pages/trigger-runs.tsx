import { useState } from "react";
import { useTriggerRuns, type TriggerRunStatus } from "../api/queries";
import type { Run } from "../api/types";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import type { RunFilter } from "../api/run-filter";
import { RunFilters } from "../ui/run-filters";
import { duration, ExactTime, Time } from "../ui/time";
import { useDebounced } from "../ui/use-debounced";
import { Waiting } from "../ui/waiting";
import { Logs } from "../ui/logs";
import { eventsWords } from "./event-words";
import { runError } from "./triggers";

const states = [
  ["ok", "Good"],
  ["error", "Failed"],
] as const;

/** The runs of a trigger, newest first and live, with filters. */
export function TriggerRuns({ triggerId }: { triggerId: string }) {
  const [filter, setFilter] = useState<RunFilter<TriggerRunStatus>>({ status: "", hours: 0, words: "" });
  const words = useDebounced(filter.words.trim(), 300);
  const runs = useTriggerRuns(triggerId, { ...filter, words });
  const list = runs.data?.pages.flat() ?? [];
  const isFiltered = filter.status !== "" || filter.hours !== 0 || words !== "";
  return (
    <section aria-labelledby="runs-heading" className="stack tight">
      <h2 id="runs-heading">Recent runs</h2>
      {(list.length > 5 || isFiltered) && (
        <RunFilters
          filter={filter}
          states={states}
          searches="Search in errors and logs"
          onChange={setFilter}
        />
      )}
      {runs.isPending && <Waiting>Loading the runs…</Waiting>}
      {runs.error && <Notice kind="error">{runs.error.message}</Notice>}
      {runs.isSuccess && list.length === 0 && (
        <p className="about">
          {isFiltered ? "No run matches." : "It has not run yet. “Run now” starts a run at once."}
        </p>
      )}
      <ul className="rows" aria-label="Recent runs">
        {list.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </ul>
      {runs.hasNextPage && (
        <div className="row centre">
          <Button busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Show older runs
          </Button>
        </div>
      )}
      {!runs.hasNextPage && list.length >= 100 && (
        <p className="about">The newest 100 runs of a trigger are kept.</p>
      )}
    </section>
  );
}

function RunRow({ run }: { run: Run }) {
  const took = duration(run.started_at, run.finished_at);
  return (
    <li>
      <details>
        <summary>
          <Badge kind={run.status === "ok" ? "good" : run.status === "error" ? "bad" : "busy"}>
            {run.status === "ok" ? "Good" : run.status === "error" ? "Failed" : "Running"}
          </Badge>
          <span className="grow">
            <Time value={run.started_at} />
          </span>
          <span className="about">{run.status === "running" ? "" : eventsWords(run.emitted ?? 0)}</span>
        </summary>
        <div className="stack tight row-body">
          {run.status === "error" && <p className="error-text prewrap">{runError(run)}</p>}
          <p className="about">
            <ExactTime value={run.started_at} />
            {took && `, took ${took}`}
          </p>
          <Logs logs={run.logs ?? []} />
        </div>
      </details>
    </li>
  );
}
