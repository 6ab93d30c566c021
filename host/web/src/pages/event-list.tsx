import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { eventsKept, fetchEvents, useEvents, useFoundEvents, type EventFilter } from "../api/queries";
import { useStreamState } from "../api/stream";
import type { Trigger, TriggerEvent } from "../api/types";
import { Replay } from "../deliveries/replay";
import { TimeSelect } from "../ui/run-filters";
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
  const [hours, setHours] = useState(0);
  const { fresh, spoken } = useFresh(events.data);
  const filter = { words: useDebounced(words.trim(), 250), hours };
  const isFiltered = filter.words !== "" || hours > 0;
  const found = useFoundEvents(trigger.id, filter, isFiltered);
  const newest = (isFiltered ? found.data : events.data) ?? [];
  const { older, isEnd, more } = useOlderEvents(trigger.id, filter, newest);
  const shown = [...newest, ...older];
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
        <div className="stack tight">
          <div className="row filters" role="group" aria-label="Filters of events">
            <TimeSelect hours={hours} onChange={setHours} />
            <label className="grow">
              <span className="unseen">Search in the events</span>
              <input
                type="search"
                autoComplete="off"
                placeholder="Search in the events"
                value={words}
                onChange={(event) => setWords(event.currentTarget.value)}
              />
            </label>
          </div>
          {isFiltered && (
            <p className="about" role="status">
              {found.isFetching
                ? "Searching…"
                : found.error
                  ? found.error.message
                  : foundWords(shown.length, isEnd)}
            </p>
          )}
          {isFiltered && shown.length > 0 && shown.length <= 1000 && (
            <Replay
              key={shown.length}
              triggerId={trigger.id}
              events={shown.map(({ id }) => id)}
              label={shown.length === 1 ? "Replay this event" : `Replay these ${shown.length} events`}
            />
          )}
        </div>
      )}
      <ul className="rows events" aria-label="Events, newest first">
        {shown.map((event) => (
          <EventRow key={event.id} triggerId={trigger.id} event={event} fresh={fresh.has(event.id)} />
        ))}
      </ul>
      {more.error && <Notice kind="error">{more.error.message}</Notice>}
      {!isEnd && (
        <div className="row centre">
          <Button busy={more.isPending} onClick={() => more.mutate()}>
            Show older events
          </Button>
        </div>
      )}
    </section>
  );
}

/** Further pages behind the newest events that are shown; another filter begins anew. */
function useOlderEvents(id: string, filter: EventFilter, newest: TriggerEvent[]) {
  const key = JSON.stringify(filter);
  const [pages, setPages] = useState<{ key: string; events: TriggerEvent[]; isEnd: boolean }>();
  const present = pages?.key === key ? pages : undefined;
  const known = new Set(newest.map((event) => event.id));
  const older = (present?.events ?? []).filter((event) => {
    const isNew = !known.has(event.id);
    known.add(event.id);
    return isNew;
  });
  const last = older.at(-1) ?? newest.at(-1);
  const more = useMutation({
    mutationFn: () => fetchEvents(id, filter, last?.id),
    onSuccess: (page) =>
      // With those that are new now: later ones will push them out of the newest.
      setPages({
        key,
        events: [...newest, ...(present?.events ?? []), ...page],
        isEnd: page.length < eventsKept,
      }),
  });
  return { older, isEnd: present ? present.isEnd : newest.length < eventsKept, more };
}

function EventRow({ triggerId, event, fresh }: { triggerId: string; event: TriggerEvent; fresh: boolean }) {
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
            <>
              <Viewer value={event.e} label={`Data of ${event.sum || event.id}`} root="steps.trigger.event" />
              <Replay triggerId={triggerId} events={[event.id]} label="Replay this event" />
            </>
          )}
        </div>
      </details>
    </li>
  );
}

function foundWords(count: number, isEnd: boolean): string {
  if (!isEnd) return `The newest ${count} that match are shown.`;
  return count === 0
    ? "No event matches. Try other words or a longer time."
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
