/** An encoded query: the groups of a guarded filter, each with the clauses, and an order. */
export function encodeWith(
  groups: readonly string[],
  clauses: readonly string[],
  order: readonly string[] = [],
): string {
  const sets = (groups.length > 0 ? groups : [""]).map((group) =>
    [group, ...clauses].filter((part) => part !== "").join("^"),
  );
  return [sets.join("^NQ"), ...order].filter((part) => part !== "").join("^");
}
