import type { FilterOperator, FilterSyntax } from "../../../../components/filter";
import type { ValueFieldProps } from "./value-field-props";
import { PickedValue, PickedValues } from "./picked-values";
import { fromLocal, toLocal, viewerZone } from "./zoned-time";

/** What a column is compared with: a control that fits the operator and what the column holds. */
export function ValueField({
  operator,
  syntax,
  ...props
}: ValueFieldProps & { operator: FilterOperator; syntax: FilterSyntax }) {
  const { column, value, onChange, name } = props;
  switch (operator.value) {
    case "none":
      return null;
    case "number":
      return <Typed {...props} inputMode="numeric" />;
    case "day":
      return (
        <input
          type="date"
          aria-label={name}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "two": {
      const [from = "", to = ""] = value.split(syntax.two);
      return (
        <div className="row wrap">
          <OneValue
            {...props}
            name={`${name}, from`}
            value={from}
            onChange={(one) => onChange(`${one}${syntax.two}${to}`)}
          />
          <OneValue
            {...props}
            name={`${name}, to`}
            value={to}
            onChange={(one) => onChange(`${from}${syntax.two}${one}`)}
          />
        </div>
      );
    }
    case "several":
      return column.hasValues ? (
        <PickedValues {...props} between={syntax.several} />
      ) : (
        <Typed {...props} placeholder={`Values with "${syntax.several}" between them`} />
      );
    case "one":
      return <OneValue {...props} />;
    default:
      return <Typed {...props} />;
  }
}

function OneValue(props: ValueFieldProps) {
  const { column, value, onChange, name } = props;
  if (column.kind === "boolean")
    return (
      <select aria-label={name} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">Choose</option>
        <option value="true">true</option>
        <option value="false">false</option>
      </select>
    );
  if (column.hasValues) return <PickedValue {...props} />;
  const local = toLocal(value);
  if (column.kind === "date-time" && local !== undefined)
    return (
      <span className="filter-time">
        <input
          type="datetime-local"
          step={1}
          aria-label={name}
          value={local}
          onChange={(event) => onChange(fromLocal(event.currentTarget.value))}
        />
        <span className="about">
          in {viewerZone()}
          {value === "" ? "" : `; ${value} UTC`}
        </span>
      </span>
    );
  if (column.kind === "date" && /^(\d{4}-\d\d-\d\d)?$/.test(value))
    return (
      <input
        type="date"
        aria-label={name}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return <Typed {...props} {...(column.kind === "number" ? { inputMode: "decimal" as const } : {})} />;
}

function Typed({
  name,
  value,
  onChange,
  inputMode,
  placeholder = "Value",
}: ValueFieldProps & { inputMode?: "numeric" | "decimal"; placeholder?: string }) {
  return (
    <input
      aria-label={name}
      value={value}
      inputMode={inputMode}
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
