import {
  filterProblem,
  readFilter,
  writeFilter,
  type Filter,
  type FilterSyntax,
} from "../../../../components/filter";
import type { Reading } from "../controls/reading";

/** A filter that is built in rows, finished or not. A filter that is typed is its text. */
export interface FilterDraft {
  filter: Filter;
}

const isFilterDraft = (draft: unknown): draft is FilterDraft =>
  typeof draft === "object" && draft !== null && "filter" in draft;

/** The rows of a draft; undefined for a text that rows cannot show. */
export const rowsOf = (syntax: FilterSyntax, draft: unknown): Filter | undefined =>
  isFilterDraft(draft) ? draft.filter : readFilter(syntax, typeof draft === "string" ? draft : "");

/** The text of a draft, or what is missing in its rows. A row that is not finished is never left out: fewer conditions find more. */
export function readFilterDraft(syntax: FilterSyntax, draft: unknown): Reading {
  if (!isFilterDraft(draft)) return typeof draft === "string" && draft !== "" ? { value: draft } : {};
  const error = filterProblem(syntax, draft.filter);
  if (error) return { error: `A condition is not finished. ${error}` };
  const text = writeFilter(syntax, draft.filter);
  return text === "" ? {} : { value: text };
}
