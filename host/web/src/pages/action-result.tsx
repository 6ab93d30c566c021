import { useEffect, useRef } from "react";
import type { ActionAnswer, Observation } from "../api/types";
import { Notice } from "../ui/notice";
import { Elapsed } from "../ui/time";
import { Waiting } from "../ui/waiting";
import { Viewer } from "../viewer/viewer";
import { Logs } from "./logs";

export interface ActionRun {
  isPending: boolean;
  data: ActionAnswer | undefined;
  error: Error | null;
  /** When it was started, in milliseconds; 0 before the first time. */
  submittedAt: number;
}

/** What came of an action: its summary, warnings, result, further exports and log. `root` names the step in paths. */
export function ActionResult({ run, root }: { run: ActionRun; root: string }) {
  const box = useRef<HTMLDivElement>(null);
  const isFinished = !run.isPending && (run.data !== undefined || run.error !== null);
  // Below a long form on a small screen the result would come unseen.
  useEffect(() => {
    if (isFinished) box.current?.scrollIntoView({ block: "nearest" });
  }, [isFinished, run.submittedAt]);

  if (run.isPending)
    return (
      <Waiting>
        Running the action… <Elapsed since={run.submittedAt} />
      </Waiting>
    );
  if (run.error)
    return (
      <div ref={box}>
        <Notice kind="error" title="The action was not run">
          <p className="prewrap">{run.error.message}</p>
        </Notice>
      </div>
    );
  if (!run.data) return <p className="empty small about">The result will be shown here.</p>;
  return (
    <div ref={box} className="stack">
      <Answer answer={run.data} root={root} />
    </div>
  );
}

const isWarning = ({ k, level }: Observation): boolean =>
  k === "log" && (level === "warn" || level === "warning");

function Answer({ answer, root }: { answer: ActionAnswer; root: string }) {
  const observations = answer.os ?? [];
  const failure = observations.find(({ k }) => k === "error");
  const warnings = observations.filter(isWarning);
  const { $summary, $return_value: _shownAsResult, ...exports } = answer.exports ?? {};
  return (
    <>
      {failure ? (
        <Notice kind="error" title="The action failed">
          <p className="prewrap">{failure.err?.message ?? failure.message ?? "It gave no reason."}</p>
        </Notice>
      ) : (
        <Notice kind="success" title="Done">
          {typeof $summary === "string" ? $summary : "The action gave no summary."}
        </Notice>
      )}
      {warnings.length > 0 && (
        <Notice kind="warning" title={warnings.length === 1 ? "A warning" : `${warnings.length} warnings`}>
          {warnings.map(({ message }, at) => (
            <p key={at} className="prewrap">
              {message}
            </p>
          ))}
        </Notice>
      )}
      {!failure && answer.ret !== undefined && (
        <div>
          <h2>Result</h2>
          <Viewer value={answer.ret} label="Result" root={`${root}.$return_value`} />
        </div>
      )}
      {Object.keys(exports).length > 0 && (
        <div>
          <h2>Exports</h2>
          <Viewer value={exports} label="Exports" root={root} />
        </div>
      )}
      <div>
        <h2>Log</h2>
        <Logs logs={observations.filter(({ k }) => k === "log")} />
      </div>
    </>
  );
}
