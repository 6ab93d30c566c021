import { useMemo, useState } from "react";
import { Button, CopyButton } from "./basics";

const linesAtFirst = 200;

/** JSON, indented and coloured, with a button to copy all of it. Long ones open in part. */
export function Json({ value, label }: { value: unknown; label: string }) {
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? "undefined", [value]);
  const lines = useMemo(() => text.split("\n"), [text]);
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, linesAtFirst);
  return (
    <div className="json">
      <div className="json-tools">
        <CopyButton text={() => text} label="Copy JSON" />
      </div>
      <pre tabIndex={0} aria-label={label}>
        {shown.map((line, at) => (
          <JsonLine key={at} line={line} />
        ))}
      </pre>
      {!all && lines.length > linesAtFirst && (
        <Button look="quiet" className="small" onClick={() => setAll(true)}>
          Show all {lines.length} lines
        </Button>
      )}
    </div>
  );
}

const linePattern = /^(\s*)("(?:[^"\\]|\\.)*"(?=:))?(:?\s*)(.*?)(,?)$/;

function JsonLine({ line }: { line: string }) {
  const [, indent = "", key, colon = "", rest = "", comma = ""] = linePattern.exec(line) ?? [];
  const kind = rest.startsWith('"')
    ? "s"
    : /^[-\d]/.test(rest)
      ? "n"
      : /^(true|false|null)/.test(rest)
        ? "k"
        : "";
  return (
    <>
      {indent}
      {key && <span className="j-key">{key}</span>}
      {colon}
      {rest && <span className={kind && `j-${kind}`}>{rest}</span>}
      {comma}
      {"\n"}
    </>
  );
}
