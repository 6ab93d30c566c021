import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { api } from "../api/http";
import { parseJson } from "../controls/json-text";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { Time } from "../ui/time";
import { useWorkflowRuns } from "./api";
import type { ChosenEvent } from "./chosen-event";
import { RunBadge } from "./run-badge";
import type { SampleEvent, WorkflowRun } from "./types";

/** Chooses the event that tests run with: one that the source found, one of an earlier run, or one written by hand. */
export function EventDialog({
  workflowId,
  samples,
  chosen,
  onChoose,
  onClose,
}: {
  workflowId: string;
  samples: SampleEvent[];
  chosen: ChosenEvent | undefined;
  onChoose: (event: ChosenEvent) => void;
  onClose: () => void;
}) {
  const runs = useWorkflowRuns(workflowId, { status: "", hours: 0, words: "" });
  const ofRun = useMutation({
    mutationFn: (id: string) => api<WorkflowRun>("GET", `/api/runs/${id}`),
    onSuccess: (run) => onChoose({ label: `Event of the run ${run.created_at}`, value: run.event }),
  });
  const [text, setText] = useState(() => JSON.stringify(chosen?.value ?? {}, null, 2));
  const read = parseJson(text);
  return (
    <Dialog title="Choose event" onClose={onClose}>
      <div className="stack">
        {samples.length > 0 && (
          <section aria-label="Events of the source">
            <h3>Events of the source</h3>
            <ul className="rows">
              {samples.map((sample) => (
                <li key={sample.id}>
                  <button
                    type="button"
                    className="row-button"
                    onClick={() => onChoose({ label: sample.summary ?? sample.id, value: sample.event })}
                  >
                    <span className="grow clip-line">{sample.summary ?? sample.id}</span>
                    <span className="about nowrap">
                      <Time value={sample.ts} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        {(runs.data?.pages[0]?.length ?? 0) > 0 && (
          <section aria-label="Events of earlier runs">
            <h3>Events of earlier runs</h3>
            <ul className="rows">
              {runs.data?.pages[0]?.slice(0, 8).map((run) => (
                <li key={run.id}>
                  <button type="button" className="row-button" onClick={() => ofRun.mutate(run.id)}>
                    <span className="grow">
                      <Time value={run.created_at} />
                    </span>
                    <RunBadge status={run.status} />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        {ofRun.error && <Notice kind="error">{ofRun.error.message}</Notice>}
        <Field label="Written by hand" error={read.error} description="The event as JSON.">
          {(ids) => (
            <textarea
              {...ids}
              className="mono"
              rows={6}
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <div className="row end">
          <Button
            look="primary"
            disabled={read.error !== undefined}
            onClick={() =>
              read.error === undefined && onChoose({ label: "Written by hand", value: read.value })
            }
          >
            Use this event
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
