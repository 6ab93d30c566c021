import type { Problem } from "./types";

/** What is not right yet, with its place in the file. */
export function ProblemList({ problems }: { problems: Problem[] }) {
  return (
    <div role="status" className="problems">
      {problems.length > 0 && (
        <>
          <h2>Not ready yet</h2>
          <ul className="stack tight">
            {problems.slice(0, 20).map(({ path, reason }, at) => (
              <li key={at}>
                <code>{path}</code> {reason}
              </li>
            ))}
          </ul>
          {problems.length > 20 && <p className="about">and {problems.length - 20} more.</p>}
        </>
      )}
    </div>
  );
}
