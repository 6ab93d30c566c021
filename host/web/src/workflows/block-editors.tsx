import { Button } from "../ui/button";
import { Field } from "../ui/field";
import type { Arm } from "./definition";
import { ExpressionField } from "./expression-field";
import type { StepEditorProps } from "./step-editor-props";
import { armTitle } from "./step-words";

type Block = Pick<StepEditorProps, "step" | "onChange" | "onTest" | "testing" | "children">;

function TestButton({ onTest, testing, children }: Pick<Block, "onTest" | "testing" | "children">) {
  return (
    <>
      <div className="row">
        <Button look="primary" busy={testing} onClick={onTest}>
          {testing ? "Testing…" : "Test this step"}
        </Button>
      </div>
      {children}
    </>
  );
}

/** The conditions of a branch: the first that holds is taken. */
export function BranchEditor({ step, onChange }: Block) {
  const arms = step.branch ?? [];
  const set = (next: Arm[]): void => onChange({ branch: next });
  const hasElse = arms.some((arm) => arm.else === true);
  return (
    <div className="stack">
      <p className="about">
        The first way whose condition holds is taken. Its steps stand below it in the list.
      </p>
      {arms.map((arm, at) =>
        arm.else ? (
          <div key={at} className="row spread">
            <span className="label">Otherwise</span>
            <RemoveArm arm={arm} at={at} onRemove={() => set(arms.filter((_, place) => place !== at))} />
          </div>
        ) : (
          <div key={at} className="stack tight">
            <ExpressionField
              namespace={step.namespace}
              label={at === 0 ? "If" : `Else if (${at + 1})`}
              value={arm.if ?? ""}
              onChange={(value) =>
                set(arms.map((one, place) => (place === at ? { ...one, if: value } : one)))
              }
            />
            {arms.length > 1 && (
              <div className="row end">
                <RemoveArm arm={arm} at={at} onRemove={() => set(arms.filter((_, place) => place !== at))} />
              </div>
            )}
          </div>
        ),
      )}
      <div className="row">
        <Button
          className="add"
          onClick={() => {
            const last = hasElse ? arms.length - 1 : arms.length;
            set([...arms.slice(0, last), { if: "{{ false }}", steps: [] }, ...arms.slice(last)]);
          }}
        >
          + Else if
        </Button>
        {!hasElse && (
          <Button className="add" onClick={() => set([...arms, { else: true, steps: [] }])}>
            + Otherwise
          </Button>
        )}
      </div>
    </div>
  );
}

function RemoveArm({ arm, at, onRemove }: { arm: Arm; at: number; onRemove: () => void }) {
  const count = arm.steps.length;
  return (
    <Button
      look="quiet"
      className="small"
      aria-label={`Remove ${armTitle(arm, at)}`}
      disabled={count > 0}
      title={count > 0 ? "Move or remove its steps first." : undefined}
      onClick={() => count === 0 && onRemove()}
    >
      Remove
    </Button>
  );
}

/** The list of a loop, and how its items are worked on. */
export function LoopEditor({ step, onChange, ...test }: Block) {
  return (
    <div className="stack">
      <ExpressionField
        namespace={step.namespace}
        label="List"
        description="Its steps run once for each item of this list."
        value={step.forEach ?? ""}
        onChange={(forEach) => onChange({ forEach })}
      />
      <Field label="Name of the item" description="How the steps inside read it.">
        {(ids) => (
          <input
            {...ids}
            className="mono middle"
            value={step.as ?? "item"}
            onChange={(event) => onChange({ as: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Items at a time" description="1: one after the other.">
        {(ids) => (
          <input
            {...ids}
            type="number"
            className="short"
            min={1}
            max={100}
            value={step.concurrency ?? 1}
            onChange={(event) => {
              const concurrency = event.currentTarget.valueAsNumber;
              if (concurrency >= 1) onChange({ concurrency });
            }}
          />
        )}
      </Field>
      <TestButton {...test} />
    </div>
  );
}

/** How long a delay is. */
export function DelayEditor({ step, onChange }: Block) {
  return (
    <ExpressionField
      namespace={step.namespace}
      label="Wait for"
      description="Such as `10m`, `2h 30m`, `1d`, or an expression for seconds. A run that waits is a row: it costs nothing."
      value={String(step.delay ?? "")}
      onChange={(delay) => onChange({ delay })}
    />
  );
}
