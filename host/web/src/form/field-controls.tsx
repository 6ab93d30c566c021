import { useId } from "react";
import type { Prop } from "../api/types";
import { Button } from "../ui/basics";
import type { ControlIds } from "../ui/field";
import { isRecord, readObject, rowsOf, scheduleWords, type ObjectDraft, type TimerDraft } from "./values";

interface ControlProps<T> {
  prop: Prop;
  ids: ControlIds;
  draft: T;
  onChange: (draft: T) => void;
}

export function YesNo({ ids, draft, onChange }: ControlProps<boolean | undefined>) {
  const name = useId();
  return (
    <div className="row choices">
      {[true, false].map((value) => (
        <label key={String(value)} className="choice">
          <input
            type="radio"
            name={name}
            {...(value ? { id: ids.id } : {})}
            checked={draft === value}
            onChange={() => onChange(value)}
          />
          {value ? "Yes" : "No"}
        </label>
      ))}
    </div>
  );
}

const units = ["seconds", "minutes", "hours", "days"] as const;

/** How often a trigger looks for something new. */
export function TimerControl({ prop, ids, draft, onChange }: ControlProps<TimerDraft>) {
  if (prop.static !== undefined)
    return <p className="fixed">Runs {scheduleWords(prop.static)}; the component fixes this.</p>;
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

/** Names and values as rows, or the same as JSON for values that are not text. */
export function ObjectControl({ prop, ids, draft, onChange }: ControlProps<ObjectDraft>) {
  if (draft.mode === "json") {
    const read = readObject(draft);
    const back = read.error ? undefined : rowsOf(isRecord(read.value) ? read.value : {});
    return (
      <div className="stack tight">
        <textarea
          {...ids}
          className="mono"
          rows={6}
          spellCheck={false}
          placeholder={'{\n  "short_description": "Cannot log in"\n}'}
          value={draft.json}
          onChange={(event) => onChange({ ...draft, json: event.currentTarget.value })}
        />
        {draft.json.trim() !== "" && !ids["aria-invalid"] && (
          <p className="hint" role="status">
            {read.error ?? "Valid JSON."}
          </p>
        )}
        <div className="row">
          <Button
            look="quiet"
            className="small"
            disabled={!back}
            title={back ? undefined : "Only an object whose values are all text fits into rows."}
            onClick={() =>
              back && onChange({ ...back, rows: back.rows.length ? back.rows : [{ name: "", value: "" }] })
            }
          >
            Edit as rows
          </Button>
        </div>
      </div>
    );
  }
  const rows = draft.rows;
  const setRow = (at: number, change: Partial<ObjectDraft["rows"][number]>) =>
    onChange({ ...draft, rows: rows.map((row, place) => (place === at ? { ...row, ...change } : row)) });
  return (
    <div className="stack tight">
      <div className="pairs">
        {rows.map((row, at) => (
          <div className="pair" key={at}>
            <input
              {...(at === 0 ? ids : {})}
              aria-label={`Name ${at + 1}`}
              placeholder="Name"
              className="mono"
              autoComplete="off"
              spellCheck={false}
              value={row.name}
              onChange={(event) => setRow(at, { name: event.currentTarget.value })}
            />
            <textarea
              rows={1}
              aria-label={`Value of ${row.name || `row ${at + 1}`}`}
              placeholder="Value"
              value={row.value}
              onChange={(event) => setRow(at, { value: event.currentTarget.value })}
            />
            <Button
              look="quiet"
              className="small"
              aria-label={`Remove ${row.name || `row ${at + 1}`}`}
              onClick={() =>
                onChange({
                  ...draft,
                  rows:
                    rows.length === 1 ? [{ name: "", value: "" }] : rows.filter((_, place) => place !== at),
                })
              }
            >
              ×
            </Button>
          </div>
        ))}
      </div>
      <div className="row">
        <Button
          look="quiet"
          className="small"
          onClick={() => onChange({ ...draft, rows: [...rows, { name: "", value: "" }] })}
        >
          + Add {prop.label ? "another" : "a row"}
        </Button>
        <Button
          look="quiet"
          className="small"
          onClick={() => {
            const { value } = readObject(draft);
            onChange({ mode: "json", rows: [], json: JSON.stringify(value ?? {}, null, 2) });
          }}
        >
          Edit as JSON
        </Button>
      </div>
    </div>
  );
}
