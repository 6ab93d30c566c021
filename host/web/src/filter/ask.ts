import { useQuery } from "@tanstack/react-query";
import type { FilterAsk, FilterColumn, FilterMatches } from "../../../../components/filter";
import { askFilter } from "../api/components";
import type { Component, Prop } from "../api/types";

/** The form that a filter stands in, as far as the lookups need it. */
interface FilterForm {
  component: Pick<Component, "key">;
  labelOf: (prop: Prop) => string;
  /** What would be sent, without what cannot be read. */
  configured: Record<string, unknown>;
  dynamicPropsId: string | undefined;
  /** Required fields that stand before this one and are empty. */
  missingBefore: (prop: Prop) => string[];
}

/** Whose filter is built. */
export interface FilterOwner {
  form: FilterForm;
  prop: Prop;
}

interface Asked {
  column?: string;
  query?: string;
  filter?: string;
}

function useAsk<T>(
  { form, prop }: FilterOwner,
  ask: FilterAsk,
  asked: Asked,
  enabled: boolean,
  staleTime: number,
) {
  const { [prop.name]: _own, ...configured } = form.configured;
  const isReady = form.missingBefore(prop).length === 0;
  return useQuery({
    queryKey: ["filter", form.component.key, prop.name, configured, ask, asked],
    enabled: enabled && isReady,
    queryFn: ({ signal }) =>
      askFilter<T>(
        {
          id: form.component.key,
          prop_name: prop.name,
          configured_props: configured,
          dynamic_props_id: form.dynamicPropsId,
          ask,
          ...asked,
        },
        signal,
      ),
    staleTime,
    retry: false,
  });
}

const minutes = 60_000;

/** The columns behind a reference, or of the records themselves. */
export const useFilterColumns = (owner: FilterOwner, path: string) =>
  useAsk<FilterColumn[]>(owner, "columns", { column: path }, true, 10 * minutes);

/** The values of a column; of choices all, of references those that have the words. */
export const useFilterValues = (owner: FilterOwner, column: string, query: string, enabled: boolean) =>
  useAsk<{ label: string; value: string }[]>(owner, "values", { column, query }, enabled, minutes);

/** What a filter finds now. */
export const useFilterMatches = (owner: FilterOwner, filter: string, enabled: boolean) =>
  useAsk<FilterMatches>(owner, "matches", { filter }, enabled, 0);
