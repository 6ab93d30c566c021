import type { FilterHint, FilterRequest } from "../../../components";
import { textOf } from "../../../common/table/cells";
import type { WithClient } from "../with-client";
import { filterColumns } from "../options/filter-columns";
import { filterMatches, filterValues } from "./lookups";
import { querySyntax } from "./syntax";

/** Where a filter finds the app and the table: in the app itself, or in the source that has both as props. */
type In<Owner> = (owner: Owner, request: FilterRequest) => { app: WithClient; table: unknown };

/** The hint by which a form builds an encoded query; without a table it offers nothing. */
export function queryHint<Owner>(find: In<Owner>): FilterHint & ThisType<Owner> {
  const found = (owner: Owner, request: FilterRequest) => {
    const { app, table } = find(owner, request);
    return { client: app.client(), table: textOf(table) };
  };
  return {
    syntax: querySyntax,
    async columns(this: Owner, request: FilterRequest) {
      const { client, table } = found(this, request);
      return table ? filterColumns(client, table, request.column) : [];
    },
    async values(this: Owner, request: FilterRequest) {
      const { client, table } = found(this, request);
      return filterValues(client, table, request);
    },
    async matches(this: Owner, request: FilterRequest) {
      const { client, table } = found(this, request);
      return table ? filterMatches(client, table, request.filter) : { count: null, first: [] };
    },
  };
}
