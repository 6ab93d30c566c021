import type { FilterColumn } from "../../../../components/filter";
import { useFilterColumns, type FilterOwner } from "./ask";

/** The path before the last dot: `caller_id` of `caller_id.email`. */
export const pathOf = (column: string): string => column.slice(0, Math.max(0, column.lastIndexOf(".")));

/** What is known of a column that a row compares; undefined while it is looked up, and for one that the app does not name. */
export function useColumn(owner: FilterOwner, name: string): FilterColumn | undefined {
  const { data } = useFilterColumns(owner, pathOf(name));
  return data?.find((column) => column.name === name);
}

/** The columns that have the typed words in label or name. */
export function matchingColumns(columns: FilterColumn[], query: string): FilterColumn[] {
  const words = query.slice(query.lastIndexOf(".") + 1).toLowerCase();
  return columns.filter(
    ({ name, label }) =>
      label.toLowerCase().includes(words) || name.slice(name.lastIndexOf(".") + 1).includes(words),
  );
}
