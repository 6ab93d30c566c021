import type { RunFilter } from "../api/run-filter";

const spans: [number, string][] = [
  [0, "Any time"],
  [1, "The last hour"],
  [24, "The last day"],
  [168, "The last week"],
  [720, "The last month"],
];

/** State, time and text of the runs to show. `states` names those there are, after "Any state". */
export function RunFilters<Status extends string>({
  filter,
  states,
  searches,
  onChange,
}: {
  filter: RunFilter<Status>;
  states: readonly (readonly [Status, string])[];
  /** What the text is looked for in: "Search in events and errors". */
  searches: string;
  onChange: (filter: RunFilter<Status>) => void;
}) {
  return (
    <div className="row filters" role="group" aria-label="Filters">
      <label>
        <span className="unseen">State</span>
        <select
          value={filter.status}
          onChange={(event) =>
            onChange({
              ...filter,
              status: states.find(([one]) => one === event.currentTarget.value)?.[0] ?? "",
            })
          }
        >
          <option value="">Any state</option>
          {states.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <TimeSelect hours={filter.hours} onChange={(hours) => onChange({ ...filter, hours })} />
      <label className="grow">
        <span className="unseen">{searches}</span>
        <input
          type="search"
          autoComplete="off"
          placeholder={searches}
          value={filter.words}
          onChange={(event) => onChange({ ...filter, words: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}

/** How far back is looked: hours, or 0 for all. */
export function TimeSelect({ hours, onChange }: { hours: number; onChange: (hours: number) => void }) {
  return (
    <label>
      <span className="unseen">Time</span>
      <select value={hours} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        {spans.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
