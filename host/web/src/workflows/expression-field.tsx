import { useRef } from "react";
import { insertAtCaret } from "../form/expressions";
import { Field } from "../ui/field";
import { DataPicker } from "./data-picker";

/** One text that is an expression, or may hold some, with the picker of earlier results. */
export function ExpressionField({
  namespace,
  label,
  description,
  error,
  optional = false,
  placeholder = "{{ steps.trigger.event.priority === '1' }}",
  value,
  onChange,
}: {
  namespace: string;
  label: string;
  description?: string;
  error?: string | undefined;
  optional?: boolean;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const input = useRef<HTMLTextAreaElement>(null);
  const insert = (expression: string): void => {
    const field = input.current;
    if (!field) return;
    // Inside of braces the path alone is meant.
    const before = field.value.slice(0, field.selectionStart);
    const isInside = before.lastIndexOf("{{") > before.lastIndexOf("}}");
    insertAtCaret(field, isInside ? expression.replace(/^\{\{ | \}\}$/g, "") : expression);
  };
  return (
    <Field
      label={label}
      description={description}
      error={error}
      required={!optional}
      aside={<DataPicker namespace={namespace} label={label} onPick={insert} />}
    >
      {(ids) => (
        <textarea
          {...ids}
          ref={input}
          className="mono"
          rows={1}
          spellCheck={false}
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
