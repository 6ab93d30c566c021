import { useMutation } from "@tanstack/react-query";
import { startAction, useActionRun, useActionRunUpdates, type ActionRun } from "../action-runs/api";
import { RunResult } from "../action-runs/run-result";
import { useShownRun } from "../action-runs/shown-run";
import { queryClient, useComponent } from "../api/queries";
import type { Component } from "../api/types";
import { usePropForm, type PropForm } from "../form/form-state";
import { PropFormView } from "../form/prop-form";
import { linkTo } from "../router";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Text } from "../ui/text";
import { Waiting } from "../ui/waiting";
import { ComponentList } from "./component-list";
import { CopyAs } from "./copy-as";

export function ActionsPage() {
  return (
    <>
      <PageHeading
        actions={
          <a className="button quiet" href={linkTo("actions", "runs")}>
            Runs
          </a>
        }
      >
        Actions
      </PageHeading>
      <ComponentList kind="actions" noun="action" linkParts={["actions"]} />
    </>
  );
}

/** The form of an action. With `runId` it begins with the inputs of that run. */
export function ActionPage({ componentKey, runId }: { componentKey: string; runId?: string }) {
  const component = useComponent(componentKey, "actions");
  const earlier = useActionRun(runId);
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
      {earlier.error && <Notice kind="error">{earlier.error.message}</Notice>}
      {component.data && (runId === undefined || earlier.data) && (
        <RunForm key={componentKey} component={component.data} earlier={earlier.data} />
      )}
    </>
  );
}

function RunForm({ component, earlier }: { component: Component; earlier: ActionRun | undefined }) {
  useActionRunUpdates();
  const form = usePropForm(
    component,
    earlier ? { name: `run again ${earlier.id}`, values: withoutMasked(earlier.input) } : { name: "run" },
  );
  const [shownId, show] = useShownRun(component.key);
  const shown = useActionRun(shownId).data;
  const start = useMutation({
    mutationFn: () => startAction(component.key, form.configured, form.dynamicPropsId),
    onError: form.refuse,
    onSuccess: (run) => {
      queryClient.setQueryData(["action-run", run.id], run);
      show(run.id);
    },
  });
  const isRunning = start.isPending || shown?.status === "running";
  return (
    <>
      {component.description && <Text className="lead">{component.description}</Text>}
      <div className="columns">
        <section aria-label="Settings">
          <PropFormView
            form={form}
            submitLabel={shown || start.error ? "Run again" : "Run"}
            busyLabel="Running…"
            busy={isRunning}
            onSubmit={() => start.mutate()}
            extra={<Consequences form={form} />}
          >
            <CopyAs form={form} />
          </PropFormView>
        </section>
        <section aria-label="Result" className="result">
          {start.isPending ? (
            <Waiting>Starting the action…</Waiting>
          ) : start.error ? (
            <Notice kind="error" title="The action was not run" reveal>
              <p className="prewrap">{start.error.message}</p>
            </Notice>
          ) : shown ? (
            <>
              <RunResult run={shown} root={stepOf(component.key)} reveal />
              <p>
                <a href={linkTo("actions", "runs", shown.id)}>Link to this run</a>
              </p>
            </>
          ) : (
            <p className="empty small about">The result will be shown here.</p>
          )}
        </section>
      </div>
    </>
  );
}

/** What the host masked is entered again. */
const withoutMasked = (input: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== "********"));

/** What the action may do to data, as it is set now: an action that only shows what it would do says so. */
function Consequences({ form }: { form: PropForm }) {
  const { destructiveHint, readOnlyHint } = form.component.annotations ?? {};
  if (!destructiveHint || readOnlyHint) return null;
  const dryRun = form.props.find((prop) => prop.type === "boolean" && /^dry_?run$/i.test(prop.name));
  if (dryRun && form.draft(dryRun) === true)
    return (
      <Notice kind="info">
        {form.labelOf(dryRun)} is on: the action shows what it would do and changes nothing.
      </Notice>
    );
  return <Notice kind="warning">This action can overwrite or delete data. It runs for real.</Notice>;
}

/** How a workflow would name this step, in the paths that are copied. */
const stepOf = (key: string): string => `steps.${key.replace(/\W+/g, "_")}`;
