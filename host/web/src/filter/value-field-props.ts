import type { FilterColumn } from "../../../../components/filter";
import type { FilterOwner } from "./ask";

/** What every control of a value is given. */
export interface ValueFieldProps {
  owner: FilterOwner;
  column: FilterColumn;
  name: string;
  value: string;
  onChange: (value: string) => void;
}
