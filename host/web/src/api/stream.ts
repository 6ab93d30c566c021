import { useEffect, useSyncExternalStore } from "react";
import { eventsKept, queryClient } from "./queries";
import type { Run, Trigger, TriggerEvent } from "./types";

type StreamState = "connecting" | "live" | "lost";

let state: StreamState = "connecting";
let source: EventSource | undefined;
const watchers = new Set<() => void>();

function setState(next: StreamState): void {
  if (state === next) return;
  state = next;
  for (const watcher of watchers) watcher();
}

/** Opens the host's stream once and keeps the lists of the page up to date from it. */
export function useLiveUpdates(): void {
  useEffect(() => {
    if (source) return;
    open();
  }, []);
}

/** Whether what happens now is seen now. */
export function useStreamState(): StreamState {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}

const listeners = new Map<string, Set<(data: unknown) => void>>();

/** Calls with the data of each message of that kind. Gives what ends it. */
export function onStream<T>(kind: string, listen: (data: T) => void): () => void {
  const all = listeners.get(kind) ?? new Set();
  const call = (data: unknown): void => listen(data as T);
  all.add(call);
  listeners.set(kind, all);
  return () => all.delete(call);
}

function open(): void {
  source = new EventSource("/api/stream");
  source.addEventListener("open", () => {
    // What happened while the stream was away was not streamed.
    if (state === "lost") void queryClient.invalidateQueries();
    setState("live");
  });
  source.addEventListener("error", () => {
    setState("lost");
    // The browser gives up after an HTTP error; a host that restarts answers again in a moment.
    if (source?.readyState === EventSource.CLOSED) setTimeout(open, 3_000);
  });
  source.addEventListener("emit", (message) => {
    const { trigger_id, ...event } = JSON.parse(message.data as string) as TriggerEvent & {
      trigger_id: string;
    };
    queryClient.setQueryData<TriggerEvent[]>(["events", trigger_id], (events) =>
      events?.some((known) => known.id === event.id)
        ? events
        : events && [event, ...events].slice(0, eventsKept),
    );
    void queryClient.invalidateQueries({ queryKey: ["event-search", trigger_id] });
    void queryClient.invalidateQueries({ queryKey: ["receivers", trigger_id] });
    queryClient.setQueryData<Trigger[]>(["triggers"], (triggers) =>
      triggers?.map((trigger) =>
        trigger.id === trigger_id ? { ...trigger, event_count: (trigger.event_count ?? 0) + 1 } : trigger,
      ),
    );
  });
  source.addEventListener("run", (message) => {
    const { trigger_id, ...run } = JSON.parse(message.data as string) as Run & { trigger_id: string };
    void queryClient.invalidateQueries({ queryKey: ["runs", trigger_id] });
    if (run.status !== "running") void queryClient.invalidateQueries({ queryKey: ["triggers"] });
  });
  source.addEventListener("components", () => {
    for (const queryKey of [["component"], ["components"], ["component-problems"], ["apps"]])
      void queryClient.invalidateQueries({ queryKey });
  });
  for (const kind of ["workflow", "workflow-run", "action-run"])
    source.addEventListener(kind, (message) => {
      const data: unknown = JSON.parse((message as MessageEvent<string>).data);
      for (const listen of listeners.get(kind) ?? []) listen(data);
    });
  source.addEventListener("trigger", () => void queryClient.invalidateQueries({ queryKey: ["triggers"] }));
}
