import { useId, useState } from "react";
import { asText } from "../../../../components/prop-rules";
import { Combobox } from "../ui/combobox";
import { useDebounced } from "../ui/use-debounced";
import { useFilterValues, type FilterOwner } from "./ask";
import type { ValueFieldProps } from "./value-field-props";

const plainIds = (id: string) => ({
  id,
  "aria-describedby": undefined,
  "aria-invalid": undefined,
  "aria-required": undefined,
});

/** A choice list comes whole; records are searched by the app. */
function useValues({ owner, column }: Pick<ValueFieldProps, "owner" | "column">) {
  const [query, setQuery] = useState("");
  const [isOpen, setIsOpen] = useState(false);
  const typed = useDebounced(query, 250);
  const isSearched = column.leads === true || column.kind === "list";
  const found = useFilterValues(owner, column.name, isSearched ? typed : "", isOpen);
  const words = query.toLowerCase();
  const options = found.data?.filter(
    ({ label, value }) =>
      isSearched || label.toLowerCase().includes(words) || value.toLowerCase().includes(words),
  );
  return {
    options,
    onQuery: setQuery,
    onOpenChange: setIsOpen,
    loading: found.isFetching || (isSearched && query !== typed),
    error: found.error?.message,
    onRetry: () => void found.refetch(),
  };
}

/** How people call a stored value: a choice by its label, a record by its name. The value itself until that is known. */
function useLabel(owner: FilterOwner, column: ValueFieldProps["column"], value: string): string {
  const isSearched = column.leads === true || column.kind === "list";
  const found = useFilterValues(owner, column.name, isSearched ? value : "", value !== "");
  return found.data?.find((one) => one.value === value)?.label ?? value;
}

/** One value, picked from those of the column or typed as it is stored. */
export function PickedValue({ owner, column, name, value, onChange }: ValueFieldProps) {
  const id = useId();
  const label = useLabel(owner, column, value);
  return (
    <div className="filter-picked">
      <span className="unseen" id={`${id}-label`}>
        {name}
      </span>
      <Combobox
        ids={plainIds(id)}
        labelId={`${id}-label`}
        selected={value === "" ? null : { label, value }}
        onSelect={(option) => onChange(option ? asText(option.value) : "")}
        allowTyped
        placeholder="Value"
        {...useValues({ owner, column })}
      />
    </div>
  );
}

/** Several values as chips. */
export function PickedValues({
  owner,
  column,
  name,
  value,
  onChange,
  between,
}: ValueFieldProps & { between: string }) {
  const id = useId();
  const chosen = value === "" ? [] : value.split(between);
  const values = useValues({ owner, column });
  return (
    <div className="filter-picked">
      {chosen.length > 0 && (
        <ul className="chips" aria-label={`Chosen for ${name}`}>
          {chosen.map((one) => (
            <Chip
              key={one}
              {...{ owner, column, value: one }}
              onRemove={() => {
                onChange(chosen.filter((other) => other !== one).join(between));
                document.getElementById(id)?.focus();
              }}
            />
          ))}
        </ul>
      )}
      <span className="unseen" id={`${id}-label`}>
        {name}
      </span>
      <Combobox
        ids={plainIds(id)}
        labelId={`${id}-label`}
        several
        selected={null}
        onSelect={(option) => {
          const one = asText(option?.value ?? "");
          if (one !== "" && !chosen.includes(one)) onChange([...chosen, one].join(between));
        }}
        allowTyped
        placeholder="Add a value"
        {...values}
        options={values.options?.filter((option) => !chosen.includes(option.value))}
      />
    </div>
  );
}

function Chip({
  owner,
  column,
  value,
  onRemove,
}: Pick<ValueFieldProps, "owner" | "column" | "value"> & { onRemove: () => void }) {
  const label = useLabel(owner, column, value);
  return (
    <li className="chip">
      {label}
      <button type="button" aria-label={`Remove ${label}`} onClick={onRemove}>
        ×
      </button>
    </li>
  );
}
