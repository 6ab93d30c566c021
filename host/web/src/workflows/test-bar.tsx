import { linkTo } from "../router";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import type { ChosenEvent } from "./chosen-event";
import { RunBadge } from "./run-badge";
import type { Builder } from "./use-builder";
import type { WorkflowDetail, WorkflowRun } from "./types";

/** State of the workflow, the event of tests, Test all, and which view is shown. */
export function TestBar({
  workflow,
  builder,
  event,
  run,
  testing,
  onTest,
  onChooseEvent,
  view,
  onView,
}: {
  workflow: WorkflowDetail;
  builder: Builder;
  event: ChosenEvent | undefined;
  run: WorkflowRun | undefined;
  testing: boolean;
  onTest: () => void;
  onChooseEvent: () => void;
  view: "steps" | "yaml";
  onView: (view: "steps" | "yaml") => void;
}) {
  const { problems, isChanged, isSaving, saveError } = builder;
  return (
    <div className="test-bar">
      <span className="row">
        <WorkflowBadge workflow={workflow} />
        {isChanged && <Badge kind="busy">Draft</Badge>}
        <span className="about" role="status">
          {saveError
            ? `Not saved: ${saveError.message}`
            : isSaving
              ? "Saving…"
              : problems.length === 0
                ? "Saved. Nothing is missing."
                : `Saved. ${problems.length === 1 ? "1 thing is" : `${problems.length} things are`} not ready.`}
        </span>
      </span>
      <span className="row">
        <span className="about clip-line event-name">
          {event ? `Event: ${event.label}` : "No event chosen"}
        </span>
        <Button className="small" onClick={onChooseEvent}>
          Choose event
        </Button>
        <Button busy={testing} className="small" onClick={onTest}>
          {testing ? "Testing…" : "Test all"}
        </Button>
        {run && (
          <a href={linkTo("workflows", workflow.id, "runs", run.id)} className="row">
            <RunBadge status={run.status} />
            <span className="unseen">Open the test run</span>
          </a>
        )}
        <span className="segments" role="group" aria-label="Show as">
          {(["steps", "yaml"] as const).map((one) => (
            <button key={one} type="button" aria-pressed={view === one} onClick={() => onView(one)}>
              {one === "steps" ? "Steps" : "YAML"}
            </button>
          ))}
        </span>
      </span>
    </div>
  );
}

export function WorkflowBadge({ workflow }: { workflow: Pick<WorkflowDetail, "version" | "enabled"> }) {
  if (workflow.version === 0) return <Badge kind="off">Not published</Badge>;
  return workflow.enabled ? <Badge kind="good">Enabled</Badge> : <Badge kind="off">Disabled</Badge>;
}
