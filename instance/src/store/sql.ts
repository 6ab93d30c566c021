/** What a statement takes in place of a `?`. */
export type Parameter = string | number | Uint8Array | null;

/** A piece of SQL with its parameters. */
export interface Fragment {
  sql: string;
  parameters: Parameter[];
}

/** The values of a JSON array that is given as a parameter, for `IN`. */
export const listOfValues = "SELECT value FROM json_each(?)";

export const always: Fragment = { sql: "1", parameters: [] };
export const never: Fragment = { sql: "0", parameters: [] };
export const and = (parts: Fragment[]): Fragment => join(distinct(parts), "AND", always);
export const or = (parts: Fragment[]): Fragment => join(distinct(parts), "OR", never);

/** The planner's time grows with the square of the terms; repeated ones say nothing new. */
function distinct(parts: Fragment[]): Fragment[] {
  if (parts.length < 20) return parts;
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}

/** A balanced tree, since SQLite limits how deep an expression may be, not how long. */
function join(parts: Fragment[], operator: "AND" | "OR", none: Fragment): Fragment {
  const [first = none, second] = parts;
  if (!second) return first;
  const middle = parts.length >> 1;
  const left = join(parts.slice(0, middle), operator, none);
  const right = join(parts.slice(middle), operator, none);
  return {
    sql: `(${left.sql} ${operator} ${right.sql})`,
    parameters: [...left.parameters, ...right.parameters],
  };
}
