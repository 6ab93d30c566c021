interface LogLine {
  level?: string;
  message?: string;
}

/** What a component wrote to its log. */
export function Logs({ logs }: { logs: LogLine[] }) {
  if (logs.length === 0) return <p className="about">It logged nothing.</p>;
  return (
    <ol className="logs">
      {logs.map((line, at) => (
        <li key={at} className={line.level ?? ""}>
          {line.level && line.level !== "info" && line.level !== "log" && <strong>{line.level} </strong>}
          {line.message}
        </li>
      ))}
    </ol>
  );
}
