import { createContext, useContext, useRef, type ReactNode } from "react";
import type { Prop } from "../api/types";
import { Button } from "../ui/button";
import type { ControlIds } from "../ui/field";
import { controlOf, labelOf } from "./control-kind";
import { initialDraft } from "./drafts";
import { isExpressionDraft, type ExpressionDraft } from "./expression-draft";
import type { PropForm } from "./form-state";

/** Puts a text at the caret of a text field, as typing would. */
export function insertAtCaret(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const start = field.selectionStart ?? field.value.length;
  field.setRangeText(text, start, field.selectionEnd ?? start, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** What a form needs so that its fields take `{{ … }}`: a button that lets one pick from earlier results. Absent in other forms. */
export interface ExpressionTools {
  picker: (choose: { label: string; onPick: (expression: string) => void }) => ReactNode;
}

const Tools = createContext<ExpressionTools | undefined>(undefined);
export const ExpressionToolsProvider = Tools.Provider;
const useExpressionTools = (): ExpressionTools | undefined => useContext(Tools);

const typedInto = new Set(["text", "number", "lines", "object", "json"]);

/** The buttons of a field that takes expressions, and the place in it where they go. */
export function useFieldExpressions(form: PropForm, prop: Prop) {
  const tools = useExpressionTools();
  const box = useRef<HTMLDivElement>(null);
  const last = useRef<HTMLInputElement | HTMLTextAreaElement>(null);
  const control = controlOf(prop);
  const draft = form.draft(prop);
  const isExpression = isExpressionDraft(draft);
  if (!tools || ["app", "timer", "secret", "none", "alert", "note"].includes(control)) return undefined;
  const label = labelOf(prop);
  const pick = (expression: string): void => {
    if (isExpression) return form.setDraft(prop, { expression: draft.expression + expression });
    if (!typedInto.has(control)) return form.setDraft(prop, { expression });
    const target =
      last.current?.isConnected === true
        ? last.current
        : box.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>("textarea, input");
    if (target) insertAtCaret(target, expression);
  };
  return {
    isExpression,
    box,
    onFocusCapture: (event: { target: EventTarget }) => {
      const { target } = event;
      if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) last.current = target;
    },
    aside: (
      <>
        {!typedInto.has(control) && (
          <Button
            look="quiet"
            className="small"
            aria-label={isExpression ? `Choose a value: ${label}` : `Use an expression: ${label}`}
            onClick={() => form.setDraft(prop, isExpression ? initialDraft(prop) : { expression: "" })}
          >
            {isExpression ? "Choose a value" : "Use an expression"}
          </Button>
        )}
        {tools.picker({ label, onPick: pick })}
      </>
    ),
  };
}

/** The text field of an expression. */
export function ExpressionInput({
  ids,
  draft,
  onChange,
}: {
  ids: ControlIds;
  draft: ExpressionDraft;
  onChange: (draft: ExpressionDraft) => void;
}) {
  return (
    <textarea
      {...ids}
      className="mono"
      rows={1}
      spellCheck={false}
      placeholder="{{ steps.trigger.event.number }}"
      value={draft.expression}
      onChange={(event) => onChange({ expression: event.currentTarget.value })}
    />
  );
}
