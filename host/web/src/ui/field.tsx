import { useId, type ReactNode } from "react";
import { Text } from "./text";

export interface ControlIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
  "aria-required": boolean | undefined;
}

/** Label, description and error around one control, tied together for screen readers. */
export function Field({
  label,
  description,
  error,
  required,
  aside,
  group = false,
  children,
}: {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  required?: boolean;
  /** Beside the label: for example a button that takes an optional field away. */
  aside?: ReactNode;
  /** Several controls under one name (radio buttons, rows). */
  group?: boolean;
  children: (ids: ControlIds) => ReactNode;
}) {
  const id = useId();
  const describedBy = [description && `${id}-about`, error && `${id}-error`].filter(Boolean).join(" ");
  const name = (
    <>
      {label}
      {required === false && <span className="optional"> optional</span>}
    </>
  );
  return (
    <div
      className={`field ${error ? "wrong" : ""}`}
      {...(group
        ? { role: "group", "aria-labelledby": `${id}-label`, "aria-describedby": describedBy || undefined }
        : {})}
    >
      <div className="row spread">
        {group ? (
          <span className="label" id={`${id}-label`}>
            {name}
          </span>
        ) : (
          <label className="label" id={`${id}-label`} htmlFor={id}>
            {name}
          </label>
        )}
        {aside}
      </div>
      {children({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": error ? true : undefined,
        "aria-required": required || undefined,
      })}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {description && (
        <div id={`${id}-about`}>
          <Text className="about">{description}</Text>
        </div>
      )}
    </div>
  );
}
