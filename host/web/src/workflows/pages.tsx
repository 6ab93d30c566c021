import "./workflows.css";
import { useWorkflowUpdates } from "./use-workflow-updates";
import { BuilderPage } from "./builder-page";
import { WorkflowsPage } from "./list-page";
import { RunPage } from "./run-page";
import { RunsPage } from "./runs-page";
import { VariablesPage } from "./variables-page";
import { VersionsPage } from "./versions-page";

/** The pages of workflows, loaded when the first of them is opened. */
export default function WorkflowPages({ route }: { route: string[] }) {
  useWorkflowUpdates();
  const [id, page, run] = route;
  if (id === undefined) return <WorkflowsPage />;
  if (id === "variables") return <VariablesPage />;
  if (page === "versions") return <VersionsPage id={id} />;
  if (page === "runs") return run === undefined ? <RunsPage id={id} /> : <RunPage id={run} workflowId={id} />;
  return <BuilderPage id={id} />;
}
