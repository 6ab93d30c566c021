import {
  operatorOf,
  operatorsFor,
  type FilterColumn,
  type FilterCondition,
  type FilterSyntax,
} from "../../../../components/filter";
import { Button } from "../ui/button";
import type { FilterOwner } from "./ask";
import { ColumnPicker } from "./column-picker";
import { useColumn } from "./columns";
import { ValueField } from "./value-field";

/** One comparison: column, operator and value. */
export function ConditionRow({
  owner,
  syntax,
  name,
  condition,
  joint,
  onChange,
  onAlternative,
  onRemove,
}: {
  owner: FilterOwner;
  syntax: FilterSyntax;
  /** `Condition 2`. */
  name: string;
  condition: FilterCondition;
  /** How it hangs together with what stands before. */
  joint: string;
  onChange: (condition: FilterCondition) => void;
  onAlternative: () => void;
  onRemove: () => void;
}) {
  const known = useColumn(owner, condition.column);
  const column: FilterColumn = known ?? { name: condition.column, label: condition.column, kind: "text" };
  const own = operatorOf(syntax, condition);
  const offered = operatorsFor(syntax, column.kind);
  // What a text said stays, also where the column's kind would not offer it.
  const operators =
    own && !offered.some(({ id }) => id === own.id)
      ? [{ id: own.id, label: own.label }, ...offered]
      : offered;
  return (
    <div className="filter-row" role="group" aria-label={name}>
      <span className="filter-joint">{joint}</span>
      <ColumnPicker
        owner={owner}
        column={condition.column}
        name={`Column of ${name}`}
        onChange={(next, found) => {
          if (next !== condition.column) onChange(withColumn(syntax, condition, next, found));
        }}
      />
      <select
        aria-label={`Comparison of ${name}`}
        value={condition.operator}
        onChange={(event) => onChange(withOperator(syntax, condition, event.currentTarget.value))}
      >
        {operators.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      {own && (
        <ValueField
          owner={owner}
          column={column}
          operator={own}
          syntax={syntax}
          name={`Value of ${name}`}
          value={condition.value}
          onChange={(value) => onChange({ ...condition, value })}
        />
      )}
      <span className="row filter-buttons">
        <Button look="quiet" className="small" aria-label={`Or, beside ${name}`} onClick={onAlternative}>
          or
        </Button>
        <Button look="quiet" className="small" aria-label={`Remove ${name}`} onClick={onRemove}>
          Remove
        </Button>
      </span>
    </div>
  );
}

/** Another column begins without a value, compared as its kind allows. */
function withColumn(
  syntax: FilterSyntax,
  { operator }: FilterCondition,
  column: string,
  known: FilterColumn | undefined,
): FilterCondition {
  const offered = operatorsFor(syntax, known?.kind ?? "text").map(({ id }) => id);
  return { column, operator: offered.includes(operator) ? operator : (offered[0] ?? operator), value: "" };
}

/** Another comparison keeps the value where it still has the same shape. */
function withOperator(syntax: FilterSyntax, condition: FilterCondition, operator: string): FilterCondition {
  const next = { ...condition, operator };
  const [before, after] = [operatorOf(syntax, condition), operatorOf(syntax, next)];
  const isKept = before?.value === after?.value || (before?.value === "one" && after?.value === "several");
  return isKept ? next : { ...next, value: "" };
}
