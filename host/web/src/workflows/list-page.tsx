import { useMutation } from "@tanstack/react-query";
import { queryClient } from "../api/queries";
import { goTo, linkTo } from "../router";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Time } from "../ui/time";
import { Waiting } from "../ui/waiting";
import { createDraft, useWorkflows } from "./api";
import { RunBadge } from "./run-badge";
import { Templates } from "./templates";
import { WorkflowBadge } from "./test-bar";
import type { ListedWorkflow } from "./types";

export function WorkflowsPage() {
  const workflows = useWorkflows();
  const create = useMutation({
    mutationFn: () => createDraft({ definition: { name: "Untitled workflow", triggers: [], steps: [] } }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ["workflows"] });
      goTo("workflows", id);
    },
  });
  const button = (
    <Button look="primary" busy={create.isPending} onClick={() => create.mutate()}>
      New workflow
    </Button>
  );
  return (
    <>
      <PageHeading
        actions={
          <>
            {workflows.data?.length ? button : undefined}
            <a className="button quiet" href={linkTo("workflows", "variables")}>
              Variables
            </a>
          </>
        }
      >
        Workflows
      </PageHeading>
      <div className="stack">
        {workflows.isPending && <Waiting>Loading the workflows…</Waiting>}
        {workflows.error && (
          <Notice
            kind="error"
            title="The workflows could not be loaded"
            actions={<Button onClick={() => void workflows.refetch()}>Try again</Button>}
          >
            {workflows.error.message}
          </Notice>
        )}
        {create.error && <Notice kind="error">{create.error.message}</Notice>}
        {workflows.data?.length === 0 && (
          <Empty title="No workflow yet" actions={button}>
            A workflow waits for something, such as a new incident, and then does its steps: each with its own
            record, and nothing lost between them.
          </Empty>
        )}
        <ul className="cards" aria-label="Workflows">
          {workflows.data?.map((workflow) => (
            <WorkflowCard key={workflow.id} workflow={workflow} />
          ))}
        </ul>
        <Templates />
      </div>
    </>
  );
}

function WorkflowCard({ workflow }: { workflow: ListedWorkflow }) {
  const { last_run: last, failures_last_day: failures } = workflow;
  return (
    <li className="card">
      <span className="row spread top">
        <span className="card-main">
          <a className="card-title" href={linkTo("workflows", workflow.id)}>
            {workflow.name}
          </a>
          <span className="facts">
            {last ? (
              <span>
                last run <Time value={last.created_at} />
              </span>
            ) : (
              <span>has not run yet</span>
            )}
            <span>
              {failures === 0
                ? "no failure in 24 hours"
                : `${failures} ${failures === 1 ? "failure" : "failures"} in 24 hours`}
            </span>
            {workflow.version > 0 && <span>version {workflow.version}</span>}
          </span>
        </span>
        <span className="row">
          {workflow.has_draft && workflow.version > 0 && <Badge kind="busy">Draft</Badge>}
          {last && <RunBadge status={last.status} />}
          <WorkflowBadge workflow={workflow} />
          <a className="button small" href={linkTo("workflows", workflow.id, "runs")}>
            Runs<span className="unseen"> of {workflow.name}</span>
          </a>
        </span>
      </span>
      {last?.status === "failed" && <span className="clip error-text">{last.error?.message}</span>}
    </li>
  );
}
