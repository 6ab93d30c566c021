import type { ReactNode } from "react";
import { linkTo } from "../router";
import { PageHeading } from "../ui/page-heading";

const pages = [
  ["build", "Build"],
  ["runs", "Runs"],
  ["versions", "Versions"],
] as const;

/** The name of a workflow, and the pages about it. */
export function WorkflowHeading({
  id,
  name,
  current,
  actions,
}: {
  id: string;
  name: string;
  current: "build" | "runs" | "versions";
  actions?: ReactNode;
}) {
  return (
    <>
      <PageHeading
        back={
          <a className="back" href={linkTo("workflows")}>
            ← Workflows
          </a>
        }
        actions={actions}
      >
        {name}
      </PageHeading>
      <nav className="sub-pages" aria-label="Pages of this workflow">
        {pages.map(([page, label]) => (
          <a
            key={page}
            href={page === "build" ? linkTo("workflows", id) : linkTo("workflows", id, page)}
            aria-current={page === current ? "page" : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
    </>
  );
}
