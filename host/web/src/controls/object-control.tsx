import { isRecord } from "../../../../components/prop-rules";
import { Button } from "../ui/button";
import type { ControlProps } from "./control-props";
import { blankRow, readObjectDraft, rowsOf, type ObjectDraft } from "./object-draft";

/** Names and values as rows, or the same as JSON for values that are not text. */
export function ObjectControl({ ids, draft, onChange }: ControlProps<ObjectDraft>) {
  if (draft.mode === "json") {
    const read = readObjectDraft(draft);
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
            onClick={() => back && onChange({ ...back, rows: back.rows.length ? back.rows : [blankRow] })}
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
                  rows: rows.length === 1 ? [blankRow] : rows.filter((_, place) => place !== at),
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
          onClick={() => onChange({ ...draft, rows: [...rows, blankRow] })}
        >
          + Add another
        </Button>
        <Button
          look="quiet"
          className="small"
          onClick={() => {
            const { value } = readObjectDraft(draft);
            onChange({ mode: "json", rows: [], json: JSON.stringify(value ?? {}, null, 2) });
          }}
        >
          Edit as JSON
        </Button>
      </div>
    </div>
  );
}
