import { useId, useState } from "react";
import type { FilterColumn } from "../../../../components/filter";
import { Button } from "../ui/button";
import { Combobox } from "../ui/combobox";
import { useFilterColumns, type FilterOwner } from "./ask";
import { matchingColumns, pathOf, useColumn } from "./columns";

/** Chooses a column by label or name; a dot, or the button beside it, leads on to the columns of a reference. */
export function ColumnPicker({
  owner,
  column,
  name,
  onChange,
}: {
  owner: FilterOwner;
  column: string;
  name: string;
  /** With what is known of the column. */
  onChange: (column: string, known: FilterColumn | undefined) => void;
}) {
  const id = useId();
  const [query, setQuery] = useState("");
  const [path, setPath] = useState(pathOf(column));
  const asked = query.includes(".") ? pathOf(query) : path;
  const found = useFilterColumns(owner, asked);
  const known = useColumn(owner, column);
  const label = known && known.label !== column ? known.label : column;
  return (
    <div className="filter-column">
      <span className="unseen" id={`${id}-label`}>
        {name}
      </span>
      <Combobox
        ids={{ id, "aria-describedby": undefined, "aria-invalid": undefined, "aria-required": undefined }}
        labelId={`${id}-label`}
        selected={
          column === ""
            ? null
            : { label: column.includes(".") ? `${label} (${column})` : label, value: column }
        }
        onSelect={(option) => {
          const next = typeof option?.value === "string" ? option.value : "";
          onChange(
            next,
            found.data?.find((one) => one.name === next),
          );
          if (option === null) setPath("");
        }}
        options={
          found.data &&
          matchingColumns(found.data, query).map((one) => ({ label: one.label, value: one.name }))
        }
        onQuery={setQuery}
        loading={found.isFetching}
        error={found.error?.message}
        onRetry={() => void found.refetch()}
        allowTyped
        placeholder="Column"
      />
      {known?.leads === true && (
        <Button
          look="quiet"
          className="small"
          onClick={() => {
            setPath(column);
            const field = document.getElementById(id);
            field?.focus();
            field?.click();
          }}
        >
          Columns of {known.label}
        </Button>
      )}
    </div>
  );
}
