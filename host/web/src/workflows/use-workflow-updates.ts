import { useEffect } from "react";
import { queryClient } from "../api/queries";
import { onStream } from "../api/stream";

/** A busy workflow says much; its pages look at most this often. */
const LOOK_MS = 300;

/** Brings the pages of workflows up to date with what the host streams. */
export function useWorkflowUpdates(): void {
  useEffect(() => {
    const waiting = new Map<string, unknown[]>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      timer = undefined;
      for (const queryKey of waiting.values()) void queryClient.invalidateQueries({ queryKey });
      waiting.clear();
    };
    const note = (...queryKey: unknown[]): void => {
      waiting.set(JSON.stringify(queryKey), queryKey);
      timer ??= setTimeout(look, LOOK_MS);
    };
    const ends = [
      onStream<{ workflow_id: string; run_id: string }>("workflow-run", ({ workflow_id, run_id }) => {
        note("workflow-run", run_id);
        note("workflow-runs", workflow_id);
        note("workflow-figures", workflow_id);
        note("workflows");
      }),
      onStream("workflow", () => note("workflows")),
    ];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, []);
}
