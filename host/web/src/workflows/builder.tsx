import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useComponents } from "../api/components";
import { queryClient } from "../api/queries";
import { goTo } from "../router";
import { Button } from "../ui/button";
import { Confirm } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { deleteWorkflow, setEnabled, testWorkflow, useRun } from "./api";
import { BuilderDataProvider } from "./builder-data";
import { BuilderPanel } from "./builder-panel";
import { insertStep, moveStep } from "./changes";
import { ChooseDialog } from "./add-step";
import { useChosenEvent } from "./chosen-event";
import { CodeField } from "./code-field";
import { freeName, namesOf, stepsOf, type ListRef } from "./definition";
import { EventDialog } from "./event-dialog";
import { Outline, stepsWithProblems } from "./outline";
import { ProblemList } from "./problem-list";
import { newStep, triggerTitle, wantedName } from "./step-words";
import { TestBar } from "./test-bar";
import { useBuilder } from "./use-builder";
import type { SampleEvent, WorkflowDetail } from "./types";
import { WorkflowHeading } from "./workflow-heading";
import { WorkflowSettings } from "./workflow-settings";
import type { Selected } from "./selected";

type Open = { kind: "step"; list: ListRef } | { kind: "trigger" | "event" | "delete" | "discard" };

/** Builds a workflow: its triggers and steps in order, each with its form, tested as it grows. */
export function Builder({ workflow }: { workflow: WorkflowDetail }) {
  const builder = useBuilder(workflow);
  const { definition, change, problems } = builder;
  const actions = useComponents("actions").data;
  const sources = useComponents("triggers").data;
  const [view, setView] = useState<"steps" | "yaml">("steps");
  const [selected, setSelected] = useState<Selected>({ trigger: 0 });
  const [open, setOpen] = useState<Open>();
  const [samples, setSamples] = useState<SampleEvent[]>([]);
  const event = useChosenEvent(workflow.id);
  const [testId, setTestId] = useState<string>();
  const run = useRun(testId);
  const runs = useMemo(
    () => new Map((run.data?.steps ?? []).map((step) => [step.path, step])),
    [run.data?.steps],
  );
  const wrong = useMemo(
    () =>
      stepsWithProblems(
        definition,
        problems.map(({ path }) => path),
      ),
    [definition, problems],
  );
  const test = useMutation({
    mutationFn: async (step: string | undefined) => {
      await builder.flush();
      return testWorkflow(
        workflow.id,
        event.chosen?.value ?? {},
        step,
        step === undefined ? undefined : testId,
      );
    },
    onSuccess: ({ id }) => setTestId(id),
  });
  const toggle = useMutation({
    mutationFn: () => setEnabled(workflow.id, !workflow.enabled),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["workflow", workflow.id] }),
  });
  const isTesting =
    test.isPending || (run.data !== undefined && ["queued", "running", "waiting"].includes(run.data.status));

  const add = (list: ListRef, kind: string): void => {
    const namespace = freeName(wantedName(kind), namesOf(definition));
    change((before) =>
      insertStep(before, list, stepsOf(before, list)?.length ?? 0, newStep(kind, namespace)),
    );
    setSelected({ step: namespace });
    setOpen(undefined);
  };
  const addTrigger = (uses: string): void => {
    change((before) => ({
      ...before,
      triggers: [
        ...before.triggers,
        uses === "schedule" ? { uses, props: { intervalSeconds: 3600 } } : { uses },
      ],
    }));
    setSelected({ trigger: definition.triggers.length });
    setOpen(undefined);
  };

  return (
    <BuilderDataProvider value={{ definition, event: event.chosen?.value, runs }}>
      <WorkflowHeading
        id={workflow.id}
        name={definition.name}
        current="build"
        actions={
          <>
            <Button
              look="primary"
              busy={builder.publishing.isPending}
              onClick={() => builder.publishing.mutate(workflow.version === 0)}
            >
              {workflow.version === 0 ? "Publish and enable" : "Publish"}
            </Button>
            {workflow.version > 0 && (
              <Button busy={toggle.isPending} onClick={() => toggle.mutate()}>
                {workflow.enabled ? "Disable" : "Enable"}
              </Button>
            )}
            {workflow.version > 0 && builder.isChanged && (
              <Button look="quiet" onClick={() => setOpen({ kind: "discard" })}>
                Discard draft
              </Button>
            )}
            <Button look="quiet" onClick={() => setOpen({ kind: "delete" })}>
              Delete
            </Button>
          </>
        }
      />
      <div className="stack">
        <TestBar
          workflow={workflow}
          builder={builder}
          event={event.chosen}
          run={run.data}
          testing={isTesting}
          onTest={() => test.mutate(undefined)}
          onChooseEvent={() => setOpen({ kind: "event" })}
          view={view}
          onView={setView}
        />
        {builder.publishing.error && (
          <Notice kind="error" title="Not published" reveal>
            <p className="prewrap">{builder.publishing.error.message}</p>
          </Notice>
        )}
        {[test.error, toggle.error, builder.discarding.error].map(
          (error, at) =>
            error && (
              <Notice key={at} kind="error" reveal>
                <p className="prewrap">{error.message}</p>
              </Notice>
            ),
        )}
        {view === "yaml" ? (
          <section aria-label="YAML">
            <CodeField
              label="Workflow as YAML"
              language="yaml"
              value={builder.yamlText}
              onChange={builder.changeText}
            />
            <ProblemList problems={problems} />
          </section>
        ) : (
          <div className="builder">
            <section aria-label="Workflow" className="builder-outline">
              <WorkflowSettings definition={definition} onChange={change} />
              <h2>Triggers</h2>
              <ul className="trigger-cards">
                {definition.triggers.map((trigger, at) => (
                  <li key={at}>
                    <button
                      type="button"
                      className="outline-card"
                      aria-pressed={"trigger" in selected && selected.trigger === at}
                      onClick={() => setSelected({ trigger: at })}
                    >
                      <span className="card-title">{triggerTitle(trigger, sources)}</span>
                      {trigger.id !== undefined && <span className="about mono">{trigger.id}</span>}
                    </button>
                  </li>
                ))}
              </ul>
              <div className="row">
                <Button className="add" onClick={() => setOpen({ kind: "trigger" })}>
                  + Add trigger
                </Button>
              </div>
              <h2>Steps</h2>
              <Outline
                definition={definition}
                actions={actions}
                selected={"step" in selected ? selected.step : undefined}
                problems={wrong}
                runs={runs}
                onSelect={(step) => setSelected({ step })}
                onMove={(namespace, list, index) =>
                  change((before) => moveStep(before, namespace, list, index))
                }
                onAdd={(list) => setOpen({ kind: "step", list })}
              />
              <div className="row">
                <Button className="add" onClick={() => setOpen({ kind: "step", list: {} })}>
                  + Add step
                </Button>
              </div>
            </section>
            <BuilderPanel
              workflow={workflow}
              builder={builder}
              selected={selected}
              actions={actions}
              sources={sources}
              runs={runs}
              testing={isTesting}
              onSelect={setSelected}
              onTest={(step) => test.mutate(step)}
              onSamples={(found) => {
                setSamples(found);
                const [newest] = found;
                if (newest) event.choose({ label: newest.summary ?? newest.id, value: newest.event });
              }}
            />
          </div>
        )}
        {view === "steps" && <ProblemList problems={problems} />}
      </div>
      {open?.kind === "step" && (
        <ChooseDialog
          kind="step"
          onChoose={(kind) => add(open.list, kind)}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open?.kind === "trigger" && (
        <ChooseDialog kind="trigger" onChoose={addTrigger} onClose={() => setOpen(undefined)} />
      )}
      {open?.kind === "event" && (
        <EventDialog
          workflowId={workflow.id}
          samples={samples}
          chosen={event.chosen}
          onChoose={(chosen) => {
            event.choose(chosen);
            setOpen(undefined);
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open?.kind === "discard" && (
        <Confirm
          title="Discard the draft?"
          action="Discard draft"
          onClose={() => setOpen(undefined)}
          onConfirm={async () => {
            await builder.discarding.mutateAsync();
            setOpen(undefined);
          }}
        >
          <p>The workflow is again as version {workflow.version}, which runs now.</p>
        </Confirm>
      )}
      {open?.kind === "delete" && (
        <Confirm
          title={`Delete ${definition.name}?`}
          action="Delete workflow"
          onClose={() => setOpen(undefined)}
          onConfirm={async () => {
            await deleteWorkflow(workflow.id);
            await queryClient.invalidateQueries({ queryKey: ["workflows"] });
            goTo("workflows");
          }}
        >
          <p>Its triggers, versions and runs are removed. Runs that wait are not resumed.</p>
        </Confirm>
      )}
    </BuilderDataProvider>
  );
}
