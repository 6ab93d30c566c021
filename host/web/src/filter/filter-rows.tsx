import { useRef } from "react";
import type { Filter, FilterSyntax } from "../../../../components/filter";
import { Button } from "../ui/button";
import type { FilterOwner } from "./ask";
import { ConditionRow } from "./condition-row";
import {
  blankCondition,
  changed,
  removed,
  withAlternative,
  withCondition,
  withGroup,
  type Place,
} from "./edits";

/** The rows of a filter, in their groups. */
export function FilterRows({
  owner,
  syntax,
  filter,
  onChange,
}: {
  owner: FilterOwner;
  syntax: FilterSyntax;
  filter: Filter;
  onChange: (filter: Filter) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const blank = blankCondition(syntax);
  let count = 0;
  /** Shows the change, then takes the focus to a row by its number, or to the first button when no row is left. */
  const then = (next: Filter, row?: number) => {
    onChange(next);
    if (row === undefined) return;
    requestAnimationFrame(() => {
      const rows = [...(box.current?.querySelectorAll<HTMLElement>(".filter-row") ?? [])];
      const target = rows[Math.min(row, rows.length - 1)]?.querySelector<HTMLElement>("input");
      (target ?? box.current?.querySelector<HTMLElement>(".filter-add"))?.focus();
    });
  };
  const rowsBefore = (groups: Filter["groups"]) => groups.flat(2).length;
  return (
    <div className="filter-rows" ref={box}>
      {filter.groups.map((clauses, group) => (
        <div
          key={group}
          className="filter-group"
          {...(filter.groups.length > 1 ? { role: "group", "aria-label": `Group ${group + 1}` } : {})}
        >
          {group > 0 && <p className="filter-or">or</p>}
          {clauses.map((conditions, clause) =>
            conditions.map((condition, at) => {
              const place: Place = [group, clause, at];
              const row = count++;
              return (
                <ConditionRow
                  key={`${clause} ${at}`}
                  owner={owner}
                  syntax={syntax}
                  name={`condition ${row + 1}`}
                  condition={condition}
                  joint={at > 0 ? "or" : clause > 0 ? "and" : ""}
                  onChange={(next) => onChange(changed(filter, place, next))}
                  onAlternative={() => then(withAlternative(filter, place, blank), row + 1)}
                  onRemove={() => then(removed(filter, place), row)}
                />
              );
            }),
          )}
          <Button
            className="add filter-add"
            onClick={() =>
              then(withCondition(filter, group, blank), rowsBefore(filter.groups.slice(0, group + 1)))
            }
          >
            + Condition
          </Button>
        </div>
      ))}
      {filter.groups.some((clauses) => clauses.length > 0) && (
        <Button className="add" onClick={() => then(withGroup(filter, blank), rowsBefore(filter.groups))}>
          + Group: or all of these
        </Button>
      )}
      {filter.rest !== "" && (
        <p className="about">
          Kept as it is: <code>{filter.rest}</code>
        </p>
      )}
    </div>
  );
}
