import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Logs } from "../ui/logs";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Elapsed } from "../ui/time";
import { Waiting } from "../ui/waiting";
import { Viewer } from "../viewer/viewer";
import { cancelRun, type ActionRun } from "./api";

/** What came of a run, or how long it has been under way. `root` names the step in paths that are copied. */
export function RunResult({ run, root, reveal = false }: { run: ActionRun; root: string; reveal?: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const isFinished = run.status !== "running";
  // Below a long form on a small screen the result would come unseen.
  useEffect(() => {
    if (isFinished && reveal) box.current?.scrollIntoView({ block: "nearest" });
  }, [isFinished, run.id, reveal]);
  if (!isFinished) return <UnderWay run={run} />;
  return (
    <div ref={box} className="stack">
      <Outcome run={run} />
      <Warnings logs={run.logs} />
      {run.result_removed ? (
        <p className="about">Results are kept for a day, and this one is gone.</p>
      ) : (
        run.status === "succeeded" && (
          <div>
            <h2>Result</h2>
            <Viewer value={run.result} label="Result" root={`${root}.$return_value`} />
          </div>
        )
      )}
      <Exports exports={run.exports} root={root} />
      <Files files={run.files} />
      <div>
        <h2>Log</h2>
        <Logs logs={run.logs} />
      </div>
    </div>
  );
}

function UnderWay({ run }: { run: ActionRun }) {
  const cancel = useMutation({ mutationFn: () => cancelRun(run.id) });
  return (
    <div className="stack tight">
      <Waiting>
        Running the action… <Elapsed since={Date.parse(run.started_at)} />
      </Waiting>
      <div className="row">
        <Button busy={cancel.isPending || cancel.isSuccess} onClick={() => cancel.mutate()}>
          {cancel.isSuccess ? "Cancelling…" : "Cancel"}
        </Button>
      </div>
      {cancel.error && <Notice kind="error">{cancel.error.message}</Notice>}
    </div>
  );
}

function Outcome({ run }: { run: ActionRun }) {
  if (run.status === "succeeded")
    return (
      <Notice kind="success" title="Done">
        {run.summary ?? "The action gave no summary."}
      </Notice>
    );
  return (
    <Notice
      kind={run.status === "cancelled" ? "warning" : "error"}
      title={run.status === "cancelled" ? "The action was cancelled" : "The action failed"}
    >
      <p className="prewrap">{run.error?.message ?? "It gave no reason."}</p>
    </Notice>
  );
}

function Warnings({ logs }: Pick<ActionRun, "logs">) {
  const warnings = logs.filter(({ level }) => level === "warn" || level === "warning");
  if (warnings.length === 0) return null;
  return (
    <Notice kind="warning" title={warnings.length === 1 ? "A warning" : `${warnings.length} warnings`}>
      {warnings.map(({ message }, at) => (
        <p key={at} className="prewrap">
          {message}
        </p>
      ))}
    </Notice>
  );
}

function Exports({ exports, root }: { exports: Record<string, unknown>; root: string }) {
  const { $summary: _shownAbove, $return_value: _shownAsResult, ...others } = exports;
  if (Object.keys(others).length === 0) return null;
  return (
    <div>
      <h2>Exports</h2>
      <Viewer value={others} label="Exports" root={root} />
    </div>
  );
}

const sizes = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const sizeOf = (bytes: number): string =>
  bytes < 1000
    ? `${bytes} bytes`
    : bytes < 1_000_000
      ? `${sizes.format(bytes / 1000)} kB`
      : `${sizes.format(bytes / 1_000_000)} MB`;

function Files({ files }: Pick<ActionRun, "files">) {
  if (files.length === 0) return null;
  return (
    <section aria-labelledby="files-heading">
      <h2 id="files-heading">Files</h2>
      <ul className="rows" aria-label="Files of the run">
        {files.map(({ name, bytes, url }) => (
          <li key={name} className="row spread padded">
            <span className="break">
              {name} <span className="about nowrap">{sizeOf(bytes)}</span>
            </span>
            <a className="button small" href={url} download={name.split("/").at(-1)}>
              Download<span className="unseen"> {name}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
