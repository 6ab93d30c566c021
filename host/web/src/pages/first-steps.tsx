import { useAccounts, useTriggers } from "../api/queries";
import { linkTo } from "../router";

/** The way from nothing to a running trigger, with what is done already. Shown until every step is done. */
export function FirstSteps() {
  const accounts = useAccounts().data;
  const triggers = useTriggers().data;
  if (!accounts || !triggers) return null;
  const steps = [
    { label: "Connect an account", isDone: accounts.length > 0, link: linkTo("accounts") },
    { label: "Deploy a trigger", isDone: triggers.length > 0, link: linkTo("triggers", "new") },
    {
      label: "See the first event",
      isDone: triggers.some((trigger) => (trigger.event_count ?? 0) > 0),
      link: linkTo("triggers"),
    },
  ];
  const next = steps.find((step) => !step.isDone);
  if (!next) return null;
  return (
    <ol className="first-steps" aria-label="First steps">
      {steps.map((step, at) => (
        <li
          key={step.label}
          className={step.isDone ? "done" : ""}
          aria-current={step === next ? "step" : undefined}
        >
          <span className="step-mark" aria-hidden="true">
            {step.isDone ? "✓" : at + 1}
          </span>
          {step.isDone ? <span>{step.label}</span> : <a href={step.link}>{step.label}</a>}
          <span className="unseen">{step.isDone ? " (done)" : step === next ? " (next)" : ""}</span>
        </li>
      ))}
    </ol>
  );
}
