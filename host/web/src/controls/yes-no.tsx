import { useId } from "react";
import type { ControlProps } from "./control-props";

export function YesNo({ ids, draft, onChange }: ControlProps<boolean | undefined>) {
  const name = useId();
  return (
    <div className="row choices">
      {[true, false].map((value) => (
        <label key={String(value)} className="choice">
          <input
            type="radio"
            name={name}
            {...(value ? { id: ids.id } : {})}
            checked={draft === value}
            onChange={() => onChange(value)}
          />
          {value ? "Yes" : "No"}
        </label>
      ))}
    </div>
  );
}
