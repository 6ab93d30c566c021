import type { ControlProps } from "./control-props";
import type { TimerDraft } from "./timer-draft";

const units = ["seconds", "minutes", "hours", "days"] as const;

/** How often a trigger looks for something new. */
export function TimerControl({ ids, draft, onChange }: ControlProps<TimerDraft>) {
  const set = (change: Partial<TimerDraft>) => onChange({ ...draft, ...change });
  return (
    <div className="stack tight">
      <div className="row">
        <select
          id={ids.id}
          aria-label="Kind of schedule"
          value={draft.mode}
          onChange={(event) => set({ mode: event.currentTarget.value as TimerDraft["mode"] })}
        >
          <option value="every">Every</option>
          <option value="cron">By cron</option>
        </select>
        {draft.mode === "every" && (
          <>
            <input
              className="short"
              aria-label="How many"
              inputMode="numeric"
              aria-invalid={ids["aria-invalid"]}
              value={draft.amount}
              onChange={(event) => set({ amount: event.currentTarget.value })}
            />
            <select
              aria-label="Unit"
              value={draft.unit}
              onChange={(event) => set({ unit: event.currentTarget.value as TimerDraft["unit"] })}
            >
              {units.map((unit) => (
                <option key={unit}>{unit}</option>
              ))}
            </select>
          </>
        )}
      </div>
      {draft.mode === "cron" && (
        <div className="row top">
          <label className="grow">
            <span className="small-label">Cron expression</span>
            <input
              className="mono"
              value={draft.cron}
              spellCheck={false}
              aria-invalid={ids["aria-invalid"]}
              onChange={(event) => set({ cron: event.currentTarget.value })}
            />
            <span className="about">
              Minute, hour, day of month, month, day of week. 0 9 * * 1-5 is 9:00 on weekdays.
            </span>
          </label>
          <label className="grow">
            <span className="small-label">Time zone</span>
            <select value={draft.timezone} onChange={(event) => set({ timezone: event.currentTarget.value })}>
              {timeZones().map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </select>
          </label>
        </div>
      )}
    </div>
  );
}

function timeZones(): string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set(["UTC", own, ...Intl.supportedValuesOf("timeZone")])];
}
