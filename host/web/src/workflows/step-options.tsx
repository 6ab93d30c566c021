import type { StepChange } from "./changes";
import type { Step } from "./definition";

/** What happens when a step fails or takes long. */
export function StepOptions({ step, onChange }: { step: Step; onChange: (change: StepChange) => void }) {
  return (
    <details className="help">
      <summary>When it fails</summary>
      <div className="stack tight">
        <label className="row">
          <span className="grow">Tries, the first one included</span>
          <input
            type="number"
            className="short"
            min={1}
            max={20}
            placeholder="1"
            value={step.retry?.attempts ?? ""}
            onChange={(event) => {
              const attempts = event.currentTarget.valueAsNumber;
              onChange({ retry: attempts >= 1 ? { ...step.retry, attempts } : undefined });
            }}
          />
        </label>
        {step.retry && (
          <label className="row">
            <span className="grow">Seconds before the second try (doubles from then on)</span>
            <input
              type="number"
              className="short"
              min={0}
              placeholder="10"
              value={step.retry.delaySeconds ?? ""}
              onChange={(event) => {
                const delaySeconds = event.currentTarget.valueAsNumber;
                onChange({
                  retry: {
                    attempts: step.retry?.attempts ?? 1,
                    ...(delaySeconds >= 0 ? { delaySeconds } : {}),
                  },
                });
              }}
            />
          </label>
        )}
        <label className="row">
          <span className="grow">Seconds it may take</span>
          <input
            type="number"
            className="short"
            min={1}
            max={3600}
            placeholder="60"
            value={step.timeoutSeconds ?? ""}
            onChange={(event) => {
              const seconds = event.currentTarget.valueAsNumber;
              onChange({ timeoutSeconds: seconds > 0 ? seconds : undefined });
            }}
          />
        </label>
        <label className="row">
          <span className="grow">Then</span>
          <select
            value={step.onError ?? ""}
            onChange={(event) => {
              const { value } = event.currentTarget;
              onChange({ onError: value === "stop" || value === "continue" ? value : undefined });
            }}
          >
            <option value="">as the workflow says</option>
            <option value="stop">the run fails</option>
            <option value="continue">the run goes on</option>
          </select>
        </label>
      </div>
    </details>
  );
}
