import type { ControlIds } from "../ui/field";

/** What every control gets: what it edits, how it is tied to its label, and where changes go. */
export interface ControlProps<T> {
  ids: ControlIds;
  draft: T;
  onChange: (draft: T) => void;
}
