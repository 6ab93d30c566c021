import { useDeferredValue, useId, useMemo, useState } from "react";
import { asText } from "../../../../components/prop-rules";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { toCsv } from "./csv";
import { saveFile } from "./save-file";
import { RecordTable } from "./record-table";
import { columnsOf, hasDisplayValues, recordsIn, rowsWith, type Records } from "./records";
import { TreeView } from "./tree-view";
import { useDebounced } from "../ui/use-debounced";

interface ViewerProps {
  value: unknown;
  /** What is shown, for its name and the names of its files: "Result". */
  label: string;
  /** How an expression of a workflow names the value: `steps.trigger.event`. */
  root: string;
}

/** Anything a component gave: records as a table, everything as a tree; searched, copied and saved from here. */
export function Viewer({ value, label, root }: ViewerProps) {
  const records = useMemo(() => recordsIn(value), [value]);
  const [view, setView] = useState<"table" | "tree">(records ? "table" : "tree");
  const [typed, setTyped] = useState("");
  const words = useDeferredValue(useDebounced(typed.trim(), 150));
  const searchId = useId();
  if (typeof value !== "object" || value === null) return <Plain value={value} label={label} />;
  return (
    <div className="viewer">
      <div className="viewer-tools">
        {records && (
          <div className="segments" role="group" aria-label="Show as">
            {(["table", "tree"] as const).map((one) => (
              <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>
                {one === "table" ? "Table" : "Tree"}
              </button>
            ))}
          </div>
        )}
        <label className="unseen" htmlFor={searchId}>
          Search in {label}
        </label>
        <input
          id={searchId}
          type="search"
          autoComplete="off"
          placeholder="Search inside"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <CopyButton text={() => JSON.stringify(value, null, 2)} label="Copy JSON" />
        <Button
          look="quiet"
          className="small"
          onClick={() => saveFile(`${label}.json`, "application/json", JSON.stringify(value, null, 2))}
        >
          Download JSON
        </Button>
      </div>
      {records && view === "table" ? (
        <RecordsView records={records} label={label} root={root} words={words} />
      ) : (
        <TreeView value={value} label={label} root={root} words={words} />
      )}
    </div>
  );
}

function RecordsView({
  records,
  label,
  root,
  words,
}: {
  records: Records;
  label: string;
  root: string;
  words: string;
}) {
  const { rows, path } = records;
  const columns = useMemo(() => columnsOf(rows), [rows]);
  const found = useMemo(() => rowsWith(rows, words), [rows, words]);
  const canSwitch = useMemo(() => hasDisplayValues(rows), [rows]);
  const [withEmpty, setWithEmpty] = useState(false);
  const [form, setForm] = useState<"display" | "stored">("display");
  const [opened, setOpened] = useState<number>();
  const shown = withEmpty ? [...columns.filled, ...columns.empty] : columns.filled;
  return (
    <>
      <div className="viewer-facts">
        <p className="about" role="status">
          {words === ""
            ? `${counted(rows.length, "record")}, ${counted(columns.filled.length, "column")}`
            : `${found.length} of ${counted(rows.length, "record")}`}
        </p>
        {columns.empty.length > 0 && (
          <label className="choice">
            <input
              type="checkbox"
              checked={withEmpty}
              onChange={(event) => setWithEmpty(event.currentTarget.checked)}
            />
            {counted(columns.empty.length, "empty column")} too
          </label>
        )}
        {canSwitch && (
          <label className="choice">
            <input
              type="checkbox"
              checked={form === "stored"}
              onChange={(event) => setForm(event.currentTarget.checked ? "stored" : "display")}
            />
            Stored values
          </label>
        )}
        <Button
          look="quiet"
          className="small"
          onClick={() => saveFile(`${label}.csv`, "text/csv", toCsv(rows, shown, form))}
        >
          Download CSV
        </Button>
      </div>
      <RecordTable
        label={label}
        rows={found}
        total={rows.length}
        columns={shown}
        form={form}
        opened={opened}
        onOpen={(at) => setOpened((before) => (before === at ? undefined : at))}
      />
      {opened !== undefined && (
        <section className="record-opened" aria-label={`Record ${opened + 1}`}>
          <TreeView
            key={opened}
            value={rows[opened]}
            label={`Record ${opened + 1}`}
            root={root}
            path={[...path, opened]}
            words=""
          />
        </section>
      )}
    </>
  );
}

/** A text or a number alone. */
function Plain({ value, label }: { value: unknown; label: string }) {
  const text = asText(value);
  return (
    <div className="viewer">
      <div className="viewer-tools">
        <CopyButton text={() => text} label="Copy" />
      </div>
      <pre tabIndex={0} role="group" aria-label={label}>
        {text}
      </pre>
    </div>
  );
}

const counted = (count: number, noun: string): string => `${count} ${count === 1 ? noun : `${noun}s`}`;
