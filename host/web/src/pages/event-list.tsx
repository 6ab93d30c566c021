import { useEffect, useRef, useState } from "react";
import { eventsKept, useEvents } from "../api/queries";
import { useStreamState } from "../api/stream";
import type { Trigger, TriggerEvent } from "../api/types";
import { useDebounced } from "../ui/use-debounced";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Waiting } from "../ui/waiting";
import { ExactTime, Time } from "../ui/time";
import { Viewer } from "../viewer/viewer";

/** The events of a trigger, newest first, as they arrive. */
export function EventList({
  trigger,
  onRun,
  running,
}: {
  trigger: Trigger;
  onRun: () => void;
  running: boolean;
}) {
  const events = useEvents(trigger.id);
  const live = useStreamState();
  const [words, setWords] = useState("");
  const { fresh, spoken } = useFresh(events.data);
  const asked = useDebounced(words.trim(), 250);
  const found = useEvents(trigger.id, asked);
  const shown = (asked ? found.data : events.data) ?? [];
  return (
    <section aria-labelledby="events-heading">
      <div className="row spread">
        <h2 id="events-heading">Events</h2>
        <Badge kind={live === "live" ? "good" : "off"}>
          {live === "live" ? "Live" : live === "lost" ? "Reconnecting…" : "Connecting…"}
        </Badge>
      </div>
      <p className="unseen" aria-live="polite">
        {spoken}
      </p>
      {events.isPending && <Waiting>Loading the events…</Waiting>}
      {events.error && (
        <Notice kind="error" actions={<Button onClick={() => void events.refetch()}>Try again</Button>}>
          {events.error.message}
        </Notice>
      )}
      {events.data?.length === 0 && (
        <div className="empty small">
          <h3>No event yet</h3>
          <p>
            {trigger.active
              ? "Change something that the trigger watches; the next run brings it here. You need not wait for the schedule."
              : "The trigger is paused. Resume it, or run it once now."}
          </p>
          <Button busy={running} onClick={onRun}>
            Run now
          </Button>
        </div>
      )}
      {events.data && events.data.length > 5 && (
        <div className="search compact">
          <label className="unseen" htmlFor="event-search">
            Search in the events
          </label>
          <input
            id="event-search"
            type="search"
            autoComplete="off"
            placeholder="Search in the events"
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          {asked && (
            <p className="about" role="status">
              {found.isFetching ? "Searching…" : found.error ? found.error.message : foundWords(shown.length)}
            </p>
          )}
        </div>
      )}
      <ul className="rows events" aria-label="Events, newest first">
        {shown.map((event) => (
          <EventRow key={event.id} event={event} fresh={fresh.has(event.id)} />
        ))}
      </ul>
      {!asked && events.data && events.data.length >= eventsKept && (
        <p className="about">The newest {eventsKept} are shown; a search finds older ones too.</p>
      )}
    </section>
  );
}

function EventRow({ event, fresh }: { event: TriggerEvent; fresh: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <li className={fresh ? "fresh" : ""}>
      <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
        <summary>
          <span className="grow clip-line">{event.sum || event.id}</span>
          <span className="about nowrap">
            <Time value={event.ts} />
          </span>
        </summary>
        <div className="row-body">
          {open && (
            <p className="about">
              <ExactTime value={event.ts} />
            </p>
          )}
          {open && (
            <Viewer value={event.e} label={`Data of ${event.sum || event.id}`} root="steps.trigger.event" />
          )}
        </div>
      </details>
    </li>
  );
}

function foundWords(count: number): string {
  if (count >= eventsKept) return `The newest ${eventsKept} that match are shown.`;
  return count === 0
    ? "No event matches. Try other words."
    : count === 1
      ? "1 event matches."
      : `${count} events match.`;
}

/** Which events came while the page was open, and a sentence about them for screen readers. */
function useFresh(events: TriggerEvent[] | undefined): { fresh: Set<string>; spoken: string } {
  const known = useRef<Set<string>>(undefined);
  const [fresh, setFresh] = useState(new Set<string>());
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    if (!events) return;
    const came = known.current ? events.filter((event) => !known.current!.has(event.id)) : [];
    known.current = new Set(events.map((event) => event.id));
    if (came.length === 0) return;
    setFresh((before) => new Set([...before, ...came.map((event) => event.id)]));
    const first = came[0]!.sum ?? "";
    setSpoken(came.length === 1 ? `New event: ${first}` : `${came.length} new events, the latest: ${first}`);
  }, [events]);
  return { fresh, spoken };
}
