import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toLabelledValue, isRecord } from "../../../../components/prop-rules";
import { useAccounts, useComponent } from "../api/queries";
import type { Account } from "../api/types";
import { goTo, linkTo } from "../router";
import { Button } from "../ui/button";
import { Confirm } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { duration, ExactTime, Time } from "../ui/time";
import { Waiting } from "../ui/waiting";
import { Viewer } from "../viewer/viewer";
import { RunBadge } from "../workflows/run-badge";
import { repeatRun, useActionRun, useActionRunUpdates, type ActionRun } from "./api";
import { RunResult } from "./run-result";
import { startedBy } from "./runs-page";

/** One run of an action: what went in, what came out, and how to do it again. */
export function ActionRunPage({ id }: { id: string }) {
  useActionRunUpdates();
  const run = useActionRun(id);
  const back = (
    <a className="back" href={linkTo("actions", "runs")}>
      ← Runs of actions
    </a>
  );
  if (run.data) return <RunView key={id} run={run.data} back={back} />;
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

function RunView({ run, back }: { run: ActionRun; back: React.ReactNode }) {
  const component = useComponent(run.action, "actions").data;
  const accounts = useAccounts().data;
  const [asking, setAsking] = useState(false);
  const again = async (): Promise<void> => goTo("actions", "runs", (await repeatRun(run.id)).id);
  const repeat = useMutation({ mutationFn: again });
  const { destructiveHint, readOnlyHint } = component?.annotations ?? {};
  const name = component?.name ?? run.action;
  const took = duration(run.started_at, run.finished_at);
  return (
    <>
      <PageHeading
        back={back}
        actions={
          <>
            <Button
              busy={repeat.isPending}
              onClick={() => (destructiveHint && !readOnlyHint ? setAsking(true) : repeat.mutate())}
            >
              Repeat
            </Button>
            <a className="button plain" href={linkTo("actions", run.action, run.id)}>
              Open in the form
            </a>
          </>
        }
      >
        {`Run of ${name}`}
      </PageHeading>
      <div className="stack">
        <div className="row facts-row">
          <RunBadge status={run.status} />
          <p className="facts">
            <span>
              <Time value={run.started_at} />
            </span>
            {took !== undefined && <span>took {took}</span>}
            <span>{startedBy(run)}</span>
            <span>version {run.version}</span>
            {run.repeat_of !== null && (
              <span>
                <a href={linkTo("actions", "runs", run.repeat_of)}>repeats an earlier run</a>
              </span>
            )}
          </p>
        </div>
        <p className="about">
          <ExactTime value={run.started_at} /> · <code className="break">{run.id}</code>
        </p>
        {repeat.error && (
          <Notice kind="error" title="Not repeated">
            {repeat.error.message}
          </Notice>
        )}
        <section aria-label="Result">
          <RunResult run={run} root={`steps.${run.action.replace(/\W+/g, "_")}`} />
        </section>
        <section aria-labelledby="input-heading">
          <h2 id="input-heading">Input</h2>
          <Viewer value={readableInput(run.input, accounts ?? [])} label="Input" root="input" />
        </section>
      </div>
      {asking && (
        <Confirm
          title={`Repeat ${name}?`}
          action="Repeat"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await again();
            setAsking(false);
          }}
        >
          <p>This action can overwrite or delete data. It runs for real, with the same inputs.</p>
        </Confirm>
      )}
    </>
  );
}

/** Accounts by their name, and choices by what they stand for. */
function readableInput(input: Record<string, unknown>, accounts: Account[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      if (!isRecord(value)) return [name, value];
      if (Array.isArray(value.__lv)) return [name, value.__lv.map((one) => toLabelledValue(one).value)];
      if ("__lv" in value) return [name, toLabelledValue(value).value];
      const account = accounts.find(({ id }) => id === value.authProvisionId);
      return [name, account?.name ?? value];
    }),
  );
}
