import { cellOf } from "./cell";

const longestShown = 300;

/** One value of a record. A reference with a link is a chip that opens the record where it lives. */
export function Cell({
  value,
  form,
  plain = false,
}: {
  value: unknown;
  form: "display" | "stored";
  /** Inside of a button, where no link may be. */
  plain?: boolean;
}) {
  const cell = cellOf(value);
  const text = cell[form];
  const shown = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  if (shown === "") return plain ? <>(empty)</> : null;
  if (!cell.href || plain) return <>{shown}</>;
  return (
    <a
      className="reference"
      href={cell.href}
      target="_blank"
      rel="noopener noreferrer"
      title="Open the record"
    >
      {shown}
    </a>
  );
}
