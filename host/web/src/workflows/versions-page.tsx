import { useMutation } from "@tanstack/react-query";
import { api } from "../api/http";
import { queryClient } from "../api/queries";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { ExactTime } from "../ui/time";
import { Waiting } from "../ui/waiting";
import { useVersions, useWorkflow } from "./api";
import { WorkflowHeading } from "./workflow-heading";

/** What was published, and the way back to it. */
export function VersionsPage({ id }: { id: string }) {
  const workflow = useWorkflow(id);
  const versions = useVersions(id);
  const restore = useMutation({
    mutationFn: (version: number) => api("POST", `/api/workflows/${id}/versions/${version}/restore`),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  return (
    <>
      <WorkflowHeading id={id} name={workflow.data?.name ?? "Workflow"} current="versions" />
      <div className="stack">
        {versions.isPending && <Waiting>Loading the versions…</Waiting>}
        {(versions.error ?? restore.error) && (
          <Notice kind="error">{(versions.error ?? restore.error)?.message}</Notice>
        )}
        {versions.data?.length === 0 && (
          <p className="empty small about">Nothing is published yet. Each publication is a version here.</p>
        )}
        <ul className="rows" aria-label="Versions, newest first">
          {versions.data?.map(({ version, created_at, present }) => (
            <li key={version} className="row spread padded">
              <span>
                Version {version}, <ExactTime value={created_at} />
              </span>
              {present ? (
                <Badge kind="good">Present</Badge>
              ) : (
                <Button
                  className="small"
                  busy={restore.isPending && restore.variables === version}
                  onClick={() => restore.mutate(version)}
                >
                  Restore<span className="unseen"> version {version}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
