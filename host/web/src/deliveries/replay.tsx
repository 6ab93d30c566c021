import { useMutation } from "@tanstack/react-query";
import { queryClient } from "../api/queries";
import { linkTo } from "../router";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { replayEvents } from "./api";

/** Sends events once more to everything that receives them, and says to what they went. */
export function Replay({ triggerId, events, label }: { triggerId: string; events: string[]; label: string }) {
  const replay = useMutation({
    mutationFn: () => replayEvents(triggerId, events),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["receivers", triggerId] }),
  });
  const { deliveries = 0, runs = [] } = replay.data ?? {};
  const [run] = runs;
  return (
    <div className="stack tight">
      <div className="row">
        <Button className="small" busy={replay.isPending} onClick={() => replay.mutate()}>
          {label}
        </Button>
      </div>
      {replay.error && <Notice kind="error">{replay.error.message}</Notice>}
      {replay.data && (
        <Notice kind="success">
          {[
            deliveries > 0 && `${deliveries} ${deliveries === 1 ? "delivery" : "deliveries"} on the way`,
            runs.length > 0 && `${runs.length} ${runs.length === 1 ? "run" : "runs"} of workflows started`,
          ]
            .filter(Boolean)
            .join(", ")}
          .{" "}
          {run && (
            <a
              href={
                runs.length === 1
                  ? linkTo("workflows", run.workflow_id, "runs", run.id)
                  : linkTo("workflows", run.workflow_id, "runs")
              }
            >
              {runs.length === 1 ? "Open the run" : "Open the runs"}
            </a>
          )}
        </Notice>
      )}
    </div>
  );
}
