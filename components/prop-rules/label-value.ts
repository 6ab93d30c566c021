import { isRecord } from "./description";
import { asText } from "./text";

/** A choice as people see it, and what it stands for. */
export interface LabelledValue {
  label: string;
  value: unknown;
}

/** Choices as components give them: bare values, `{label, value}`, or either wrapped as `{__lv}`. */
export function toLabelledValue(choice: unknown): LabelledValue {
  if (isRecord(choice)) {
    if ("__lv" in choice) return toLabelledValue(choice.__lv);
    if ("value" in choice) return { label: asText(choice.label ?? choice.value), value: choice.value };
  }
  return { label: asText(choice), value: choice };
}

/**
 * The value inside a stored choice `{"__lv": …}`, of one choice or of a list; anything else is given back as it is.
 * With `withLabel` a choice becomes `{label, value}`, for a component that asked for both.
 */
export function unwrapLabelValue(stored: unknown, withLabel = false): unknown {
  const read = (choice: unknown): unknown => {
    if (withLabel) return toLabelledValue(choice);
    return isRecord(choice) && "value" in choice ? choice.value : choice;
  };
  if (Array.isArray(stored)) return stored.map((item) => unwrapLabelValue(item, withLabel));
  if (!isRecord(stored) || !("__lv" in stored)) return stored;
  const inner = stored.__lv;
  if (inner === null || inner === undefined) return undefined;
  return Array.isArray(inner) ? inner.map(read) : read(inner);
}
