import { useMutation } from "@tanstack/react-query";
import type { PropForm } from "../form/form-state";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Time } from "../ui/time";
import { Viewer } from "../viewer/viewer";
import { sampleEvents } from "../workflows/api";

const SHOWN = 3;

/** Tries a source as it is set in the form, before it is deployed: the newest events it would give. */
export function SampleEvents({ form }: { form: PropForm }) {
  const samples = useMutation({
    mutationFn: () => sampleEvents(form.component.key, form.configured),
    onError: form.refuse,
  });
  const shown = samples.data?.slice(0, SHOWN) ?? [];
  return (
    <section aria-label="Test" className="stack tight">
      <div className="row">
        <Button
          busy={samples.isPending}
          onClick={() => {
            if (!form.check()) samples.mutate();
          }}
        >
          {samples.isPending ? "Looking for events…" : "Test"}
        </Button>
        <span className="about">Shows up to three events as they would come. Nothing is deployed.</span>
      </div>
      {samples.error && (
        <Notice kind="error" title="The test found no events" reveal>
          <p className="prewrap">{samples.error.message}</p>
        </Notice>
      )}
      {samples.data?.length === 0 && (
        <Notice kind="info">
          There is no recent event for these settings. Make one, such as a record that fits, and test again.
        </Notice>
      )}
      {shown.length > 0 && (
        <ul className="rows" aria-label="Sample events">
          {shown.map((event) => (
            <li key={event.id}>
              <details>
                <summary>
                  <span className="grow clip-line">{event.summary ?? event.id}</span>
                  <span className="about nowrap">
                    <Time value={event.ts} />
                  </span>
                </summary>
                <div className="row-body">
                  <Viewer
                    value={event.event}
                    label={`Data of ${event.summary ?? event.id}`}
                    root="steps.trigger.event"
                  />
                </div>
              </details>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
