import { useState } from "react";
import type { FilterSyntax } from "../../../../components/filter";
import { Button } from "../ui/button";
import type { ControlIds } from "../ui/field";
import type { FilterOwner } from "./ask";
import { readFilterDraft, rowsOf } from "./filter-draft";
import { FilterRows } from "./filter-rows";
import { Matches } from "./matches";

/** Builds a filter in rows or takes its text; either becomes the other. A text that rows cannot show stays a text. */
export function FilterControl({
  owner,
  syntax,
  ids,
  draft,
  onChange,
}: {
  owner: FilterOwner;
  syntax: FilterSyntax;
  ids: ControlIds;
  draft: unknown;
  onChange: (draft: unknown) => void;
}) {
  const [asText, setAsText] = useState(false);
  const rows = rowsOf(syntax, draft);
  const reading = readFilterDraft(syntax, draft);
  const text = typeof reading.value === "string" ? reading.value : "";
  const missing = owner.form.missingBefore(owner.prop);
  const isText = asText || rows === undefined || missing.length > 0;
  return (
    <div className="filter-builder">
      {isText ? (
        <textarea
          {...ids}
          aria-labelledby={`${ids.id}-label`}
          rows={1}
          className="one-line mono"
          spellCheck={false}
          value={typeof draft === "string" ? draft : text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <div role="group" aria-label={`${owner.form.labelOf(owner.prop)} in rows`} id={ids.id} tabIndex={-1}>
          <FilterRows
            owner={owner}
            syntax={syntax}
            filter={rows}
            onChange={(filter) => onChange({ filter })}
          />
          {text !== "" && (
            <p className="filter-text">
              <span className="about">As text: </span>
              <code>{text}</code>
            </p>
          )}
        </div>
      )}
      <div className="row wrap spread">
        <Switch
          {...{ missing, isText, asText }}
          canBeRows={rows !== undefined}
          isFinished={reading.error === undefined}
          onText={() => {
            onChange(text);
            setAsText(true);
          }}
          onRows={() => setAsText(false)}
        />
      </div>
      {missing.length === 0 && <Matches owner={owner} text={reading.error ? undefined : text} />}
    </div>
  );
}

function Switch(props: {
  missing: string[];
  isText: boolean;
  asText: boolean;
  canBeRows: boolean;
  isFinished: boolean;
  onText: () => void;
  onRows: () => void;
}) {
  if (props.missing.length > 0)
    return <p className="about">To build it in rows, first fill in {props.missing.join(", ")}.</p>;
  if (!props.isText)
    return (
      <Button look="quiet" className="small" disabled={!props.isFinished} onClick={props.onText}>
        Edit as text
      </Button>
    );
  if (!props.canBeRows)
    return <p className="about">A part of this text has no row to show it in. It is kept as it is.</p>;
  return (
    <Button look="quiet" className="small" onClick={props.onRows}>
      Edit in rows
    </Button>
  );
}
