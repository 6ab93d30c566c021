import { useState } from "react";
import { Logs } from "../ui/logs";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Notice } from "../ui/notice";
import { duration, ExactTime, Time } from "../ui/time";
import { Viewer } from "../viewer/viewer";
import { RunBadge } from "./run-badge";
import type { StepRun } from "./types";

const waitWords = {
  delay: "goes on by itself",
  suspend: "waits for somebody until",
  rerun: "runs again",
  retry: "is tried again",
} as const;

/** A step of a run: its state in one line, and everything about it when it is opened. */
export function StepRow({
  step,
  onRepeat,
  onResume,
  resuming,
}: {
  step: StepRun;
  /** Absent inside of loops, which are repeated as a whole. */
  onRepeat?: () => void;
  onResume: () => void;
  resuming: boolean;
}) {
  const [open, setOpen] = useState(step.status === "failed");
  const took = step.started_at ? duration(step.started_at, step.finished_at) : undefined;
  const summary = step.exports.$summary;
  return (
    <li>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="step-summary">
          <RunBadge status={step.status} />
          <span className="grow">
            <span className="mono">{step.path}</span>
            {typeof summary === "string" && <span className="about clip-line block">{summary}</span>}
          </span>
          <span className="about nowrap">
            {step.items === undefined ? "" : `${step.items} items, `}
            {step.attempts > 1 ? `${step.attempts} attempts, ` : ""}
            {took}
          </span>
        </summary>
        {open && (
          <div className="row-body stack tight">
            {step.status === "waiting" && <Waiting step={step} onResume={onResume} resuming={resuming} />}
            {step.error && (
              <Notice kind="error" title={step.error.name ?? "Error"}>
                <p className="prewrap">{step.error.message}</p>
              </Notice>
            )}
            <p className="about">
              {step.started_at ? <ExactTime value={step.started_at} /> : "Not begun"}
              {step.attempts > 0 && `, ${step.attempts === 1 ? "1 attempt" : `${step.attempts} attempts`}`}
              {step.component !== null && `, ${step.component}`}
            </p>
            {hasContent(step.input) && (
              <Part title="Input as it was evaluated" value={step.input} label="Input" root="input" />
            )}
            {step.return_value !== null && step.return_value !== undefined && (
              <Part
                title="Result"
                value={step.return_value}
                label={`Result of ${step.path}`}
                root={`steps.${step.namespace}.$return_value`}
              />
            )}
            {Object.keys(step.exports).length > 0 && (
              <Part
                title="Exports"
                value={step.exports}
                label={`Exports of ${step.path}`}
                root={`steps.${step.namespace}`}
              />
            )}
            {step.logs.length > 0 && (
              <div>
                <h3>Log</h3>
                <Logs logs={step.logs} />
              </div>
            )}
            <EarlierAttempts attempts={step.earlier_attempts} />
            {onRepeat && (
              <div className="row">
                <Button className="small" onClick={onRepeat}>
                  Repeat from here<span className="unseen">: {step.path}</span>
                </Button>
              </div>
            )}
          </div>
        )}
      </details>
    </li>
  );
}

/** A step without props has `{}` as its input, which says nothing. */
const hasContent = (value: unknown): boolean =>
  typeof value === "object" && value !== null
    ? Object.keys(value).length > 0
    : value !== undefined && value !== null;

function EarlierAttempts({ attempts }: { attempts: StepRun["earlier_attempts"] }) {
  if (attempts.length === 0) return null;
  return (
    <div>
      <h3>Earlier attempts</h3>
      <ol className="rows" aria-label="Earlier attempts">
        {attempts.map(({ attempt, error, logs }) => (
          <li key={attempt}>
            <details>
              <summary>
                <span className="nowrap">Attempt {attempt}</span>
                <span className="grow clip-line error-text">{error.message}</span>
              </summary>
              <div className="row-body stack tight">
                <p className="error-text prewrap">{error.message}</p>
                <Logs logs={logs} />
              </div>
            </details>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Part({ title, value, label, root }: { title: string; value: unknown; label: string; root: string }) {
  return (
    <div>
      <h3>{title}</h3>
      <Viewer value={value} label={label} root={root} />
    </div>
  );
}

function Waiting({ step, onResume, resuming }: { step: StepRun; onResume: () => void; resuming: boolean }) {
  return (
    <Notice
      kind="info"
      actions={
        <>
          <Button busy={resuming} onClick={onResume}>
            Resume
          </Button>
          {step.resume_url !== undefined && (
            <CopyButton label="Copy resume address" text={() => step.resume_url ?? ""} />
          )}
          {step.cancel_url !== undefined && (
            <CopyButton label="Copy cancel address" text={() => step.cancel_url ?? ""} />
          )}
        </>
      }
    >
      It {waitWords[step.wait ?? "delay"]} <Time value={step.due_at} />.
    </Notice>
  );
}
