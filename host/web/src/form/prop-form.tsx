import { useId, useRef, type FormEvent, type ReactNode } from "react";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Waiting } from "../ui/waiting";
import type { PropForm } from "./form-state";
import { PropField } from "./prop-field";

/** The fields of a component, what may be added to them, and the button that puts them to use. */
export function PropFormView({
  form,
  submitLabel,
  busyLabel,
  busy,
  onSubmit,
  extra,
  children,
}: {
  form: PropForm;
  submitLabel: string;
  busyLabel: string;
  busy: boolean;
  onSubmit: () => void;
  /** Further settings, above the button. */
  extra?: ReactNode;
  /** What came of the last try, below the button. */
  children?: ReactNode;
}) {
  const element = useRef<HTMLFormElement>(null);
  const addId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || form.reloading) return;
    const wrong = form.check();
    if (!wrong) return onSubmit();
    // After the errors are drawn: to the first field that is wrong.
    requestAnimationFrame(() => {
      const field = element.current?.querySelector(".field.wrong");
      field?.querySelector<HTMLElement>("input, select, textarea, button:not(.quiet)")?.focus();
      field?.scrollIntoView({ block: "center" });
    });
  };
  const wrongCount = form.visible.filter((prop) => form.errorOf(prop)).length;
  return (
    <form ref={element} className="stack" noValidate onSubmit={submit} aria-busy={busy || undefined}>
      {form.visible.map((prop) => (
        <PropField key={prop.name} form={form} prop={prop} />
      ))}
      {form.reloading && <Waiting>Finding the fields that belong to this choice…</Waiting>}
      {form.reloadError && (
        <Notice
          kind="error"
          title="The fields for this choice could not be found"
          actions={<Button onClick={form.retryReload}>Try again</Button>}
        >
          {form.reloadError}
        </Notice>
      )}
      {form.addable.length > 0 && (
        <div role="group" aria-labelledby={addId}>
          <p className="small-label" id={addId}>
            Optional fields
          </p>
          <div className="row wrap">
            {form.addable.map((prop) => (
              <Button key={prop.name} className="add" onClick={() => form.add(prop)}>
                + {form.labelOf(prop)}
              </Button>
            ))}
          </div>
        </div>
      )}
      {extra}
      {wrongCount > 0 && (
        <Notice kind="error">
          {wrongCount === 1
            ? "One field is not right yet. Its message says what to change."
            : `${wrongCount} fields are not right yet. The message at each says what to change.`}
        </Notice>
      )}
      <div className="row submit">
        <Button type="submit" look="primary" busy={busy || form.reloading}>
          {busy ? busyLabel : submitLabel}
        </Button>
      </div>
      {children}
    </form>
  );
}
