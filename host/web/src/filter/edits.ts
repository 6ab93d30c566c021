import type { Filter, FilterCondition, FilterSyntax } from "../../../../components/filter";

/** Where a row stands: group, clause, condition. */
export type Place = readonly [group: number, clause: number, condition: number];

/** A row that nothing has been chosen in yet. */
export const blankCondition = (syntax: FilterSyntax): FilterCondition => ({
  column: "",
  operator: syntax.operators[0]?.id ?? "",
  value: "",
});

/** Changes the conditions of one clause; clauses and groups that become empty go. */
function inClause(
  filter: Filter,
  [group, clause]: Place,
  change: (conditions: FilterCondition[]) => FilterCondition[],
): Filter {
  const groups = filter.groups.map((clauses, at) =>
    at === group
      ? clauses.map((one, place) => (place === clause ? change(one) : one)).filter((one) => one.length > 0)
      : clauses,
  );
  const kept = groups.filter((clauses) => clauses.length > 0);
  return { ...filter, groups: kept.length > 0 ? kept : [[]] };
}

export const changed = (filter: Filter, place: Place, condition: FilterCondition): Filter =>
  inClause(filter, place, (all) => all.map((one, at) => (at === place[2] ? condition : one)));

export const removed = (filter: Filter, place: Place): Filter =>
  inClause(filter, place, (all) => all.filter((_, at) => at !== place[2]));

export const withAlternative = (filter: Filter, place: Place, condition: FilterCondition): Filter =>
  inClause(filter, place, (all) => all.toSpliced(place[2] + 1, 0, condition));

export const withCondition = (filter: Filter, group: number, condition: FilterCondition): Filter => ({
  ...filter,
  groups: filter.groups.map((clauses, at) => (at === group ? [...clauses, [condition]] : clauses)),
});

export const withGroup = (filter: Filter, condition: FilterCondition): Filter => ({
  ...filter,
  groups: [...filter.groups, [[condition]]],
});
