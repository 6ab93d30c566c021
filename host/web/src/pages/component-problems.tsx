import { useQuery } from "@tanstack/react-query";
import { api } from "../api/http";
import { Notice } from "../ui/notice";

interface ComponentProblem {
  file: string;
  key: string;
  message: string;
}

/** Components that are there and cannot be loaded, each with the reason; nothing when all can. */
export function ComponentProblems() {
  const problems = useQuery({
    queryKey: ["component-problems"],
    queryFn: ({ signal }) =>
      api<{ data: ComponentProblem[] }>("GET", "/api/component-problems", undefined, signal),
    staleTime: 10_000,
  }).data?.data;
  if (!problems || problems.length === 0) return null;
  const title =
    problems.length === 1
      ? "A component could not be loaded"
      : `${problems.length} components could not be loaded`;
  return (
    <Notice kind="warning" title={title}>
      <ul className="plain">
        {problems.map(({ file, key, message }) => (
          <li key={file}>
            <strong>{key}</strong>: {message} <code className="break">{file}</code>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
