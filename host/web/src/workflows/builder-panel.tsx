import type { Component } from "../api/types";
import { Logs } from "../ui/logs";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { duration } from "../ui/time";
import { Viewer } from "../viewer/viewer";
import { duplicateStep, moveStep, neighbourPlace, removeStep, renameStep, updateStep } from "./changes";
import { placeOf, type Trigger } from "./definition";
import { RunBadge } from "./run-badge";
import type { Selected } from "./selected";
import { StepEditor } from "./step-editor";
import { titleOf, triggerTitle } from "./step-words";
import { TriggerEditor } from "./trigger-editor";
import type { Builder } from "./use-builder";
import type { SampleEvent, StepRun, WorkflowDetail } from "./types";
import { resultOf } from "./builder-data";

/** The trigger or step that is edited. */
export function BuilderPanel({
  workflow,
  builder,
  selected,
  actions,
  sources,
  runs,
  testing,
  onSelect,
  onTest,
  onSamples,
}: {
  workflow: WorkflowDetail;
  builder: Builder;
  selected: Selected;
  actions: Component[] | undefined;
  sources: Component[] | undefined;
  runs: ReadonlyMap<string, StepRun>;
  testing: boolean;
  onSelect: (selected: Selected) => void;
  onTest: (step: string) => void;
  onSamples: (events: SampleEvent[]) => void;
}) {
  const { definition, change } = builder;
  if ("trigger" in selected) {
    const trigger = definition.triggers[selected.trigger];
    if (!trigger)
      return (
        <section aria-label="Settings" className="builder-panel">
          <p className="empty small about">
            A workflow begins with a trigger: what it waits for. Add one, then the steps that follow.
          </p>
        </section>
      );
    const set = (next: Trigger | undefined): void =>
      change((before) => ({
        ...before,
        triggers: before.triggers.flatMap((one, at) =>
          at === selected.trigger ? (next === undefined ? [] : [next]) : [one],
        ),
      }));
    return (
      <section aria-label="Settings" className="builder-panel">
        <div className="row spread">
          <h2>{triggerTitle(trigger, sources)}</h2>
          <Button look="quiet" className="small" onClick={() => set(undefined)}>
            Remove trigger
          </Button>
        </div>
        <TriggerEditor
          key={selected.trigger}
          trigger={trigger}
          endpoint={endpointOf(workflow, trigger, selected.trigger)}
          onChange={(part) => set({ ...trigger, ...part })}
          onSamples={onSamples}
        />
      </section>
    );
  }
  const place = placeOf(definition, selected.step);
  if (!place) return <section aria-label="Settings" className="builder-panel" />;
  const { step } = place;
  const move = (direction: -1 | 1): void =>
    change((before) => {
      const to = neighbourPlace(before, step.namespace, direction);
      return to ? moveStep(before, step.namespace, to.list, to.index) : before;
    });
  return (
    <section aria-label="Settings" className="builder-panel">
      <div className="row spread">
        <h2>{titleOf(step, actions)}</h2>
        <span className="row">
          <Button
            look="quiet"
            className="small"
            disabled={!neighbourPlace(definition, step.namespace, -1)}
            onClick={() => move(-1)}
          >
            Move up
          </Button>
          <Button
            look="quiet"
            className="small"
            disabled={!neighbourPlace(definition, step.namespace, 1)}
            onClick={() => move(1)}
          >
            Move down
          </Button>
          <Button
            look="quiet"
            className="small"
            onClick={() => change((before) => duplicateStep(before, step.namespace))}
          >
            Duplicate
          </Button>
          <Button
            look="quiet"
            className="small"
            onClick={() => {
              change((before) => removeStep(before, step.namespace));
              onSelect({ trigger: 0 });
            }}
          >
            Remove step
          </Button>
        </span>
      </div>
      <StepEditor
        key={step.namespace}
        definition={definition}
        step={step}
        onChange={(part) => {
          const { namespace } = part;
          if (namespace !== undefined && namespace !== step.namespace) {
            change((before) => renameStep(before, step.namespace, namespace));
            onSelect({ step: namespace });
          } else change((before) => updateStep(before, step.namespace, part));
        }}
        testing={testing}
        onTest={() => onTest(step.namespace)}
      >
        <TestResult run={runs.get(step.namespace)} namespace={step.namespace} />
      </StepEditor>
    </section>
  );
}

function endpointOf({ triggers }: WorkflowDetail, { id }: Trigger, at: number): string | undefined {
  return triggers.find((one) => one.id === (id ?? `trigger_${at + 1}`))?.endpoint;
}

/** What came of the newest test of a step. */
function TestResult({ run, namespace }: { run: StepRun | undefined; namespace: string }) {
  if (!run) return null;
  const took = run.started_at ? duration(run.started_at, run.finished_at) : undefined;
  return (
    <section aria-label="Test result" className="stack tight">
      <div className="row">
        <h3>Test result</h3>
        <RunBadge status={run.status} />
        {took !== undefined && <span className="about">{took}</span>}
      </div>
      {run.error && (
        <Notice kind="error" reveal>
          <p className="prewrap">{run.error.message}</p>
        </Notice>
      )}
      {run.input !== null && run.input !== undefined && (
        <details className="help">
          <summary>Input as it was evaluated</summary>
          <Viewer value={run.input} label="Input" root="input" />
        </details>
      )}
      {resultOf(run) !== undefined && (
        <Viewer value={resultOf(run)} label={`Result of ${namespace}`} root={`steps.${namespace}`} />
      )}
      {run.logs.length > 0 && <Logs logs={run.logs} />}
    </section>
  );
}
