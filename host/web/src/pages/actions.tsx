import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { runAction } from "../api/components";
import { useComponent } from "../api/queries";
import type { ActionAnswer, Component } from "../api/types";
import { usePropForm } from "../form/form-state";
import { PropFormView } from "../form/prop-form";
import { linkTo } from "../router";
import { Button, Notice, PageHeading, Text, Waiting } from "../ui/basics";
import { Json } from "../ui/json";
import { ComponentList } from "./component-list";
import { Logs } from "./trigger";

export function ActionsPage() {
  return (
    <>
      <PageHeading>Actions</PageHeading>
      <ComponentList kind="actions" noun="action" linkParts={["actions"]} />
    </>
  );
}

export function ActionPage({ componentKey }: { componentKey: string }) {
  const component = useComponent(componentKey);
  return (
    <>
      <PageHeading
        back={
          <a className="back" href={linkTo("actions")}>
            ← Actions
          </a>
        }
      >
        {component.data?.name ?? "Action"}
      </PageHeading>
      {component.isPending && <Waiting>Loading the action…</Waiting>}
      {component.error && (
        <Notice kind="error" actions={<Button onClick={() => void component.refetch()}>Try again</Button>}>
          {component.error.message}
        </Notice>
      )}
      {component.data && <RunForm key={componentKey} component={component.data} />}
    </>
  );
}

function RunForm({ component }: { component: Component }) {
  const form = usePropForm(component);
  const run = useMutation({
    mutationFn: () => runAction(component.key, form.configured, form.dynamicPropsId),
    onError: form.refuse,
  });
  const { destructiveHint, readOnlyHint } = component.annotations ?? {};
  return (
    <>
      {component.description && <Text className="lead">{component.description}</Text>}
      <div className="columns">
        <section aria-label="Settings">
          <PropFormView
            form={form}
            submitLabel={run.data || run.error ? "Run again" : "Run"}
            busyLabel="Running…"
            busy={run.isPending}
            onSubmit={() => run.mutate()}
            extra={
              destructiveHint && !readOnlyHint ? (
                <Notice kind="warning">This action can overwrite or delete data, and runs for real.</Notice>
              ) : undefined
            }
          />
        </section>
        <section aria-label="Result" className="result">
          <Result run={run} />
        </section>
      </div>
    </>
  );
}

function Result({
  run,
}: {
  run: { isPending: boolean; data: ActionAnswer | undefined; error: Error | null; submittedAt: number };
}) {
  const box = useRef<HTMLDivElement>(null);
  const finished = !run.isPending && (run.data !== undefined || run.error !== null);
  // Below a long form on a small screen the result would come unseen.
  useEffect(() => {
    if (finished) box.current?.scrollIntoView({ block: "nearest" });
  }, [finished, run.submittedAt]);

  if (run.isPending) return <Waiting>Running the action…</Waiting>;
  if (run.error)
    return (
      <div ref={box}>
        <Notice kind="error" title="The action was not run">
          <p className="prewrap">{run.error.message}</p>
        </Notice>
      </div>
    );
  if (!run.data) return <p className="empty small about">The result will be shown here.</p>;

  const observations = run.data.os ?? [];
  const failure = observations.find((observation) => observation.k === "error");
  const { $summary, ...others } = run.data.exports ?? {};
  const { $return_value: _shownAsResult, ...exports } = others;
  return (
    <div ref={box} className="stack">
      {failure ? (
        <Notice kind="error" title="The action failed">
          <p className="prewrap">{failure.err?.message ?? failure.message ?? "It gave no reason."}</p>
        </Notice>
      ) : (
        <Notice kind="success" title="Done">
          {typeof $summary === "string" ? $summary : "The action gave no summary."}
        </Notice>
      )}
      {!failure && run.data.ret !== undefined && (
        <div>
          <h2>Result</h2>
          <Json value={run.data.ret} label="Result" />
        </div>
      )}
      {Object.keys(exports).length > 0 && (
        <div>
          <h2>Exports</h2>
          <Json value={exports} label="Exports" />
        </div>
      )}
      <div>
        <h2>Log</h2>
        <Logs logs={observations.filter((observation) => observation.k === "log")} />
      </div>
    </div>
  );
}
