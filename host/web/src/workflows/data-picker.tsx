import { useState } from "react";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { useDebounced } from "../ui/use-debounced";
import { TreeView } from "../viewer/tree-view";
import { useReadable } from "./builder-data";

/** The button of a field that opens what can be read there, with the values of the newest test or run. */
export function DataPicker({
  namespace,
  label,
  onPick,
}: {
  namespace: string;
  label: string;
  onPick: (expression: string) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        look="quiet"
        className="small"
        aria-label={`Insert data into ${label}`}
        onClick={() => setOpen(true)}
      >
        {"{{ }}"} Insert data
      </Button>
      {open && (
        <PickerDialog
          namespace={namespace}
          label={label}
          onClose={() => setOpen(false)}
          onPick={(path) => {
            setOpen(false);
            // After the window has given the focus back.
            setTimeout(() => onPick(`{{ ${path} }}`));
          }}
        />
      )}
    </>
  );
}

function PickerDialog({
  namespace,
  label,
  onClose,
  onPick,
}: {
  namespace: string;
  label: string;
  onClose: () => void;
  onPick: (path: string) => void;
}) {
  const readable = useReadable(namespace);
  const [root, setRoot] = useState(readable[0]?.root);
  const [typed, setTyped] = useState("");
  const words = useDebounced(typed.trim(), 150);
  const chosen = readable.find((one) => one.root === root) ?? readable[0];
  return (
    <Dialog title={`Insert data into ${label}`} onClose={onClose}>
      <div className="stack tight">
        <div className="row">
          <label className="grow">
            <span className="small-label">From</span>
            <select value={chosen?.root} onChange={(event) => setRoot(event.currentTarget.value)}>
              {readable.map((one) => (
                <option key={one.root} value={one.root}>
                  {one.label}
                  {one.value === undefined ? " (no result yet)" : ""}
                </option>
              ))}
            </select>
          </label>
          <label className="grow">
            <span className="small-label">Search inside</span>
            <input type="search" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
          </label>
        </div>
        {chosen && chosen.value !== undefined ? (
          <TreeView
            key={chosen.root}
            value={chosen.value}
            label={`Data of ${chosen.label}`}
            root={chosen.root}
            words={words}
            onPick={onPick}
          />
        ) : (
          <p className="about">
            {chosen?.root === "steps.trigger.event"
              ? "No event is chosen yet. Choose one with “Choose event”, and its data is shown here."
              : "This step has no result yet. Test it, and what it gives is shown here."}
          </p>
        )}
        {chosen && (
          <div className="row end">
            <Button onClick={() => onPick(chosen.root)}>Insert all of it</Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}
