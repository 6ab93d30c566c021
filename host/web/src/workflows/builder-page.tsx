import { useWorkflow } from "./api";
import { Builder } from "./builder";
import { WorkflowHeading } from "./workflow-heading";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Waiting } from "../ui/waiting";

export function BuilderPage({ id }: { id: string }) {
  const workflow = useWorkflow(id);
  if (workflow.data) return <Builder key={id} workflow={workflow.data} />;
  return (
    <>
      <WorkflowHeading id={id} name="Workflow" current="build" />
      {workflow.error ? (
        <Notice kind="error" actions={<Button onClick={() => void workflow.refetch()}>Try again</Button>}>
          {workflow.error.message}
        </Notice>
      ) : (
        <Waiting>Loading the workflow…</Waiting>
      )}
    </>
  );
}
